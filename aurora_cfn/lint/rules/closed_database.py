from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.mentions import has_macro
from aurora_cfn.lint.network import GROUP
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import Resource, World, section
from aurora_cfn.template.mentions import mentioned

_GROUPS = {CLUSTER: "VpcSecurityGroupIds", INSTANCE: "VPCSecurityGroups"}
_INGRESS = "AWS::EC2::SecurityGroupIngress"


class ClosedDatabase(AuroraRule):
    """No rule lets a client into the security groups of the database.

    A security group without ingress rules allows no connection: clients time out without an error message. Groups that
    an output or a nested stack names may get their rules there and are not checked.
    """

    id = "W9052"
    fix = "add an AWS::EC2::SecurityGroupIngress that names the security group of the clients"
    source_url = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.RDSSecurityGroups.html"
    checked = "2026-11-21"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        reported = set()
        for database in () if has_macro(world) else world.resources(*_GROUPS):
            groups = _groups(database)
            if groups and all(_is_closed(group) for group in groups) and groups[0].name not in reported:
                reported.add(groups[0].name)
                yield on(
                    groups[0],
                    f"no ingress rule lets a client into {groups[0].name}, the security group of {database.name}",
                )


def _groups(database: Resource) -> tuple[Resource, ...]:
    """The groups of a database; none when one of them is made elsewhere or not known."""
    found = [database.world.target(row) for row in database.items(_GROUPS[database.type]) or ()]
    return tuple(row for row in found if row and row.type == GROUP) if None not in found else ()


def _is_closed(group: Resource) -> bool:
    """Whether nothing in the template, in whichever branch, opens the group or names it where it may be opened."""
    return group.written("SecurityGroupIngress") in (None, []) and not any(
        group.name in mentioned(node) for node in _openers(group.world)
    )


def _openers(world: World) -> Iterator[object]:
    """What may open a group that it names: ingress rules, outputs, nested stacks and custom resources."""
    yield section(world.template, "Outputs")
    for body in section(world.template, "Resources").values():
        kind = str(body.get("Type")) if isinstance(body, dict) else ""
        properties = body.get("Properties") if kind else None
        if kind == _INGRESS and isinstance(properties, dict):
            yield [properties.get("GroupId"), properties.get("GroupName")]
        elif kind.startswith(("AWS::CloudFormation::", "Custom::")):
            yield properties
