"""A VPC's default security group without rules: a function removes them, as no CloudFormation resource can."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from troposphere import AWSObject, GetAtt, Ref, Sub
from troposphere.awslambda import Code, Function, LoggingConfig
from troposphere.cloudformation import AWSCustomObject
from troposphere.iam import Role

from aurora_cfn.blueprint import commented, waived
from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.parts.service_role import allowed, role, trust_policy, writes_log

_CONDITION = "ClosesDefaultGroup"

SOURCE: Final = '''\
import json
import urllib.request


def rules(group):
    """The two rules that AWS gives every default group: members among each other, and everything out."""
    return {
        "ingress": {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]},
        "egress": {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    }


def close(ec2, group):
    for direction, rule in rules(group).items():
        revoke = getattr(ec2, "revoke_security_group_" + direction)
        try:
            revoke(GroupId=group, IpPermissions=[rule])
        except ec2.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "InvalidPermission.NotFound":
                raise


def answer(event, status, reason):
    body = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    group = event["ResourceProperties"]["SecurityGroupId"]
    body.update(Status=status, Reason=reason, PhysicalResourceId=group + "-closed")
    return json.dumps(body).encode()


def put(url, body):
    request = urllib.request.Request(url, data=body, method="PUT", headers={"Content-Type": ""})
    urllib.request.urlopen(request, timeout=20).close()


def handler(event, context, client=None, send=put):
    """Close on create and update; a delete leaves it closed, it goes with its VPC."""
    status, reason = "SUCCESS", "closed"
    try:
        if event["RequestType"] != "Delete":
            if client is None:
                import boto3
                client = boto3.client("ec2")
            close(client, event["ResourceProperties"]["SecurityGroupId"])
    except Exception as error:
        status, reason = "FAILED", type(error).__name__ + ": " + str(error)
    print(json.dumps({"request": event["RequestType"], "status": status, "reason": reason}))
    send(event["ResponseURL"], answer(event, status, reason))
'''
"""What the function runs: 4096 characters at most, standard library and the boto3 of Lambda's Python only."""


class ClosedDefaultGroup(AWSCustomObject):  # type: ignore[misc] # troposphere has no types
    """The custom resource."""

    resource_type = "Custom::ClosedDefaultGroup"
    props: ClassVar[dict[str, Any]] = {
        "ServiceToken": (str, True),
        "ServiceTimeout": (int, False),
        "SecurityGroupId": (str, True),
    }


def default_group_resources() -> list[AWSObject]:
    """The function with its log group and role, and the custom resource that calls it."""
    return [
        log_group("CloseDefaultGroupLogGroup", None, condition=_CONDITION),
        _role(),
        _function(),
        commented(
            ClosedDefaultGroup(
                "ClosedDefaultGroup",
                Condition=_CONDITION,
                ServiceToken=GetAtt("CloseDefaultGroupFunction", "Arn"),
                ServiceTimeout=120,
                SecurityGroupId=GetAtt("VPC", "DefaultSecurityGroup"),
            ),
            "CloudFormation itself cannot remove the rules of a default security group.",
        ),
    ]


def _function() -> AWSObject:
    function = Function(
        "CloseDefaultGroupFunction",
        Condition=_CONDITION,
        Description="Takes the rules away that AWS gives the default security group of the VPC",
        Runtime="python3.13",
        Handler="index.handler",
        Code=Code(ZipFile=SOURCE),
        Timeout=60,
        MemorySize=128,
        Role=GetAtt("CloseDefaultGroupRole", "Arn"),
        LoggingConfig=LoggingConfig(LogGroup=Ref("CloseDefaultGroupLogGroup")),
    )
    return waived(
        function,
        ("CKV_AWS_115", "it runs once a deployment; a reservation would take from everything else in the account"),
        ("CKV_AWS_116", "CloudFormation waits for its answer and sees a failure: a dead letter would say no more"),
        ("CKV_AWS_117", "it calls the EC2 API and nothing in the VPC, which may have no route to that API"),
    )


def _role() -> Role:
    group = Sub(
        "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:security-group/${Group}",
        Group=GetAtt("VPC", "DefaultSecurityGroup"),
    )
    return role(
        "CloseDefaultGroupRole",
        "Lets one function take rules from one security group",
        trust_policy("lambda.amazonaws.com"),
        "close-default-group",
        [
            allowed(["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"], group),
            writes_log("CloseDefaultGroupLogGroup"),
        ],
        Condition=_CONDITION,
    )
