"""The branches of an environment with their ends, as values and as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from aurora_cfn.model.branch import Branch
from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.model.rows import Column, Rows
from aurora_cfn.operate.branches.naming import branch_name, schedule_name
from aurora_cfn.ports.branches import StackEnds

COLUMNS = ("branch", "of", "status", "created", "age_days", "ends", "paused_usd_month", "stack", "kept_of")


def branches(copies: Iterable[CopyStack], ends: StackEnds | None, now: datetime) -> tuple[Branch, ...]:
    """The branches among the copies; without `ends` nothing here deletes them."""
    return tuple(_branch(copy, ends, now) for copy in copies if copy.kind == "branch")


def _branch(copy: CopyStack, ends: StackEnds | None, now: datetime) -> Branch:
    name, stack = branch_name(copy.suffix), copy.stack
    if ends is None:
        return Branch(name, copy.of, stack, "none")
    found = ends.end_of(schedule_name(stack.name))
    # A schedule deletes itself when it has fired, and a branch that stays has one that is switched off. So a stack
    # without one has passed its end, or is a new one of the same name as a deleted branch.
    if found is None or found.stack_arn != stack.arn:
        return Branch(name, copy.of, stack, "overdue")
    if found.at is None:
        return Branch(name, copy.of, stack, "never")
    # A stack that is being deleted is not late; Scheduler needs up to a minute.
    late = found.at <= now and not stack.busy
    return Branch(name, copy.of, stack, "overdue" if late else "scheduled", found.at)


def listed(found: Sequence[Branch], now: datetime, paused: float | None) -> Rows:
    """A row for each branch; `paused` are the dollars a month of one that is paused, None where nothing costs."""
    columns = tuple(Column(name, "float8" if name in {"age_days", "paused_usd_month"} else "text") for name in COLUMNS)
    return Rows(columns, tuple(_row(branch, now, paused) for branch in found))


def _row(branch: Branch, now: datetime, paused: float | None) -> tuple[str | float | None, ...]:
    stack = branch.stack
    created = f"{stack.created:%Y-%m-%d %H:%M}Z" if stack.created else None
    age = round((now - stack.created).total_seconds() / 86400, 1) if stack.created else None
    return (
        branch.name, branch.of, stack.status, created, age, branch.words.removeprefix("ends "), paused, stack.name,
        branch.kept_of or None,
    )  # fmt: skip
