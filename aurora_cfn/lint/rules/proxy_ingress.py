from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, PROXY, databases_behind
from aurora_cfn.lint.network import GROUP, ingress_of
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import Resource, World, step


class ProxyIngress(AuroraRule):
    """The proxy cannot reach the database.

    When no ingress rule of the database's security group names the proxy's group or an address range, the proxy's
    target stays UNAVAILABLE.
    """

    id = "W9043"
    fix = "let the proxy's security group into the database's"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-setup.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for proxy in world.resources(PROXY):
            mine = _groups(proxy, "VpcSecurityGroupIds")
            for database in databases_behind(proxy):
                field = "VpcSecurityGroupIds" if database.type == CLUSTER else "VPCSecurityGroups"
                theirs = _groups(database, field)
                if mine and theirs and not any(_lets_in(group, mine) for group in theirs):
                    yield on(proxy, f"the security groups of {database.name} do not let {proxy.name} in")


def _groups(resource: Resource, field: str) -> tuple[Resource, ...]:
    """The security groups of a resource; none when one of them is not in the template."""
    rows = resource.items(field)
    found = [resource.world.target(row) for row in rows or ()]
    return tuple(row for row in found if row and row.type == GROUP) if None not in found else ()


def _lets_in(group: Resource, clients: tuple[Resource, ...]) -> bool:
    """Whether a rule names one of the clients, an address range, or something that is not known."""
    names = {row.name for row in clients}
    for rule in ingress_of(group):
        source = step(rule.found, "SourceSecurityGroupId", group.world)
        if source.reference is None or source.reference.logical_id in names:
            return True
    return False
