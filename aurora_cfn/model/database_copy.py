"""A copy of an environment's database: a second stack beside the original one, recognised by its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.ownership import ENVIRONMENT
from aurora_cfn.model.stack import Stack

CopyKind: TypeAlias = Literal["restore", "branch", "previous"]
COPY, COPY_OF = "aurora-cfn:copy", "aurora-cfn:copy-of"
"""Tags of the stack of a copy: its kind, and the name of the stack whose database it copies.

The kind is `previous` once the copy was put in place and its stack holds the data that were there before.
"""
HOLDS = "aurora-cfn:holds"
"""Tag of a stack whose cluster was exchanged for that of a copy: DbClusterResourceId of the one it has now."""
BRANCH_PREFIX = "branch-"
"""The beginning of the suffix of a branch; the role of the janitor may delete only stacks with such names."""


@dataclass(frozen=True, slots=True)
class CopySource:
    """Where the data of a copy come from: a snapshot (name or ARN), a cluster (identifier or ARN), or kept backups.

    `backups` is the resource id of a deleted cluster. Of a cluster and of backups: at `to_time` (such as
    `2026-11-28T13:55:00Z`), or the latest time that can be restored without it.
    `clone`: copy-on-write, which RDS makes of the latest time only.
    """

    snapshot: str = ""
    cluster: str = ""
    backups: str = ""
    to_time: str = ""
    clone: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A copy to be made of the database in the stack `of` (its key): `suffix` follows the names of stack and cluster.

    `own_secret`: RDS makes a new password for the master user also where the original reads its own secret (DBMaster).
    `overrides` are parameters that differ from the original besides those that every copy has; `tags` are added.
    """

    of: str
    suffix: str
    kind: CopyKind
    source: CopySource
    own_secret: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CopyStack:
    """The deployed stack of a copy; `of` is the name in AWS of the stack that it copies."""

    stack: Stack
    kind: CopyKind
    of: str

    @property
    def words(self) -> str:
        """What it is, for a list of copies."""
        kinds: dict[CopyKind, str] = {
            "restore": "a restored copy",
            "branch": "a branch",
            "previous": "the database before the swap",
        }
        return f"{kinds[self.kind]} of {self.of}"

    @property
    def suffix(self) -> str:
        """`r1`: what its name has after that of the original."""
        return self.stack.name.removeprefix(f"{self.of}-")


def copy_of(stack: Stack) -> CopyStack | None:
    """What its tags say that the stack is; None where it is no copy."""
    kinds: tuple[CopyKind, ...] = get_args(CopyKind)
    kind = next((kind for kind in kinds if stack.tags.get(COPY) == kind), None)
    return CopyStack(stack, kind, stack.tags.get(COPY_OF, "")) if kind else None


def entry_of_copy(environment: Environment, stack: Stack | None) -> EnvironmentStack | None:
    """The stack of a copy as an entry of the environment under its full name; None if it is none of its copies."""
    found = copy_of(stack) if stack is not None and stack.exists else None
    if found is None or found.stack.tags.get(ENVIRONMENT) != environment.name:
        return None
    entry = next((row for row in environment.stacks if row.name == found.of), None)
    name = found.stack.name
    return replace(entry, key=name, name=name, parameters=found.stack.parameters, protect=False) if entry else None
