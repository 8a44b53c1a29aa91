"""Rules about subnets and security groups of different VPCs."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.network import GROUP, GROUPS_OF, vpc_of
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, on
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE


class OneVpc(AuroraRule):
    """Subnets and security groups of one resource are in different VPCs.

    RDS, Lambda and Client VPN refuse subnets of two VPCs, and security groups of another VPC than the subnets'. A
    security group without VpcId is in the default VPC.
    """

    id = "E9062"
    fix = "name subnets and security groups of one VPC, and give every security group its VpcId"
    page = "Overview.RDSSecurityGroups"

    def look(self, variant: Variant) -> Iterator[Problem]:
        table = read_facts("rule_tables")["members_of_a_vpc"]
        for resource in variant.resources(*table):
            paths = table[resource.type]
            members = [variant.target(row) for path in paths for row in places(resource, resource.get(), path)]
            own = resource if resource.type == "AWS::EC2::ClientVpnEndpoint" else None
            vpcs = {vpc: row for row in (*members, own) if row and (vpc := vpc_of(row))}
            # A VPC of this template is certainly another one; two ids from parameters may be the same.
            if len(vpcs) > 1 and any(variant.has_resource(vpc) for vpc in vpcs):
                where = (f"{row.name} in {vpc}" for vpc, row in vpcs.items())
                yield on(resource, f"{resource.name} is in more than one VPC: {', '.join(where)}")


class GroupInDefaultVpc(AuroraRule):
    """A security group without VpcId beside a subnet group.

    EC2 creates the group in the default VPC. When the subnet group is in another VPC, RDS refuses the database: the
    group and the subnets must be in one VPC.
    """

    id = "W9062"
    fix = "give the security group the VpcId of the subnets"
    page = "aws-resource-ec2-securitygroup"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        reported = set()
        for database in variant.resources(CLUSTER, INSTANCE):
            subnets = places(database, database.get(), "DBSubnetGroupName>SubnetIds[]")
            if any(variant.target(row) for row in subnets):
                continue  # the VPC of the subnets is known, so it is an error of its own or right
            for found in database.items(GROUPS_OF[database.type]) or ():
                group = variant.target(found)
                apart = group is not None and group.type == GROUP and group.get("VpcId").absent
                if group and apart and not database.get("DBSubnetGroupName").absent and group.name not in reported:
                    reported.add(group.name)
                    yield on(group, f"{group.name} has no VpcId, and {database.name} has a subnet group")
