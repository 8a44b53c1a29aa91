from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aurora_cfn.lint.databases import CLUSTER, INSTANCE
from aurora_cfn.lint.network import GROUP
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.world import World

_GROUPS: Final = {CLUSTER: "VpcSecurityGroupIds", INSTANCE: "VPCSecurityGroups"}


class GroupInDefaultVpc(AuroraRule):
    """A security group without VpcId beside a subnet group.

    EC2 creates the group in the default VPC. When the subnet group is in another VPC, RDS refuses the database: the
    group and the subnets must be in one VPC.
    """

    id = "W9062"
    fix = "give the security group the VpcId of the subnets"
    source_url = (
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html"
    )
    checked = "2026-11-28"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        reported = set()
        for database in world.resources(*_GROUPS):
            subnets = places(database, database.get(), "DBSubnetGroupName>SubnetIds[]")
            if any(world.target(row) for row in subnets):
                continue  # the VPC of the subnets is known, so it is an error of its own or right
            for found in database.items(_GROUPS[database.type]) or ():
                group = world.target(found)
                apart = group is not None and group.type == GROUP and group.get("VpcId").absent
                if group and apart and not database.get("DBSubnetGroupName").absent and group.name not in reported:
                    reported.add(group.name)
                    yield on(group, f"{group.name} has no VpcId, and {database.name} has a subnet group")
