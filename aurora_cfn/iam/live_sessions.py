"""What `dev` makes and changes on AWS, in a policy: by the beginning of its names, and functions by their stack's tag.

Resource types: service authorization reference of SQS, Lambda, IAM and EventBridge Scheduler, read 2026-11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_cfn.iam.document import Condition
from aurora_cfn.model.live_session import PREFIX

if TYPE_CHECKING:
    from aurora_cfn.iam.scope import Scope

NAMES = f"{PREFIX}-*"


def session_resources(action: str, scope: Scope) -> tuple[tuple[str, ...], Condition | None]:
    """The resources of the action with their condition; none for an action that is not of a session alone."""
    service = action.partition(":")[0]
    if service == "sqs":
        # ListQueues cannot be limited to a resource.
        return (("*",) if action == "sqs:ListQueues" else (scope.arn("sqs", NAMES),)), None
    if action == "lambda:UpdateFunctionCode":
        return (scope.arn("lambda", "function:*"),), scope.stack_tag()
    if not scope.live:
        return (), None
    if service == "scheduler":
        return (scope.arn("scheduler", f"schedule/default/{NAMES}"),), None
    if service == "iam":
        passed = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
        return (scope.role(NAMES),), passed if action == "iam:PassRole" else None
    return (), None
