"""The AWS calls for live sessions, as IAM actions: a part of the table in `permissions`."""

from __future__ import annotations

from collections.abc import Collection

FUNCTION_CODE = ("lambda:GetFunctionConfiguration", "sqs:ListQueueTags", "sqs:ListQueues")
"""Which code functions run, and which sessions there are; these are read where the params file says `live: true`."""
END_SESSION = ("lambda:UpdateFunctionCode", "scheduler:DeleteSchedule", "sqs:DeleteQueue")
"""What ends a session and puts the deployed code back."""
DEV = (
    *FUNCTION_CODE,
    *END_SESSION,
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcEndpoints",
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "s3:GetObject",
    "s3:HeadObject",
    "scheduler:CreateSchedule",
    "scheduler:UpdateSchedule",
    "sqs:CreateQueue",
    "sqs:DeleteMessageBatch",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
    "sqs:TagQueue",
    "sts:GetCallerIdentity",
)
"""`dev` on AWS; behind the emulator it needs none of them."""


def unused_beside_sessions(actions: Collection[str]) -> set[str]:
    """Those of a command's actions that only end a session of `dev`.

    The policy of a command that deploys has none of them: on a terminal it offers to end a session, which the policy
    of `dev` allows.
    """
    if "sqs:CreateQueue" in actions:
        return set()
    # The end of a branch is a schedule too.
    own = {"scheduler:DeleteSchedule"} if "scheduler:CreateSchedule" in actions else set()
    return set(END_SESSION) - own
