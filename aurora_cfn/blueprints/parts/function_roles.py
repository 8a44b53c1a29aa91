"""The role of a Lambda function: what every function may do, and what only functions in a VPC need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from troposphere import AWSObject, Sub

from aurora_cfn.blueprint import commented, excepted, waived
from aurora_cfn.blueprints.parts.service_role import Document, allowed, role, trust_policy, writes_log


def function_role(
    name: str, purpose: str, *, log_group: str, may: Sequence[Mapping[str, Any]], in_vpc: bool
) -> AWSObject:
    """A role that writes to its log group, traces, and does what `may` says; in a VPC Lambda makes its interfaces."""
    network = [_NETWORK, _NETWORK_NOT_BY_CODE] if in_vpc else []
    statements = [writes_log(log_group, sid="WriteItsLog"), _TRACE, *may, *network]
    last = f"Policies.0.PolicyDocument.Statement.{len(statements) - 1}"
    description = f"What this function may do: {purpose[0].lower()}{purpose[1:]}"
    made = role(name, description, trust_policy("lambda.amazonaws.com"), "work", statements)
    if in_vpc:
        commented(made, **{last: _WHY_DENIED})
    excepted(made, "any-resource", "neither X-Ray nor the network interfaces of Lambda know resources to name")
    return waived(made, _NO_RESOURCES) if in_vpc else made


# Neither X-Ray nor the network interfaces of Lambda know resources (service authorization reference, 2026-11).
_TRACE = allowed(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*", sid="Trace")
_NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
_NETWORK = allowed(_NETWORK_ACTIONS, "*", sid="LetLambdaMakeItsInterfaces")
_WHY_DENIED = (
    "The Lambda service makes the interfaces with this role; the function's code, which has the same role, must not."
)
_NETWORK_NOT_BY_CODE: Document = {
    "Sid": "NotByTheCodeItself",
    "Effect": "Deny",
    "Action": _NETWORK_ACTIONS,
    "Resource": "*",
    "Condition": {
        "ArnLike": {
            "lambda:SourceFunctionArn": Sub(
                "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"
            )
        }
    },
}
_NO_RESOURCES = ("CKV_AWS_111", "the network interfaces of Lambda have no resources that a policy could name")
