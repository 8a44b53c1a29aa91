from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.network import network
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class SmallSubnets(AuroraRule):
    """Subnets of a database with few addresses.

    A /28 has 11 usable addresses for instances, proxies, functions and endpoints together; when they are used up RDS
    answers InsufficientAvailableIPsInSubnetFault.
    """

    id = "I9048"
    fix = "use /26 or larger, or count the addresses that are needed"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"
    )
    checked = "2026-11-20"
    every_world = False

    def look(self, world: World) -> Iterator[Problem]:
        for group in world.resources("AWS::RDS::DBSubnetGroup"):
            for row in group.items("SubnetIds") or ():
                subnet = world.target(row)
                found = subnet.get("CidrBlock") if subnet else None
                addresses = network(found) if found else None
                if found and addresses and addresses.prefixlen >= 27:
                    yield at(found, f"{found.text} has {addresses.num_addresses - 5} usable addresses")
