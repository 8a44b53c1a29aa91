from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import PROXY
from aurora_cfn.lint.network import zone_of
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World

_SUBNETS: Final = {"AWS::RDS::DBSubnetGroup": "SubnetIds", PROXY: "VpcSubnetIds"}


class SubnetGroupZones(AuroraRule):
    """A subnet group or a proxy needs subnets in two availability zones.

    Aurora keeps its storage in three zones, and RDS refuses a subnet group or a proxy that covers fewer than two.
    """

    id = "E9031"
    fix = "name subnets of at least two availability zones"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"
    )
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources(*_SUBNETS):
            name = _SUBNETS[group.type]
            rows, found = group.items(name), group.get(name)
            if rows is None or any(isinstance(row.value, list) or row.unknown for row in rows) or found.absent:
                continue
            zones = {zone_of(world, row) for row in rows}
            if len(rows) < 2:
                yield at(found, f"{group.name} has {len(rows)} subnet{'' if len(rows) == 1 else 's'}")
            elif len(zones) == 1 and None not in zones:
                yield at(found, f"all subnets of {group.name} are in one availability zone")
