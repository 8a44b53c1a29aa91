"""What `dev` makes and changes on AWS, in a policy: by the names of the environment's sessions, and functions by tag.

Resource types: service authorization reference of SQS, Lambda, IAM and EventBridge Scheduler, read 2026-11.
"""

from __future__ import annotations

from aurora_cfn.iam.document import Condition
from aurora_cfn.iam.scope import Scope


def queues(scope: Scope) -> str:
    """A pattern for the ARNs of the queues of sessions."""
    return scope.arn("sqs", f"{scope.sessions}-*")


def session_resources(action: str, scope: Scope) -> tuple[tuple[str, ...], Condition | None]:
    """The resources of the action with their condition; none for an action that is not of a session alone."""
    service = action.partition(":")[0]
    if service == "sqs":
        # ListQueues cannot be limited to a resource.
        return (("*",) if action == "sqs:ListQueues" else (queues(scope),)), None
    if action == "lambda:UpdateFunctionCode":
        return (scope.arn("lambda", "function:*"),), scope.stack_tag()
    if not scope.live:
        return (), None
    if service == "scheduler":
        return (scope.arn("scheduler", f"schedule/default/{scope.sessions}-*"),), None
    if service == "iam":
        # Without a boundary any policy could be written into a role that schedules call any API with.
        bounded = {"iam:PermissionsBoundary": list(scope.boundaries)}
        passed = {"iam:PassedToService": "scheduler.amazonaws.com"}
        return (scope.role(scope.sessions),), {"StringEquals": passed if action == "iam:PassRole" else bounded}
    return (), None
