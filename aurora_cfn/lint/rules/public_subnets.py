from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class PublicSubnets(AuroraRule):
    """The subnet group of a database has public subnets.

    Subnets with a route to an internet gateway are for load balancers, not for databases. Security Hub RDS.46.
    """

    id = "W9031"
    fix = "put the subnet group into subnets without a route to an internet gateway"
    source_url = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        public = frozenset(_public_subnets(world))
        for group in world.resources("AWS::RDS::DBSubnetGroup"):
            for row in group.items("SubnetIds") or ():
                if row.reference and row.reference.logical_id in public:
                    yield at(row, f"{row.reference.logical_id} has a route to the internet")


def _public_subnets(world: World) -> Iterator[str]:
    gateways = {row.name for row in world.resources("AWS::EC2::InternetGateway")}
    tables = set()
    for route in world.resources("AWS::EC2::Route"):
        gateway, table = route.get("GatewayId").reference, route.get("RouteTableId").reference
        if gateway and table and gateway.logical_id in gateways:
            tables.add(table.logical_id)
    for row in world.resources("AWS::EC2::SubnetRouteTableAssociation"):
        table, subnet = row.get("RouteTableId").reference, row.get("SubnetId").reference
        if table and subnet and table.logical_id in tables:
            yield subnet.logical_id
