"""Log groups with retention, and the parameter that sets it."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, Ref
from troposphere.logs import LogGroup

from aurora_cfn.blueprint import waived
from aurora_cfn.parameters import Parameter

# CloudWatch Logs accepts these days and no others (PutRetentionPolicy, 2026-11-20).
RETENTION_DAYS = tuple(map(str, (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)))


def log_retention(description: str) -> Parameter:
    """LogRetentionDays."""
    return Parameter(
        "LogRetentionDays", description, default="90", type="String", group="Observation", allowed=RETENTION_DAYS
    )


def log_group(title: str, name: Any, *, condition: str | None = None) -> AWSObject:
    """A group that keeps events for LogRetentionDays and is deleted with its stack; CloudFormation can name it."""
    given: dict[str, Any] = {"Condition": condition} if condition else {}
    own_name: dict[str, Any] = {} if name is None else {"LogGroupName": name}
    group = LogGroup(
        title,
        DeletionPolicy="Delete",
        UpdateReplacePolicy="Delete",
        **given,
        **own_name,
        RetentionInDays=Ref("LogRetentionDays"),
    )
    return waived(
        group, ("CKV_AWS_158", "CloudWatch Logs encrypts with its own key; a customer key needs a policy for it")
    )
