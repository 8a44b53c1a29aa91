"""The names of a branch: of its stack, its clusters and its schedule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from aurora_cfn.errors import InputError
from aurora_cfn.model.branch import Branch
from aurora_cfn.model.database_copy import BRANCH_PREFIX

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
