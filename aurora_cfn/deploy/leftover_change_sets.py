"""Other change sets on a stack: those of killed runs of this program are deleted, all others kept and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.deploy.context import OURS, Context
from aurora_cfn.deploy.stack_status import DELETED
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.ownership import PLAN_SUFFIX, owner_of
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack

WAITING = frozenset({"AVAILABLE", "UNAVAILABLE"})
"""Execution statuses of a change set that can be executed, or is still being worked out."""
# Executing a change set deletes all others of the stack (User guide, updating stacks using change sets).
KEPT = "it is kept, unless this one is executed: CloudFormation then deletes it"


@dataclass(frozen=True, slots=True)
class Others:
    """The change sets found beside our own.

    `killed` are the ids of the runs whose change sets were deleted, `notes` name those that wait, a sentence each, and
    `alone` is true when none is left.
    """

    killed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alone: bool = True


def others(context: Context, desired: DesiredStack, stack: Stack | None) -> Others:
    """The other change sets, after those of killed runs were deleted; a dry run deletes none."""
    if stack is None or stack.status == DELETED:
        return Others()
    try:
        found = context.cloudformation.change_sets(stack.arn)
    except AwsError as error:
        context.listener.warn(desired.key, f"whether other change sets wait on it is not known: {error}")
        return Others(alone=False)
    orphans = [] if context.choices.dry_run else [row for row in found if is_orphan(context, row)]
    kept = [row for row in found if not _deleted(context, desired, row, orphans)]
    killed = tuple(row.name.removeprefix(OURS) for row in orphans)
    return Others(killed, tuple(_note(context, row) for row in kept if _waits(row)), not kept)


def makes(stack: Stack | None, beside: Others) -> bool:
    """Whether our change set creates the stack, so that we may delete it again when nothing is executed.

    True too for an empty stack in REVIEW_IN_PROGRESS that only killed runs have left.
    """
    if stack is None or stack.status == DELETED:
        return True
    return stack.in_review and bool(beside.killed) and beside.alone


def is_orphan(context: Context, change_set: ChangeSet) -> bool:
    """Whether a run of this program on this machine made it and was killed, so that it will never be executed."""
    # The description names host and process; of a process on another machine nothing can be known, so it is kept.
    maker = owner_of(change_set.description)
    # OBSOLETE: another change set was executed since, so that this one can only be deleted.
    unused = change_set.execution_status in {*WAITING, "OBSOLETE"}
    return change_set.name.startswith(OURS) and unused and maker is not None and context.run.owner_is_dead(maker)


def _deleted(context: Context, desired: DesiredStack, row: ChangeSet, orphans: Sequence[ChangeSet]) -> bool:
    """Whether it was an orphan and is deleted now; a refusal becomes a warning."""
    if row not in orphans:
        return False
    try:
        context.cloudformation.delete_change_set(row.arn)
    except AwsError as error:
        context.listener.warn(desired.key, f"could not delete the change set {row.name} of a killed run: {error}")
        return False
    context.listener.step(desired.key, f"deleted the change set {row.name}: the run that made it was killed")
    return True


def _waits(row: ChangeSet) -> bool:
    return row.execution_status in WAITING and not row.failed


def _note(context: Context, row: ChangeSet) -> str:
    return f"the change set {row.name} {_whose(context, row)} waits on this stack too: {KEPT}"


def _whose(context: Context, row: ChangeSet) -> str:
    if not row.name.startswith(OURS):
        return "of another tool or person"
    if row.description.endswith(PLAN_SUFFIX):
        return "of a plan (deploy --plan)"
    return "of a killed run of aurora-cfn" if is_orphan(context, row) else "of another run of aurora-cfn"
