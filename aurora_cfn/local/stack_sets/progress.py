"""An operation goes through regions and accounts: in order, with tolerance and concurrency, until it is stopped.

Rules: CloudFormation API reference, StackSetOperationPreferences (read 2026-11). The tolerance counts in each region,
and no later region is begun once it is exceeded in one. An instance is a stack of ministack in its own account and
region.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from html import unescape
from typing import Any

from ministack.core.responses import new_uuid, now_iso, request_scope
from ministack.services.cloudformation import _stack_events, _stacks, handlers, helpers

from aurora_cfn.local.cloudformation.records import Record
from aurora_cfn.local.query import ServiceError, call
from aurora_cfn.local.replacing import replace
from aurora_cfn.local.server.unfinished import is_in_progress
from aurora_cfn.local.stack_sets.records import RUNNING, pairs

LOOK_EVERY = 0.05
"""Seconds between two looks at a stack."""
_within: ContextVar[bool] = ContextVar("within_stack_set", default=False)


class InstanceError(Exception):
    """The stack failed, or was refused; the reason in CloudFormation's words."""


def install() -> None:
    """Let the template of a StackSet be longer than a call takes: CloudFormation has read it from its bucket."""
    replace(helpers, "_template_body_problem", lambda inner, body: None if _within.get() else inner(body))


async def run(row: Record, operation: Record) -> None:
    """Do the whole operation once those before it have ended."""
    before = row["Operations"][: row["Operations"].index(operation)]
    while any(other["Status"] in RUNNING for other in before):
        await asyncio.sleep(LOOK_EVERY)
    if operation["Status"] == "QUEUED":
        operation["Status"] = "RUNNING"
    regions = _regions(operation)
    if operation["_Parallel"]:
        await asyncio.gather(*(_region(row, operation, region) for region in regions))
    else:
        for region in regions:
            await _region(row, operation, region)
    _end(operation)


def _regions(operation: Record) -> list[str]:
    there = list(dict.fromkeys(result["Region"] for result in operation["_Results"].values()))
    order = [region for region in operation["_Order"] if region in there]
    return [*order, *(region for region in there if region not in order)]


async def _region(row: Record, operation: Record, region: str) -> None:
    results = [result for result in operation["_Results"].values() if result["Region"] == region]
    tolerate = count_of(operation["_Tolerate"], len(results))
    most = max(1, count_of(operation["_Concurrency"], len(results)))
    # In strict mode no more accounts are worked on than may fail, plus one.
    places = asyncio.Semaphore(most if operation["_Soft"] else min(most, tolerate + 1))
    failures: list[Record] = []

    async def one(result: Record) -> None:
        async with places:
            if operation["Status"] == "STOPPING" or operation["_Exceeded"] or len(failures) > tolerate:
                result |= {"Status": "CANCELLED", "StatusReason": "Cancelled since failure tolerance has exceeded"}
                return
            await _instance(row, operation, result)
            if result["Status"] == "FAILED":
                failures.append(result)

    await asyncio.gather(*(one(result) for result in results))
    operation["_Exceeded"] = operation["_Exceeded"] or len(failures) > tolerate


async def _instance(row: Record, operation: Record, result: Record) -> None:
    account, region = result["Account"], result["Region"]
    key, gone = f"{account}/{region}", operation["Action"] == "DELETE"
    instance: Record = row["Instances"][key]
    result["Status"] = "RUNNING"
    instance["StackInstanceStatus"] = {"DetailedStatus": "RUNNING"}
    try:
        with request_scope(account, region):
            if not gone:
                await deploy(row, instance)
            elif not operation["RetainStacks"]:
                await delete(instance)
    except InstanceError as error:
        result |= {"Status": "FAILED", "StatusReason": str(error)}
        # A stack that could not be deleted can only be retained.
        status, detail = ("INOPERABLE", "INOPERABLE") if gone else ("OUTDATED", "FAILED")
        instance |= {"Status": status, "StackInstanceStatus": {"DetailedStatus": detail}, "StatusReason": str(error)}
        return
    result["Status"] = "SUCCEEDED"
    if gone:
        row["Instances"].pop(key, None)
    else:
        done: dict[str, Any] = {"StackInstanceStatus": {"DetailedStatus": "SUCCEEDED"}, "StatusReason": None}
        instance |= {"Status": "CURRENT", **done}


def _end(operation: Record) -> None:
    stopped = operation["Status"] == "STOPPING"
    operation["Status"] = "STOPPED" if stopped else "FAILED" if operation["_Exceeded"] else "SUCCEEDED"
    operation["EndTimestamp"] = now_iso()


def count_of(text: str, accounts: int) -> int:
    """A number of accounts, or a share of them in percent, rounded down."""
    return accounts * int(text[:-1]) // 100 if text.endswith("%") else int(text)


async def deploy(row: Record, instance: Record) -> None:
    """Bring the stack to the StackSet's template and values. Raises InstanceError."""
    stack = _stack(instance)
    if stack is not None and stack["StackStatus"] in {"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"}:
        await delete(instance)
        stack = None
    action = "UpdateStack" if stack is not None else "CreateStack"
    if stack is None:
        # As CloudFormation names the stacks of a StackSet.
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
