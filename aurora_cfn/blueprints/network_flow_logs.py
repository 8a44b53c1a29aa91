"""A record of what went over a network, kept for some days."""

from __future__ import annotations

from troposphere import AWSObject, GetAtt, Ref, Sub, Tags
from troposphere.ec2 import FlowLog
from troposphere.iam import Policy, Role

from aurora_cfn.blueprints.parts.log_groups import log_group

_GROUP = "FlowLogGroup"
_CONDITION = "HasFlowLogs"


def flow_log_resources() -> list[AWSObject]:
    """The log of the VPC, its group, and the role that writes it."""
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
            MaxAggregationInterval=600,
            Tags=Tags(Name=Sub("${AWS::StackName}")),
        ),
    ]


def _role() -> Role:
    return Role(
        "FlowLogRole",
        Condition=_CONDITION,
        Description="Lets VPC flow logs write to their own log group",
        AssumeRolePolicyDocument={
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": Ref("AWS::AccountId")}},
                }
            ],
        },
        Policies=[
            Policy(
                PolicyName="write-flow-logs",
                PolicyDocument={
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                            "Resource": GetAtt(_GROUP, "Arn"),
                        }
                    ],
                },
            )
        ],
    )
