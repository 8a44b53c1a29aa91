"""Whether what runs is what is written: one stack against two places where it is written."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack


@dataclass(frozen=True, slots=True)
class StackStatus:
    """One stack; `head` and `worktree` are None where it is not written there, or nothing is committed.

    `settled` says that its status is one in which it runs as deployed. `deployed` is what the change set that was
    executed last says of itself: who deployed which commit; empty where AWS does not tell it any more.
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
    """All stacks of an environment; `git_commit` is empty where nothing is committed, which leaves the worktree."""

    environment: str
    git_commit: str
    dirty: bool
    stacks: tuple[StackStatus, ...]

    def as_written(self, row: StackStatus) -> bool:
        """Whether the stack runs exactly as the last commit says."""
        side = row.head if self.git_commit else row.worktree
        if side is None:
            return row.stack is None
        return row.settled and not side.changes

    @property
    def same(self) -> bool:
        """Whether every stack does."""
        return all(map(self.as_written, self.stacks))
