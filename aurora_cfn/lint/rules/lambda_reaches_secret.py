from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.iam import ROLE, role_statements
from aurora_cfn.lint.network import SUBNET, reaches_secrets
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class LambdaReachesSecret(AuroraRule):
    """A function in private subnets cannot reach Secrets Manager.

    A Lambda function in subnets without a NAT gateway reaches Secrets Manager only through an interface endpoint with
    private DNS.
    """

    id = "W9048"
    fix = (
        "add an AWS::EC2::VPCEndpoint of Interface type for secretsmanager with PrivateDnsEnabled true, or a "
        "NAT gateway"
    )
    source_url = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html"
    checked = "2026-11-20"

    def look(self, world: World) -> Iterator[Problem]:
        # One such path in the template is enough: which subnets it serves is not followed.
        if any(reaches_secrets(row) for row in world.resources("AWS::EC2::VPCEndpoint", "AWS::EC2::NatGateway")):
            return
        for function in world.resources("AWS::Lambda::Function", "AWS::Serverless::Function"):
            subnets = [world.target(row) for row in function.items("VpcConfig", "SubnetIds") or ()]
            role = world.target(function.get("Role"))
            rows = role_statements(role) if role and role.type == ROLE else None
            reads = any(row.actions is not None and row.allows("secretsmanager:GetSecretValue") for row in rows or ())
            if reads and subnets and all(subnet and subnet.type == SUBNET for subnet in subnets):
                yield at(function.get("VpcConfig"), f"{function.name} reads a secret that it cannot reach")
