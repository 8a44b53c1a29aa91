"""Whether the deployed stacks are as the last commit and the worktree describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aurora_cfn.model.database_copy import CopyStack
from aurora_cfn.model.stack import Stack

if TYPE_CHECKING:
    from aurora_cfn.model.review import StackReview


@dataclass(frozen=True, slots=True)
class StackStatus:
    """One stack compared with the last commit (`head`) and the worktree; None if the stack is not in it.

    `settled`: its last operation ended well. `deployed` is the description of the change set that was executed last
    (who deployed which commit), empty if AWS no longer has it.
    """

    key: str
    name: str
    stack: Stack | None
    head: StackReview | None
    worktree: StackReview | None
    settled: bool
    deployed: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """All stacks of an environment; `git_commit` is empty without a commit, then only the worktree is compared.

    `swapped` has a line for each function whose code was replaced by hand. `copies` are copies of its databases,
    which no params file names; `ends` says of branches among them when they end, by the names of their stacks.
    """

    environment: str
    git_commit: str
    dirty: bool
    stacks: tuple[StackStatus, ...]
    orphans: tuple[Orphan, ...] = ()
    swapped: tuple[str, ...] = ()
    copies: tuple[CopyStack, ...] = ()
    ends: Mapping[str, str] = field(default_factory=dict)

    def as_written(self, row: StackStatus) -> bool:
        """Whether the stack is deployed exactly as in the last commit."""
        side = row.head if self.git_commit else row.worktree
        if side is None:
            return row.stack is None
        return row.settled and not side.changes

    @property
    def same(self) -> bool:
        """Whether every stack is as written, and no other one of the project runs."""
        return all(map(self.as_written, self.stacks)) and not self.orphans and not self.swapped


@dataclass(frozen=True, slots=True)
class Orphan:
    """The stack, the environment in its tags, and `costs` such as `USD 44 to 350 a month`, empty if unknown.

    `file_exists` says whether that environment still has a params file.
    """

    stack: Stack
    environment: str
    file_exists: bool = True
    costs: str = ""

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.stack.name
