"""Requests that do not fit the state of their stack, that name no stack, or that repeat an earlier one.

ministack 1.5.33 makes and executes change sets while an operation of the stack runs, creates a stack in place of
one that was rolled back, does not know a retry by its token, and lets an operation continue whose stack is deleted,
which puts the stack back when it ends.
Sources: CloudFormation API reference, CreateStack (ClientRequestToken), CreateChangeSet, DeleteStack; the words for a
name without a stack differ from action to action and are those that the AWS CLI shows; read 2026-11.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import Any

from ministack.services.cloudformation import _stacks, helpers, stacks

from aurora_cfn.local.cloudformation.records import answered, change_set_of, stack_by_arn, stack_of
from aurora_cfn.local.replacing import Inner, everywhere, replace, replace_actions

ONLY_DELETED = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})
"""States after which a stack can only be deleted."""
CREATES, WAITING = "CREATE_IN_PROGRESS", "REVIEW_IN_PROGRESS"
DELETABLE = frozenset({CREATES, WAITING, "DELETE_IN_PROGRESS"})
GONE = frozenset({
    "DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED",
    "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", "CREATE_FAILED",
})  # fmt: skip
"""States in which a stack takes no resource that is still being created for it."""
CHANGE_SET_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}|arn:.*")
BAD_NAME = (
    "1 validation error detected: Value '{}' at 'changeSetName' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
)
TOKEN = "_create_token"
NO_STACK = re.compile(rb"Stack \[([^\]]*)\] does not exist")
WITH_ID = rb"Stack with id \1 does not exist"
MISSING = {
    "DescribeStackResources": WITH_ID, "ListStackResources": WITH_ID, "GetTemplate": WITH_ID,
    "GetTemplateSummary": WITH_ID, "DescribeStackResource": rb"Stack '\1' does not exist",
}  # fmt: skip
NO_RESOURCE = re.compile(rb"Resource \[([^\]]*)\] does not exist in stack \[([^\]]*)\]")
_running: dict[str, asyncio.Task[Any]] = {}
"""The task of each stack that is created or updated, by ARN."""


def install() -> None:
    """Replace the actions that create, change and delete stacks, and those that name one."""
    replace_actions({
        "CreateStack": _once, "CreateChangeSet": _of_a_stack_at_rest, "ExecuteChangeSet": _of_a_stack_at_rest,
        "DescribeChangeSet": _of_a_stack, "ListChangeSets": _of_a_stack, "DeleteStack": _alone,
        **{name: partial(_in_words, words) for name, words in MISSING.items()},
    })  # fmt: skip
    everywhere("_deploy_stack_async", _remembered)
    replace(stacks, "_provision_resource", _undone)


def _once(inner: Inner, parameters: Any) -> Any:
    token, stack = helpers._p(parameters, "ClientRequestToken"), stack_of(parameters)
    if stack is not None and stack["StackStatus"] != "DELETE_COMPLETE":
        if token and token == stack.get(TOKEN):
            return answered("CreateStack", {"StackId": stack["StackId"]})
        return helpers._error("AlreadyExistsException", f"Stack [{stack['StackName']}] already exists")
    answer = inner(parameters)
    made = stack_of(parameters)
    if answer[0] < 400 and made is not None and token:
        made[TOKEN] = token
    return answer


def _of_a_stack_at_rest(inner: Inner, parameters: Any) -> Any:
    kind, name = helpers._p(parameters, "ChangeSetType", "UPDATE"), helpers._p(parameters, "ChangeSetName")
    if not CHANGE_SET_NAME.fullmatch(name):
        return helpers._error("ValidationError", BAD_NAME.format(name))
    made = change_set_of(parameters) or {}
    stack = stack_of(parameters) or stack_by_arn(made.get("StackId", ""))
    if stack is None or stack["StackStatus"] == "DELETE_COMPLETE":
        return inner(parameters)
    first = bool({kind, made.get("ChangeSetType")} & {"CREATE", "IMPORT"})
    refusal = state_refusal(stack, name, creates=kind == "CREATE", first=first)
    return helpers._error("ValidationError", refusal) if refusal else inner(parameters)


def state_refusal(stack: dict[str, Any], name: str, *, creates: bool, first: bool) -> str | None:
    """Why a change set cannot be made or executed in the stack's state, or None; `first`: it makes the stack."""
    status = str(stack["StackStatus"])
    if creates and status in ONLY_DELETED:
        return f"Stack [{stack['StackName']}] already exists and cannot be created again with the changeSet [{name}]."
    waits_for_another = status == WAITING and not first
    in_progress = status.endswith("_IN_PROGRESS") and status != WAITING
    if status in ONLY_DELETED or in_progress or waits_for_another:
        return f"Stack:{stack['StackId']} is in {status} state and can not be updated."
    return None


def _of_a_stack(inner: Inner, parameters: Any) -> Any:
    name = helpers._p(parameters, "StackName")
    if name and not name.startswith("arn:") and stack_of(parameters) is None:
        return helpers._error("ValidationError", f"Stack [{name}] does not exist")
    return inner(parameters)


def _in_words(words: bytes, inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    if status >= 400:
        body = NO_RESOURCE.sub(rb"Resource \1 does not exist for stack \2", NO_STACK.sub(words, body))
    return status, headers, body


def _alone(inner: Inner, parameters: Any) -> Any:
    stack = stack_of(parameters) or {}
    status, arn = str(stack.get("StackStatus", "")), str(stack.get("StackId", ""))
    if status.endswith("_IN_PROGRESS") and status not in DELETABLE:
        return helpers._error("ValidationError", f"Stack [{arn}] cannot be deleted while in status {status}")
    answer = inner(parameters)
    task = _running.get(arn)
    # Else the creation would continue, and put the stack back when it ends.
    if answer[0] < 400 and status == CREATES and task is not None:
        task.cancel()
    return answer


async def _remembered(inner: Inner, stack_name: str, stack_id: str, *more: Any, **named: Any) -> Any:
    task = asyncio.current_task()
    if task is not None:
        _running[stack_id] = task
    try:
        return await inner(stack_name, stack_id, *more, **named)
    finally:
        _running.pop(stack_id, None)


def _undone(inner: Inner, kind: str, logical: str, properties: Any, stack: str, *more: Any) -> Any:
    physical, attributes = inner(kind, logical, properties, stack, *more)
    # Its thread cannot be stopped: what it made for a stack that was deleted or timed out meanwhile is deleted too.
    if (_stacks.get(stack) or {}).get("StackStatus") in GONE:
        stacks._delete_resource(kind, physical, properties, stack, logical)
    return physical, attributes
