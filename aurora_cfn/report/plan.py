"""A plan as text: what a person reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.model.change_set import ChangeSet, ResourceChange
from aurora_cfn.model.environment import EnvRef, SsmRef
from aurora_cfn.model.plan import StackPlan

SIGNS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": "<", "Dynamic": "?", "SyncWithActual": "="}


def plan_text(plan: StackPlan) -> str:
    """Head, one line a resource, and what goes with them: parameters, capabilities, protection, notes."""
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: StackPlan) -> Iterator[str]:
    change_set = plan.change_set
    verb = "create" if plan.creates else "update"
    count = len(change_set.changes) if change_set else 0
    yield f"{plan.desired.name}: {verb} stack, {count} resource{'s' * (count != 1)}"
    if change_set:
        yield from _changes(change_set)
    yield from _parameters(plan)
    if plan.desired.capabilities:
        yield f"  acknowledges {', '.join(plan.desired.capabilities)}"
    if plan.protection_changes or (plan.creates and plan.desired.protect):
        yield f"  termination protection: {'on' if plan.desired.protect else 'off'}"
    yield from (f"  note: {note}" for note in plan.notes)


def _changes(change_set: ChangeSet) -> Iterator[str]:
    width = max((len(change.logical_id) for change in change_set.changes), default=0)
    for change in change_set.changes:
        yield f"  {SIGNS.get(change.action, '?')} {change.logical_id:<{width}}  {change.type}{_fate(change)}"
        names = [detail.name or detail.attribute for detail in change.properties]
        if names:
            yield f"      {', '.join(dict.fromkeys(names))}"


def _fate(change: ResourceChange) -> str:
    if change.replacement == "True":
        return "  REPLACED"
    if change.replacement == "Conditional":
        return "  may be replaced"
    return "  REMOVED" if change.action == "Remove" else ""


def _parameters(plan: StackPlan) -> Iterator[str]:
    old = plan.before.parameters if plan.before and not plan.creates else {}
    for name, value in plan.parameters.items():
        shown = _shown(plan, name, value)
        if plan.creates:
            yield f"  {name} = {shown}"
        elif shown == value and old.get(name) != value:
            yield f"  {name}: {old.get(name, '(default)')} -> {value}"


def _shown(plan: StackPlan, name: str, value: str) -> str:
    """The value, or where it comes from when it may be a secret."""
    given = plan.desired.entry.parameters.get(name)
    if isinstance(given, SsmRef):
        return f"from the SSM parameter {given.name}"
    if isinstance(given, EnvRef):
        return f"from the variable {given.name}"
    return "****" if name in plan.desired.secrets else value
