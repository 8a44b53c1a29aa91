from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.network import EVERYWHERE, GROUP, ingress_of
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import Resource, World


class PublicDatabase(AuroraRule):
    """The database can be reached from the internet.

    A public address, or a security group open to every address on the database's port, lets the whole internet try
    passwords. Security Hub RDS.2, checkov CKV_AWS_17.
    """

    id = "W9030"
    fix = "set PubliclyAccessible to false and name client security groups instead of address ranges"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for resource in (*world.resources(CLUSTER), *world.resources(INSTANCE)):
            found = resource.get("PubliclyAccessible")
            if found.flag is True:
                yield at(found, f"{resource.name} has a public address", "set PubliclyAccessible to false")
            port = resource.get("Port")
            for row in (*(resource.items("VpcSecurityGroupIds") or ()), *(resource.items("VPCSecurityGroups") or ())):
                group = world.target(row)
                if group and group.type == GROUP:
                    yield from _open(group, resource, port)


def _open(group: Resource, database: Resource, port: Found) -> Iterator[Problem]:
    # Without Port the defaults of MySQL and PostgreSQL.
    ports = {int(port.number)} if port.number else {3306, 5432}
    for rule in ingress_of(group):
        source = rule.source()
        named = rule.port_of() == database.name or (rule.written_port() == database.written("Port") is not None)
        if source.text in EVERYWHERE and (named or any(rule.opens(number) for number in ports)):
            message = f"{group.name} lets every address reach the database"
            yield at(source, message, "name the security group of the clients in place of the address range")
