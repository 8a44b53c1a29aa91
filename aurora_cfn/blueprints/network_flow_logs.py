"""VPC flow logs: a record of the connections in a network, kept for LogRetentionDays."""

from __future__ import annotations

from troposphere import AWSObject, GetAtt, Ref, Sub, Tags
from troposphere.ec2 import FlowLog
from troposphere.iam import Role

from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.parts.service_role import allowed, role, trust_policy

_GROUP = "FlowLogGroup"
_CONDITION = "HasFlowLogs"


def flow_log_resources() -> list[AWSObject]:
    """The log group, the role that writes to it, and the flow log."""
    return [
        log_group(_GROUP, Sub("/aws/vpc/${AWS::StackName}"), condition=_CONDITION),
        _role(),
        FlowLog(
            "FlowLog",
            Condition=_CONDITION,
            ResourceId=Ref("VPC"),
            ResourceType="VPC",
            TrafficType=Ref("FlowLogs"),
            LogDestinationType="cloud-watch-logs",
            LogDestination=GetAtt(_GROUP, "Arn"),
            DeliverLogsPermissionArn=GetAtt("FlowLogRole", "Arn"),
            MaxAggregationInterval=600,  # seconds; 60, the other choice, makes ten times the records
            Tags=Tags(Name=Ref("AWS::StackName")),
        ),
    ]


def _role() -> Role:
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return role(
        "FlowLogRole",
        "Lets VPC flow logs write to their own log group",
        trust_policy("vpc-flow-logs.amazonaws.com"),
        "write-flow-logs",
        [allowed(actions, GetAtt(_GROUP, "Arn"))],
        Condition=_CONDITION,
    )
