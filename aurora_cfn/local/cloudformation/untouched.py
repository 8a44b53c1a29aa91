"""Resources that an update does not change stay as they are: no event, no new status, no call of their service.

ministack 1.5.33 updates every resource of the stack. A nested stack is always updated, in AWS too; ministack loses the
attributes of its resources that do not change, so that Fn::GetAtt of them fails.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ministack.services.cloudformation import _stacks, provisioners, stacks

from aurora_cfn.local.cloudformation.replacing import everywhere

NESTED = "AWS::CloudFormation::Stack"
BEGIN, END = "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"
Event = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(slots=True)
class Update:
    """One update of a stack: the resources it had, the events that are held back, and what turned out unchanged."""

    before: dict[str, dict[str, Any]]
    held: dict[str, Event] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)


_update: contextvars.ContextVar[Update | None] = contextvars.ContextVar("update", default=None)


def install() -> None:
    """Wrap the update of a stack, of a resource, and what records events."""
    everywhere("_deploy_stack_async", _noting)
    everywhere("_add_event", _holding)
    stacks._update_resource = _skipping(stacks._update_resource)
    # Of this module only the update of a nested stack calls it.
    provisioners._update_resource = _with_attributes(provisioners._update_resource)


def _noting(inner: Callable[..., Any]) -> Callable[..., Any]:
    async def deploy(stack_name: str, *more: Any, **named: Any) -> Any:
        # ministack passes it by position in some places: it is the eighth parameter of _deploy_stack_async.
        previous = named.get("previous_stack") or (more[6] if len(more) > 6 else None)
        before = dict((previous or {}).get("_resources", {}))
        update = Update({name: dict(row) for name, row in before.items()})
        token = _update.set(update)
        try:
            return await inner(stack_name, *more, **named)
        finally:
            _update.reset(token)
            resources = (_stacks.get(stack_name) or {}).get("_resources", {})
            for name in update.unchanged & set(resources):
                for key in ("ResourceStatus", "Timestamp"):
                    if key in update.before[name]:
                        resources[name][key] = update.before[name][key]

    return deploy


def _holding(inner: Callable[..., Any]) -> Callable[..., Any]:
    def add(stack_id: str, stack: str, logical: str, kind: str, status: str, reason: str = "", *more: Any,
            **named: Any) -> Any:  # fmt: skip
        arguments = (stack_id, stack, logical, kind, status, reason, *more)
        update = _update.get()
        if update is None or logical not in update.before or kind == NESTED:
            return inner(*arguments, **named)
        # Held back until the update of the resource shows whether anything changes: AWS records no event otherwise.
        if status == BEGIN and not reason and logical not in update.held:
            update.unchanged.discard(logical)
            update.held[logical] = (arguments, named)
            return None
        if status == END and logical in update.unchanged:
            update.held.pop(logical, None)
            return None
        _release(update, logical, inner)
        return inner(*arguments, **named)

    return add


def _release(update: Update, logical: str, add: Callable[..., Any]) -> None:
    held = update.held.pop(logical, None)
    if held:
        add(*held[0], **held[1])


def _skipping(inner: Callable[..., Any]) -> Callable[..., Any]:
    def change(kind: str, physical: str, old: Any, new: Any, stack: str, logical: str, attributes: Any,
               *more: Any) -> Any:  # fmt: skip
        update = _update.get()
        if update is not None and logical in update.held:
            if old == new:
                update.unchanged.add(logical)
                return physical, attributes
            held = update.held.pop(logical)
            stacks._add_event(*held[0], **held[1])
        return inner(kind, physical, old, new, stack, logical, attributes, *more)

    return change


def _with_attributes(inner: Callable[..., Any]) -> Callable[..., Any]:
    def change(kind: str, physical: str, old: Any, new: Any, stack: str, logical: str) -> Any:
        # The resources that the nested stack had are still in it while it is updated.
        before = (_stacks.get(stack) or {}).get("_resources", {}).get(logical, {})
        return inner(kind, physical, old, new, stack, logical, before.get("Attributes"))

    return change
