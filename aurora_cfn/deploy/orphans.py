"""Stacks that carry the tags of this project, and that no params file has any more."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aurora_cfn.model.database_copy import copy_of
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.environment_status import Orphan
from aurora_cfn.model.fleet_client import FLEET
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.stack import Stack


def orphans(
    stacks: Iterable[Stack], owner: Ownership, names: Collection[str], environments: Collection[str]
) -> tuple[Orphan, ...]:
    """Those of the owner's environment that are none of `names`, then those of its environments without a file.

    `environments` are the names of the params files. A stack that waits for its first change set does not run yet.
    A copy of one of `names` is none either, although no params file names it, nor is the stack of a client.
    """
    found = [
        Orphan(stack, whose.environment, whose.environment in environments)
        for stack in stacks
        if stack.exists and (whose := ownership_of(stack.tags)) is not None and whose.project == owner.project
    ]
    mine = [
        row
        for row in found
        if row.environment == owner.environment
        and row.name not in names
        and not _copies(row.stack, names)
        and FLEET not in row.stack.tags
    ]
    gone = [row for row in found if not row.file_exists and row.environment != owner.environment]
    return (*mine, *gone)


def _copies(stack: Stack, names: Collection[str]) -> bool:
    copy = copy_of(stack)
    return copy is not None and copy.of in names


def entries(found: Iterable[Orphan]) -> tuple[EnvironmentStack, ...]:
    """The orphans as entries of a params file, each after the older ones: what needs another was created later."""
    made: list[EnvironmentStack] = []
    for row in sorted(found, key=lambda row: (str(row.stack.created), row.name)):
        older = tuple(one.key for one in made)
        made.append(EnvironmentStack(row.name, row.name, "", {}, 1, after=older))
    return tuple(made)
