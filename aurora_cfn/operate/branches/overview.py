"""The branches of an environment: their names and ends, as values and as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from aurora_cfn.errors import InputError
from aurora_cfn.model.branch import Branch
from aurora_cfn.model.database_copy import BRANCH_PREFIX, CopyStack
from aurora_cfn.model.rows import Rows
from aurora_cfn.ports.stack_operations import StackEnds

LONGEST_SCHEDULE = 64
"""Characters of a schedule's name at most (CreateSchedule, API reference)."""


def suffix_of(name: str) -> str:
    """`branch-pr-812`: what follows the names of the original's stack and cluster. Raises InputError."""
    if not re.fullmatch("[a-z0-9](-?[a-z0-9])*", name):
        rule = "lower-case letters, digits and single hyphens, as in pr-812"
        raise InputError(f"{name!r} is no name of a branch: it has {rule}")
    return f"{BRANCH_PREFIX}{name}"


def branch_name(suffix: str) -> str:
    """`pr-812`, of that suffix."""
    return suffix.removeprefix(BRANCH_PREFIX)


def schedule_name(stack: str) -> str:
    """The name of the schedule that deletes the stack: the stack's name, made shorter where it is too long."""
    if len(stack) <= LONGEST_SCHEDULE:
        return stack
    # 9 characters: a hyphen and eight of the hash, which distinguishes names that are cut.
    return f"{stack[: LONGEST_SCHEDULE - 9]}-{sha256(stack.encode()).hexdigest()[:8]}"


def clone_source(cluster: str, original: str, branches: Iterable[Branch]) -> str:
    """The cluster that a branch of `cluster` is made of again: the original's, or that of another branch.

    Raises InputError where that other branch is gone: the data of the original may not be what the branch stands for.
    """
    if cluster == original or any(row.stack.parameters.get("ClusterName") == cluster for row in branches):
        return cluster
    raise InputError(
        f"it is a clone of {cluster}, which no branch has any more: delete it, and create one from another branch, "
        "or from the original"
    )


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
    rows = (_row(branch, now, paused) for branch in found)
    return Rows.of(COLUMNS, rows, age_days="float8", paused_usd_month="float8")


def _row(branch: Branch, now: datetime, paused: float | None) -> tuple[str | float | None, ...]:
    stack = branch.stack
    created = f"{stack.created:%Y-%m-%d %H:%M}Z" if stack.created else None
    age = round((now - stack.created).total_seconds() / 86400, 1) if stack.created else None
    return (
        branch.name, branch.of, stack.status, created, age, branch.words.removeprefix("ends "), paused, stack.name,
        branch.kept_of or None,
    )  # fmt: skip
