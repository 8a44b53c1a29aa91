"""Events of stacks as CloudFormation records them.

ministack 1.5.33 calls a resource that an update adds updated, records neither the deletions of an update nor the phase
in which they happen, and gives other reasons. Source: CloudFormation User Guide, "Monitor stack progress" and "Stack
update rollbacks"; read 2026-11.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import Any

from ministack.core.responses import now_iso
from ministack.services.cloudformation import _stack_events, _stacks, stacks

from aurora_cfn.local.cloudformation.operation_limits import TIMED_OUT, timed_out
from aurora_cfn.local.cloudformation.untouched import current_update
from aurora_cfn.local.replacing import Inner, everywhere, replace
from aurora_cfn.model.event import STACK_TYPE

CLEANUP = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
BEGINS = frozenset({"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "REVIEW_IN_PROGRESS"})
ROLLS_BACK = frozenset({"ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"})
USER = "User Initiated"
NO_EXPORT = re.compile(r"Export '(.+)' not found")
ANSWER = re.compile(r"""\S+(?: \w+)? (?:create|update|delete) failed: (b(?:'.*'|".*"))""", re.DOTALL)
"""How ministack shows the answer of a service that refuses a resource: the bytes as Python writes them."""
ONE_FAILED = re.compile(r"Resource (\w+) failed: .*", re.DOTALL)


def install() -> None:
    """Replace what records events, and what deletes the resources that an update takes away."""
    everywhere("_add_event", _as_aws)
    replace(stacks, "_delete_resource", _announced)


def _as_aws(inner: Inner, stack_id: str, stack: str, logical: str, kind: str, status: str, reason: str = "",
            *more: Any, **named: Any) -> Any:  # fmt: skip
    reason = plain_reason(reason)
    if kind != STACK_TYPE or logical != stack:
        return inner(stack_id, stack, logical, kind, _status(stack, logical, status), reason, *more, **named)
    if status == "UPDATE_COMPLETE" and current_update():
        _begin_cleanup(stack, inner)
    if status == "DELETE_COMPLETE" and stack in _stacks:
        _stacks[stack]["DeletionTime"] = now_iso()
    words = _reason_of_stack(stack_id, stack, status, reason)
    return None if words is None else inner(stack_id, stack, logical, kind, status, words, *more, **named)


def plain_reason(reason: str) -> str:
    """A reason in CloudFormation's words: exports that are missing, and what the handler of a resource says."""
    reason = NO_EXPORT.sub(r"No export named \1 found.", str(reason))
    found = ANSWER.fullmatch(reason)
    if not found:
        return reason
    code, message = _error_of(ast.literal_eval(found[1]).decode("utf-8", "replace"))
    return f'Resource handler returned message: "{message}" (HandlerErrorCode: {code})' if message else reason


def _error_of(text: str) -> tuple[str, str]:
    """Code and message of an error in JSON or XML."""
    try:
        row = json.loads(text)
    except ValueError:
        code, message = (re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL) for name in ("Code", "Message"))
        return (code[1] if code else "", message[1] if message else "")
    return str(row.get("__type", "")).rpartition("#")[2], str(row.get("message") or row.get("Message") or "")


def _status(stack: str, logical: str, status: str) -> str:
    """The status of a resource: one that an update adds is created."""
    update = current_update()
    if update is None or not status.startswith("UPDATE_"):
        if update is not None and status.startswith("IMPORT_"):
            update.imported.add(logical)
        return status
    resources = (_stacks.get(stack) or {}).get("_resources", {})
    place = stack, logical
    # Also one whose properties could not even be resolved, so that its creation did not begin.
    begins = status == "UPDATE_IN_PROGRESS" or (status == "UPDATE_FAILED" and place not in update.created)
    if begins and logical not in resources and logical not in update.imported:
        update.created.add(place)
    if place not in update.created:
        return status
    status = status.replace("UPDATE_", "CREATE_")
    if status == "CREATE_COMPLETE" and logical in resources:
        resources[logical]["ResourceStatus"] = status
    return status


def _reason_of_stack(stack_id: str, stack: str, status: str, reason: str) -> str | None:
    """The reason of an event of the stack itself; None for an event that CloudFormation does not record."""
    events = _stack_events.get(stack_id) or []
    last = events[-1] if events else {}
    own = last if last.get("ResourceType") == STACK_TYPE and last.get("LogicalResourceId") == stack else {}
    if status in BEGINS:
        return reason or USER
    if status in ROLLS_BACK and str(own.get("ResourceStatus", "")).endswith("_FAILED"):
        # Its outputs or exports failed: the rollback itself carries the reason.
        events.pop()
        reason = own["ResourceStatusReason"]
        return reason if status.startswith("UPDATE") else f"{reason}. Rollback requested by user."
    if status == "ROLLBACK_IN_PROGRESS" and reason == "Rollback requested":
        if timed_out():
            return f"{TIMED_OUT}. Rollback requested by user."
        failed = sorted({row["LogicalResourceId"] for row in events if row["ResourceStatus"] == "CREATE_FAILED"})
        sentence = f"The following resource(s) failed to create: [{', '.join(failed)}]. " if failed else ""
        return f"{sentence}Rollback requested by user."
    if status in ("CREATE_FAILED", "UPDATE_FAILED"):
        return None if own.get("ResourceStatus") == status else _with_failed_resource(stack, last, reason)
    return "" if status == "ROLLBACK_COMPLETE" and reason == "Rollback complete" else reason


def _with_failed_resource(stack: str, last: dict[str, Any], reason: str) -> str:
    """The reason of a stack that is left as it failed; the event before says what failed."""
    found = ONE_FAILED.fullmatch(reason)
    if not found:
        return reason
    verb = "update" if last.get("ResourceStatus") == "UPDATE_FAILED" else "create"
    words = f"The following resource(s) failed to {verb}: [{found[1]}]. "
    (_stacks.get(stack) or {})["StackStatusReason"] = words
    return words


def _announced(inner: Inner, kind: str, physical: str, properties: Any, stack: str = "", logical: str = "",
               *more: Any) -> Any:  # fmt: skip
    record = _stacks.get(stack) or {}
    # In a rollback and in the deletion of a stack ministack records these events itself.
    if current_update() is None or record.get("StackStatus") not in ("UPDATE_IN_PROGRESS", CLEANUP):
        return inner(kind, physical, properties, stack, logical, *more)
    _begin_cleanup(stack, stacks._add_event)
    stacks._add_event(record["StackId"], stack, logical, kind, "DELETE_IN_PROGRESS", "", physical)
    found = inner(kind, physical, properties, stack, logical, *more)
    stacks._add_event(record["StackId"], stack, logical, kind, "DELETE_COMPLETE", "", physical)
    return found


def _begin_cleanup(stack: str, add: Callable[..., Any]) -> None:
    """The phase in which an update that succeeded deletes what it replaced and what left the template, once."""
    update, record = current_update(), _stacks.get(stack)
    if update is None or record is None or stack in update.cleaned:
        return
    update.cleaned.add(stack)
    if record["StackStatus"] == "UPDATE_IN_PROGRESS":
        record["StackStatus"] = CLEANUP
    add(record["StackId"], stack, stack, STACK_TYPE, CLEANUP, "", record["StackId"])
