"""The role of a Lambda function: what every function may do, and what only those in a VPC need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from troposphere import AWSObject, GetAtt, Sub
from troposphere.iam import Policy, Role

from aurora_cfn.blueprint import excepted, waived


def function_role(
    name: str, purpose: str, *, log_group: str, may: Sequence[Mapping[str, Any]], in_vpc: bool
) -> AWSObject:
    """A role that writes to its log group, traces, and does what `may` says; in a VPC Lambda makes its interfaces."""
    network = [_NETWORK, _NETWORK_NOT_BY_CODE] if in_vpc else []
    statements = [_write_logs(log_group), _TRACE, *may, *network]
    role = Role(
        name,
        Description=f"What this function may do: {purpose[0].lower()}{purpose[1:]}",
        AssumeRolePolicyDocument=assumed_by("lambda.amazonaws.com"),
        Policies=[Policy(PolicyName="work", PolicyDocument={"Version": "2012-10-17", "Statement": statements})],
    )
    excepted(role, "any-resource", "neither X-Ray nor the network interfaces of Lambda know resources to name")
    return waived(role, _NO_RESOURCES) if in_vpc else role


def assumed_by(service: str) -> dict[str, Any]:
    """A trust policy for one service."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _write_logs(group: str) -> dict[str, Any]:
    return {
        "Sid": "WriteItsLog",
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": GetAtt(group, "Arn"),
    }


# Neither X-Ray nor the network interfaces of Lambda know resources (service authorization reference, 2026-11).
_TRACE: dict[str, Any] = {
    "Sid": "Trace",
    "Effect": "Allow",
    "Action": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    "Resource": "*",
}
_NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
_NETWORK: dict[str, Any] = {
    "Sid": "LetLambdaMakeItsInterfaces",
    "Effect": "Allow",
    "Action": _NETWORK_ACTIONS,
    "Resource": "*",
}
_NETWORK_NOT_BY_CODE: dict[str, Any] = {
    # The service makes the interfaces; the code that runs under the same role must not.
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
