from __future__ import annotations

import json
from collections.abc import Iterator

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class SubnetGroupZones(AuroraRule):
    """A subnet group needs subnets in two availability zones.

    Aurora keeps its storage in three zones and RDS refuses a subnet group that covers fewer than two.
    """

    id = "E9031"
    fix = "name subnets of at least two availability zones"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"
    )
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBSubnetGroup"):
            rows, found = group.items("SubnetIds"), group.get("SubnetIds")
            if rows is None or any(isinstance(row.value, list) or row.unknown for row in rows) or found.absent:
                continue
            zones = {_zone(world, row) for row in rows}
            if len(rows) < 2:
                yield at(found, f"{group.name} has {len(rows)} subnet{'' if len(rows) == 1 else 's'}")
            elif len(zones) == 1 and None not in zones:
                yield at(found, f"all subnets of {group.name} are in one availability zone")


def _zone(world: World, subnet: Found) -> str | None:
    """The zone of a subnet of this template as it is written, None when that is not there."""
    resource = world.target(subnet)
    if resource is None or resource.get("AvailabilityZone").absent:
        return None
    return resource.get("AvailabilityZone").text or json.dumps(resource.written("AvailabilityZone"), default=str)
