"""One stack instance is created, updated or deleted: as a stack of ministack, in its own account and region."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from html import unescape
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services.cloudformation import _stack_events, _stacks, handlers, helpers

from aurora_cfn.local.cloudformation.records import Record
from aurora_cfn.local.query import ServiceError, call
from aurora_cfn.local.replacing import replace
from aurora_cfn.local.server.operations import is_in_progress
from aurora_cfn.local.stack_sets.records import pairs

LOOK_EVERY = 0.05
"""Seconds between two looks at a stack."""
_within: ContextVar[bool] = ContextVar("within_stack_set", default=False)


class InstanceError(Exception):
    """The stack failed, or was refused; the reason in CloudFormation's words."""


def install() -> None:
    """Let the template of a StackSet be longer than a call takes: CloudFormation has read it from its bucket."""
    replace(helpers, "_template_body_problem", lambda inner, body: None if _within.get() else inner(body))


async def deploy(row: Record, instance: Record) -> None:
    """Bring the stack to the StackSet's template and values. Raises InstanceError."""
    stack = _stack(instance)
    if stack is not None and stack["StackStatus"] in {"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"}:
        await delete(instance)
        stack = None
    action = "UpdateStack" if stack is not None else "CreateStack"
    if stack is None:
        instance["_Name"] = f"StackSet-{row['StackSetName']}-{new_uuid()}"
    _call(action, _request(row, instance))
    found = await _ended(instance)
    instance["StackId"] = found["StackId"] if found else None
    if found is None or found["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise InstanceError(_cause(found))


async def delete(instance: Record) -> None:
    """Delete the stack. Raises InstanceError."""
    if _stack(instance) is None:
        return
    _call("DeleteStack", {"StackName": instance["_Name"]})
    # The deletion begins in a task of its own.
    await asyncio.sleep(LOOK_EVERY)
    found = await _ended(instance)
    if found is not None and found["StackStatus"] != "DELETE_COMPLETE":
        raise InstanceError(_cause(found))


def _stack(instance: Record) -> Record | None:
    found: Record | None = _stacks.get(instance.get("_Name") or "")
    return None if found is None or found["StackStatus"] == "DELETE_COMPLETE" else found


def _request(row: Record, instance: Record) -> dict[str, Any]:
    return {
        "StackName": instance["_Name"], "TemplateBody": row["TemplateBody"], "Capabilities": row["Capabilities"],
        "Parameters": pairs({**row["_Parameters"], **instance["_Overrides"]}), "Tags": pairs(row["_Tags"], "Tag"),
    }  # fmt: skip


def _call(action: str, parameters: dict[str, Any]) -> None:
    token = _within.set(True)
    try:
        call("CloudFormation", handlers._ACTION_HANDLERS[action], parameters)
    except ServiceError as error:
        if "No updates are to be performed" not in error.message:
            raise InstanceError(unescape(error.message)) from error
    finally:
        _within.reset(token)


async def _ended(instance: Record) -> Record | None:
    while (found := _stack(instance)) is not None and is_in_progress(found):
        await asyncio.sleep(LOOK_EVERY)
    return found


def _cause(stack: Record | None) -> str:
    """The first failure, in the form in which StackSets reports it."""
    events = _stack_events.get(stack["StackId"] if stack else "") or []
    failed = [event for event in events if str(event["ResourceStatus"]).endswith("_FAILED")]
    for event in sorted(failed, key=lambda row: str(row.get("Timestamp", ""))):
        reason = event.get("ResourceStatusReason", "")
        names = f"ResourceLogicalId:{event['LogicalResourceId']}, ResourceType:{event['ResourceType']}"
        return f"{names}, ResourceStatusReason:{reason}."
    return str(stack["StackStatus"]) if stack else "the stack does not exist"
