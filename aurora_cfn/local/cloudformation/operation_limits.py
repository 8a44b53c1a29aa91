"""Limits that a request sets: types of resources, minutes of a creation, alarms that roll an operation back.

ministack 1.5.33 ignores ResourceTypes, TimeoutInMinutes and RollbackConfiguration. Alarms are looked at once, when all
resources are there: MonitoringTimeInMinutes is shown and not waited for, because no metric here changes meanwhile.
Source: CloudFormation API reference, CreateStack and RollbackConfiguration; read 2026-11.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from contextvars import ContextVar
from fnmatch import fnmatchcase
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import _stacks, helpers, stacks

from aurora_cfn.local.cloudformation.records import Record, stack_of
from aurora_cfn.local.replacing import Inner, everywhere, replace, replace_actions

ALARMS, MINUTES = "_rollback_configuration", "_timeout_minutes"
"""Keys of a stack's record."""
TIMED_OUT = "Stack creation time exceeded the specified timeout"
CANCELLED = "Resource creation cancelled"
ALARM_STORES = {
    "AWS::CloudWatch::Alarm": cloudwatch._alarms,
    "AWS::CloudWatch::CompositeAlarm": cloudwatch._composite_alarms,
}
_allowed: ContextVar[tuple[list[str], dict[str, Any]]] = ContextVar("allowed", default=([], {}))
"""ResourceTypes of the running request, and the resources that its stack has."""
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
"""When the creation that runs has to be done, by the monotonic clock."""


def install() -> None:
    """Wrap the requests that bring limits, and the steps of an operation that keep to them."""
    replace_actions(dict.fromkeys(("CreateStack", "UpdateStack", "CreateChangeSet"), _with_types))
    everywhere("validate_template_support", _checking_types)
    everywhere("_deploy_stack_async", _with_deadline)
    everywhere("_resolve_stack_outputs", _checking_limits)
    replace(stacks, "run_reentrant", _in_time)


def configuration_of(parameters: Any) -> Record | None:
    """RollbackConfiguration of a request; None where it has none, so that a stack keeps its own."""
    name = "RollbackConfiguration"
    if not any(str(key).startswith(name) for key in parameters):
        return None
    minutes = helpers._p(parameters, f"{name}.MonitoringTimeInMinutes")
    triggers: list[Record] = []
    while arn := helpers._p(parameters, f"{(row := f'{name}.RollbackTriggers.member.{len(triggers) + 1}')}.Arn"):
        triggers.append({"Arn": arn, "Type": helpers._p(parameters, f"{row}.Type")})
    found: Record = {"RollbackTriggers": triggers} if triggers else {}
    return found | ({"MonitoringTimeInMinutes": int(minutes)} if minutes else {})


def _with_types(inner: Inner, parameters: Any) -> Any:
    types = helpers._extract_string_members(parameters, "ResourceTypes")
    known = (stack_of(parameters) or {}).get("_template") or {}
    token = _allowed.set((types, known.get("Resources") or {}))
    try:
        return inner(parameters)
    finally:
        _allowed.reset(token)


def _checking_types(inner: Inner, template: Any, *more: Any, **named: Any) -> Any:
    types, known = _allowed.get()
    refused = types_refused(types, known, template.get("Resources") or {}) if types else []
    if refused:
        raise ValueError(f"Resource types {refused} are not allowed by ResourceTypes {types}")
    return inner(template, *more, **named)


def types_refused(types: Collection[str], known: Record, wanted: Record) -> list[str]:
    """Types that no pattern covers, of the resources that an operation creates, changes or deletes."""
    changed = [(known.get(name), wanted.get(name)) for name in {*known, *wanted}]
    kinds = {str(row.get("Type")) for pair in changed if pair[0] != pair[1] for row in pair if row}
    return sorted(kind for kind in kinds if not any(fnmatchcase(kind, pattern) for pattern in types))


async def _with_deadline(inner: Inner, name: str, *more: Any, is_update: bool = False, **named: Any) -> Any:
    minutes = 0 if is_update else float((_stacks.get(name) or {}).get(MINUTES) or 0)
    # Each operation is a task of its own, so the value ends with it.
    _deadline.set(time.monotonic() + minutes * 60 if minutes else None)
    return await inner(name, *more, is_update=is_update, **named)


async def _in_time(inner: Inner, work: Any, *more: Any, **named: Any) -> Any:
    """A step in a thread; ValueError when the creation's time is over first, and what the thread makes is deleted."""
    end = _deadline.get()
    if end is None or work is not stacks._provision_keeping_seed:
        return await inner(work, *more, **named)
    step = asyncio.ensure_future(inner(work, *more, **named))
    try:
        await asyncio.wait({step}, timeout=max(0.0, end - time.monotonic()))
    except asyncio.CancelledError:
        await step  # the thread continues: what deletes its stack waits for it
        raise
    if not step.done():
        raise ValueError(CANCELLED)
    return step.result()


def timed_out() -> bool:
    """Whether the creation that runs took longer than it may."""
    end = _deadline.get()
    return end is not None and time.monotonic() >= end


def _checking_limits(inner: Inner, *arguments: Any) -> Any:
    if timed_out():
        raise ValueError(TIMED_OUT)
    stack = _stacks.get(arguments[-2]) or {}
    for trigger in (stack.get(ALARMS) or {}).get("RollbackTriggers") or ():
        state = _state(trigger)
        if state in ("ALARM", None):
            what = "does not exist" if state is None else "is in state ALARM"
            raise ValueError(f"Rollback trigger {trigger.get('Arn')} {what}")
    return inner(*arguments)


def _state(trigger: Record) -> str | None:
    store = ALARM_STORES.get(trigger.get("Type", ""), {})
    alarm = store.get(str(trigger.get("Arn")).partition(":alarm:")[2])
    return alarm["StateValue"] if alarm else None
