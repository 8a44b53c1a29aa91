"""The AWS calls for live sessions, as IAM actions: a part of the table in `permissions`."""

from __future__ import annotations

FUNCTION_CODE = ("lambda:GetFunctionConfiguration", "sqs:ListQueueTags", "sqs:ListQueues")
"""Which code functions run, and which sessions there are; these are read where the params file says `live: true`."""
DEV = (
    *FUNCTION_CODE,
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "lambda:UpdateFunctionCode",
    "s3:GetObject",
    "s3:HeadObject",
    "scheduler:CreateSchedule",
    "scheduler:DeleteSchedule",
    "scheduler:UpdateSchedule",
    "sqs:CreateQueue",
    "sqs:DeleteMessageBatch",
    "sqs:DeleteQueue",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sqs:TagQueue",
    "sts:GetCallerIdentity",
)
"""`dev` on AWS; behind the emulator it needs none of them."""
