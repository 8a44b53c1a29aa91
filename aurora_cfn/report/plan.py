"""A plan, an import or a refactor as text, before it is approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aurora_cfn.model.change_set import ImportedResource
from aurora_cfn.model.environment import EnvRef, SsmRef
from aurora_cfn.model.ownership import without_ownership
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.stack import NO_ECHO
from aurora_cfn.model.stack_refactor import RefactorAction

if TYPE_CHECKING:
    from aurora_cfn.model.change import Change


def plan_text(plan: StackPlan) -> str:
    """The parameters, capabilities, tags, topics, protection and notes of a plan; for a new stack also its resources.

    The changes of an existing stack's resources are in the review instead.
    """
    return "\n".join(_lines(plan)) + "\n"


def _lines(plan: StackPlan) -> Iterator[str]:
    change_set = plan.change_set
    verb = "create" if plan.creates else "update"
    count = len(change_set.changes) if change_set else 0
    yield f"{plan.desired.name}: {verb} stack, {count} resource{'s' * (count != 1)}"
    if change_set and plan.creates:
        width = max((len(change.logical_id) for change in change_set.changes), default=0)
        yield from (f"  + {change.logical_id:<{width}}  {change.type}" for change in change_set.changes)
    yield from _parameters(plan)
    yield from _tags(plan)
    yield from _topics(plan)
    if plan.desired.capabilities:
        yield f"  acknowledges {', '.join(plan.desired.capabilities)}"
    if plan.protection_changes:
        yield "  termination protection: " + ("off -> on" if plan.desired.protect else "on -> off")
    elif plan.creates and plan.desired.protect:
        yield "  termination protection: on"
    if plan.policy:
        yield f"  stack policy: {plan.policy}"
    if plan.opened:
        yield f"  stack policy: opened for {', '.join(plan.opened)} while the update runs, and closed after it"
    yield from (f"  note: {note}" for note in plan.notes)
    if change_set and not change_set.has_values:
        yield "  note: CloudFormation left values out of this change set: not every before and after is known"


def _parameters(plan: StackPlan) -> Iterator[str]:
    old = plan.before.parameters if plan.before and not plan.creates else {}
    for name, value in plan.parameters.items():
        if plan.creates:
            yield f"  {name} = {_shown(plan, name, value)}"
        # A hidden value cannot be compared: AWS returns **** for it.
        elif not plan.hides(name) and old.get(name) != value:
            yield f"  {name}: {old.get(name, '(default)')} -> {value}"


def _shown(plan: StackPlan, name: str, value: str) -> str:
    """The value, or its source if it may be a secret."""
    given = plan.desired.entry.parameters.get(name)
    if isinstance(given, SsmRef):
        return f"from the SSM parameter {given.name}"
    if isinstance(given, EnvRef):
        return f"from the variable {given.name}"
    return NO_ECHO if plan.hides(name) else value


def _tags(plan: StackPlan) -> Iterator[str]:
    new = plan.desired.tags
    if plan.creates or plan.before is None:
        yield from ([f"  tags: {', '.join(f'{key}={value}' for key, value in new.items())}"] if new else [])
        return
    old = without_ownership(plan.before.tags)
    yield from (
        f"  tag {key}: {old.get(key, '(none)')} -> {value}" for key, value in new.items() if old.get(key) != value
    )
    yield from (f"  tag {key}: removed" for key in old if key not in new)


def _topics(plan: StackPlan) -> Iterator[str]:
    """SNS topics that are added and removed."""
    new = plan.desired.notification_arns
    old = plan.before.notification_arns if plan.before and not plan.creates else ()
    # CreateChangeSet finds no change where only the topics differ.
    later = (
        "" if plan.change_set else " (with the stack's next change: CloudFormation accepts no update of topics only)"
    )
    yield from (f"  notifies {arn}{later}" for arn in new if arn not in old)
    yield from (f"  notifies {arn}: removed{later}" for arn in old if arn not in new)


def import_text(name: str, rows: Sequence[ImportedResource], *, new: bool) -> str:
    """The stack, and one line a resource with its identifier."""
    return "\n".join(_import_lines(name, rows, new=new)) + "\n"


def _import_lines(name: str, rows: Sequence[ImportedResource], *, new: bool) -> Iterator[str]:
    where = "a new stack" if new else "the stack"
    yield f"{name}: import {len(rows)} resource{'s' * (len(rows) != 1)} into {where}"
    width = max(len(row.logical_id) for row in rows)
    for row in rows:
        identifier = ", ".join(f"{key} {value}" for key, value in row.identifier.items())
        yield f"  < {row.logical_id:<{width}}  {row.type}  {identifier}"


def differences_text(name: str, template: str, changes: Sequence[Change]) -> str:
    """The changes that the next deployment would make to the imported resources; one line without any."""
    if not changes:
        return f"{name}: the imported resources are as {template} says\n"
    # Imported here: a deployment shows no import.
    from aurora_cfn.model.review import Review, StackReview
    from aurora_cfn.report.review.text import text

    stack = StackReview(name, template, tuple(changes), compared="deployed template")
    return text(Review("as imported", "as written", (stack,)))


def refactor_text(name: str, actions: Sequence[RefactorAction]) -> str:
    """The stack, and a line for each action of CloudFormation."""
    return "\n".join(_refactor_lines(name, actions)) + "\n"


def _refactor_lines(name: str, actions: Sequence[RefactorAction]) -> Iterator[str]:
    count = f"{len(actions)} resource{'s' * (len(actions) != 1)}"
    yield f"{name}: {count} to rename or move; no resource is created, changed or deleted"
    for row in actions:
        yield f"  > {_moved(row)}  {row.physical_id}".rstrip()


def _moved(row: RefactorAction) -> str:
    move = row.move
    if move is None:
        return f"{row.action} {row.entity}: {row.description}"
    if move.renames:
        return f"{move.source.logical_id} -> {move.destination.logical_id}"
    new = f"{move.destination.stack}.{move.destination.logical_id}"
    return f"{move.source.stack}.{move.source.logical_id} -> {new}"
