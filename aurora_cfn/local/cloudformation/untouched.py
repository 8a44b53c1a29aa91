"""What an update does not change stays as it is: no event, no call of its service, no row of a change set.

ministack 1.5.33 updates every resource of the stack, and counts each property that refers to a changed parameter: a
minor EngineVersion "replaced" a parameter group whose Family, the part before the point, is what it was. A nested stack
is always updated, in AWS too; ministack loses the attributes of its resources that do not change, so that Fn::GetAtt of
them fails.
"""

from __future__ import annotations

import contextvars
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ministack.services.cloudformation import _stacks, provisioners, stacks

from aurora_cfn.local.replacing import Inner, everywhere, replace
from aurora_cfn.model.event import STACK_TYPE

BEGIN, END = "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"
Event = tuple[tuple[Any, ...], dict[str, Any]]
Template = dict[str, Any]


@dataclass(slots=True)
class Update:
    """One update of a stack: the resources it had, the events that are held back, and what turned out unchanged."""

    stack: str
    before: dict[str, dict[str, Any]]
    held: dict[str, Event] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)
    created: set[tuple[str, str]] = field(default_factory=set)
    """Stack and logical id of each resource that the update adds, in the stack itself and in nested ones."""
    imported: set[str] = field(default_factory=set)
    cleaned: set[str] = field(default_factory=set)
    """Stacks in which it has begun to delete what is no longer needed."""


_update: contextvars.ContextVar[Update | None] = contextvars.ContextVar("update", default=None)


def current_update() -> Update | None:
    """The operation that the running code is part of, None outside of one; that of a creation has no resources."""
    return _update.get()


def install() -> None:
    """Replace the update of a stack and of a resource, what records events, and the comparison for a change set."""
    everywhere("_deploy_stack_async", _noting)
    everywhere("_add_event", _holding)
    everywhere("_diff_resources", _comparing)
    replace(stacks, "_update_resource", _skipping)
    # Of this module only the update of a nested stack calls it.
    replace(provisioners, "_update_resource", _with_attributes)


async def _noting(inner: Inner, stack_name: str, *more: Any, **named: Any) -> Any:
    # ministack passes it by position in some places: it is the eighth parameter of _deploy_stack_async.
    previous = named.get("previous_stack") or (more[6] if len(more) > 6 else None)
    before = dict((previous or {}).get("_resources", {}))
    update = Update(stack_name, {name: dict(row) for name, row in before.items()})
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


def _holding(inner: Inner, stack_id: str, stack: str, logical: str, kind: str, status: str, reason: str = "",
             *more: Any, **named: Any) -> Any:  # fmt: skip
    arguments = (stack_id, stack, logical, kind, status, reason, *more)
    update = _update.get()
    if update is None or stack != update.stack or logical not in update.before or kind == STACK_TYPE:
        return inner(*arguments, **named)
    # Held back until the update of the resource shows whether anything changes: AWS records no event otherwise.
    if status == BEGIN and not reason and logical not in update.held:
        update.unchanged.discard(logical)
        update.held[logical] = (arguments, named)
        return None
    if status == END and logical in update.unchanged:
        update.held.pop(logical, None)
        return None
    if logical in update.held:
        held, held_named = update.held.pop(logical)
        inner(*held, **held_named)
    return inner(*arguments, **named)


def _skipping(inner: Inner, kind: str, physical: str, old: Any, new: Any, stack: str, logical: str, attributes: Any,
              *more: Any) -> Any:  # fmt: skip
    update = _update.get()
    if update is not None and stack == update.stack and logical in update.held:
        if old == new:
            update.unchanged.add(logical)
            return physical, attributes
        held, named = update.held.pop(logical)
        stacks._add_event(*held, **named)
    return inner(kind, physical, old, new, stack, logical, attributes, *more)


def _with_attributes(inner: Inner, kind: str, physical: str, old: Any, new: Any, stack: str, logical: str) -> Any:
    # The resources that the nested stack had are still in it while it is updated.
    before = (_stacks.get(stack) or {}).get("_resources", {}).get(logical, {})
    return inner(kind, physical, old, new, stack, logical, before.get("Attributes"))


def _comparing(inner: Inner, old: Template, new: Template, resources: Any = None, template: Template | None = None,
               changed: Collection[str] = (), retag: Any = ()) -> Any:  # fmt: skip
    raw = without_unchanged(old, new, template or new, changed) if changed else template
    return inner(old, new, resources, raw, changed, retag)


def without_unchanged(old: Template, new: Template, template: Template, changed: Collection[str]) -> Template:
    """The template with only references to resources left in each property that has one value in `old` and `new`.

    `old` and `new` are resolved, `changed` are the parameters with another value. A reference to a resource stays,
    because its value is not known before the resource was updated.
    """
    resources = {}
    known = old.get("Resources", {})
    for name, row in (template.get("Resources") or {}).items():
        before, after = (each.get("Resources", {}).get(name, {}).get("Properties") or {} for each in (old, new))
        properties = {
            # Absent before and after, where a condition leaves it out, is unchanged too.
            key: _resources_of(value, changed) if name in known and before.get(key) == after.get(key) else value
            for key, value in (row.get("Properties") or {}).items()
        }
        resources[name] = {**row, "Properties": properties}
    return {**template, "Resources": resources}


def _resources_of(value: Any, changed: Collection[str]) -> list[Template]:
    found = [(name, attribute) for name, attribute in stacks._intrinsic_references(value) if name not in changed]
    return [{"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name} for name, attribute in found]
