from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts import read_facts
from aurora_cfn.lint.iam import ROLE, managed_policies, own_statements
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import Resource, World


class LambdaNetworkRole(AuroraRule):
    """A function in a VPC whose role may not create network interfaces.

    Lambda refuses the function: its execution role does not have permissions to call CreateNetworkInterface on EC2.
    Roles with a managed policy that is not known here are not checked.
    """

    id = "E9067"
    fix = "add the managed policy service-role/AWSLambdaVPCAccessExecutionRole to the role"
    source_url = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for function in world.resources("AWS::Lambda::Function", "AWS::Serverless::Function"):
            role = world.target(function.get("Role"))
            if role and role.type == ROLE and function.get("VpcConfig", "SubnetIds").given and _lacks(role):
                yield at(function.get("Role"), f"{role.name} does not allow ec2:CreateNetworkInterface")


def _lacks(role: Resource) -> bool:
    """Whether neither the policies of the role nor the managed ones that it names allow network interfaces."""
    managed, rows = managed_policies(role), own_statements(role)
    without = frozenset(read_facts("rule_tables")["without_network_interfaces"])
    if managed is None or rows is None or not managed <= without:
        return False
    return not any(row.allows("ec2:CreateNetworkInterface") for row in rows)
