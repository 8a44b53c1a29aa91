"""What deletes branches of databases at their end: a group of schedules, and the role that the schedules assume.

`aurora-cfn branch create --expires` puts a schedule into the group. It calls DeleteStack itself, so nothing runs while
no branch ends, and no machine of the user's has to be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from troposphere import AWSObject, GetAtt, Output, Ref, Sub
from troposphere.scheduler import ScheduleGroup

from aurora_cfn.blueprint import blueprint_of, commented, excepted, exported
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP, Document, allowed, role, trust_policy

BRANCH: Final = "*-branch-*"
"""The names of the stacks of branches, and of what they make."""
_THROUGH: Final = {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}}
# The delete handlers of the types in the templates aurora-serverless-*, without enhanced monitoring, which branches do
# not have (handler permissions of the resource schemas, 2026-10-20).
RDS: Final = (
    "rds:DeleteDBCluster",
    "rds:DeleteDBClusterParameterGroup",
    "rds:DeleteDBInstance",
    "rds:DeleteDBSubnetGroup",
)
GROUPS: Final = ("ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress")
LOGS: Final = ("logs:DeleteDataProtectionPolicy", "logs:DeleteLogGroup")
READS: Final = (
    "ec2:DescribeInstances",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "logs:DescribeLogGroups",
    "rds:DescribeDBClusters",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeGlobalClusters",
    "rds:ListTagsForResource",
)

PARAMETERS = (BOUNDARY_GROUP,)


def resources() -> Sequence[AWSObject]:
    """The group of schedules and the role."""
    return [ScheduleGroup("ScheduleGroup", Name=Ref("AWS::StackName")), _role()]


def outputs() -> Sequence[Output]:
    """What `aurora-cfn branch` reads."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("ScheduleGroupName", "Group of the schedules that delete branches", Ref("ScheduleGroup")),
        exported("RoleArn", "Role that the schedules assume", GetAtt("Role", "Arn")),
    ]


def _role() -> AWSObject:
    trust = trust_policy("scheduler.amazonaws.com")
    source = "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/${AWS::StackName}"
    trust["Statement"][0]["Condition"]["StringEquals"]["aws:SourceArn"] = Sub(source)
    description = "Lets schedules delete the stacks of database branches, and nothing else"
    made = role("Role", description, trust, "delete-branches", _permissions())
    commented(
        made,
        "CloudFormation deletes the resources of a branch with the rights of its caller, so this role has them too, but"
        " through CloudFormation only.",
        AssumeRolePolicyDocument="For schedules of this group: EventBridge Scheduler sends its ARN as aws:SourceArn.",
    )
    return excepted(made, "any-resource", "actions that list and describe know no resources")


def _permissions() -> list[Document]:
    groups = {"StringLike": {"aws:ResourceTag/aws:cloudformation:stack-name": BRANCH}}
    rds = [_arn("rds", f"{kind}:{BRANCH}") for kind in ("cluster", "cluster-pg", "db", "subgrp")]
    stacks = {"StringEquals": {"aws:ResourceTag/aurora-cfn:copy": "branch"}}
    return [
        allowed(["cloudformation:DeleteStack"], [_arn("cloudformation", f"stack/{BRANCH}/*")], stacks),
        allowed(list(RDS), rds, _THROUGH),
        allowed(list(GROUPS), [_arn("ec2", "security-group/*")], groups | _THROUGH),
        allowed(list(LOGS), [_arn("logs", f"log-group:/aws/rds/cluster/{BRANCH}")], _THROUGH),
        allowed(list(READS), ["*"], _THROUGH),
    ]


def _arn(service: str, rest: str) -> Sub:
    return Sub(f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{rest}")


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="branch-janitor",
    description="Deletes branches of databases at their end, with schedules of EventBridge",
    resources=resources,
    outputs=outputs,
)
