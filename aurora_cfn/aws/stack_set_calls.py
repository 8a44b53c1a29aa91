"""The AWS calls of `fleet` besides uploads, as IAM actions: a part of the table in `permissions`."""

from __future__ import annotations

from collections.abc import Mapping

STACK_SETS = (
    "cloudformation:CreateStackInstances",
    "cloudformation:CreateStackSet",
    "cloudformation:DeleteStackInstances",
    "cloudformation:DeleteStackSet",
    "cloudformation:DescribeStackInstance",
    "cloudformation:DescribeStackSet",
    "cloudformation:DescribeStackSetOperation",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackInstances",
    "cloudformation:ListStackSetOperationResults",
    "cloudformation:ListStackSetOperations",
    "cloudformation:StopStackSetOperation",
    "cloudformation:UpdateStackInstances",
    "cloudformation:UpdateStackSet",
    "ssm:GetParameters",
)
IMPLIED_IN_SETS: Mapping[str, tuple[str, ...]] = {
    # The administration role is passed, and tags in the call want a permission of their own (API reference).
    "cloudformation:CreateStackSet": ("cloudformation:TagResource", "iam:PassRole"),
    "cloudformation:UpdateStackSet": ("cloudformation:TagResource", "cloudformation:UntagResource", "iam:PassRole"),
}
"""Actions that a call of StackSets needs besides its own (read 2026-11)."""
