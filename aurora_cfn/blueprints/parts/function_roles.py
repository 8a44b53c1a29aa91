"""The role of a Lambda function: what every function may do, and what only functions in a VPC need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, Sub
from troposphere.iam import Policy, Role

from aurora_cfn.blueprint import commented, excepted, waived
from aurora_cfn.blueprints.parts.service_role import permissions_boundary, policy_document, trust_policy


def function_role(
    name: str, purpose: str, *, log_group: str, may: Sequence[Mapping[str, Any]], in_vpc: bool
) -> AWSObject:
    """A role that writes to its log group, traces, and does what `may` says; in a VPC Lambda makes its interfaces."""
    network = [_NETWORK, _NETWORK_NOT_BY_CODE] if in_vpc else []
    statements = [_write_logs(log_group), _TRACE, *may, *network]
    last = f"Policies.0.PolicyDocument.Statement.{len(statements) - 1}"
    role = Role(
        name,
        Description=f"What this function may do: {purpose[0].lower()}{purpose[1:]}",
        AssumeRolePolicyDocument=trust_policy("lambda.amazonaws.com"),
        PermissionsBoundary=permissions_boundary(),
        Policies=[Policy(PolicyName="work", PolicyDocument=policy_document(statements))],
    )
    if in_vpc:
        commented(role, **{last: _WHY_DENIED})
    excepted(role, "any-resource", "neither X-Ray nor the network interfaces of Lambda know resources to name")
    return waived(role, _NO_RESOURCES) if in_vpc else role


def allowed(sid: str, action: Any, resource: Any) -> dict[str, Any]:
    """A statement that allows an action, or several, on a resource."""
    return {"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource}


def _write_logs(group: str) -> dict[str, Any]:
    return allowed("WriteItsLog", ["logs:CreateLogStream", "logs:PutLogEvents"], GetAtt(group, "Arn"))


# Neither X-Ray nor the network interfaces of Lambda know resources (service authorization reference, 2026-11).
_TRACE = allowed("Trace", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")
_NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
_NETWORK = allowed("LetLambdaMakeItsInterfaces", _NETWORK_ACTIONS, "*")
_WHY_DENIED = (
    "The Lambda service makes the interfaces with this role; the function's code, which has the same role, must not."
)
_NETWORK_NOT_BY_CODE: dict[str, Any] = {
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
