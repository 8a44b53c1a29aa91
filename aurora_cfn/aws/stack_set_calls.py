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
    # Tags in the call want a permission of their own (API reference).
    "cloudformation:CreateStackSet": ("cloudformation:TagResource",),
    "cloudformation:UpdateStackSet": ("cloudformation:TagResource", "cloudformation:UntagResource"),
}
"""Actions that a call of StackSets needs besides its own (read 2026-11)."""
