"""A branch of a database, as `branch list` and `status` show it, and when its stack is deleted by a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from aurora_cfn.model.stack import Stack

BranchEnd: TypeAlias = Literal["scheduled", "never", "none", "overdue"]
"""`none`: it has no schedule, since nothing here deletes branches at their end. `overdue`: its time is over, and the
stack is still there; its schedule has fired, or was deleted."""


KEPT_OF = "aurora-cfn:kept-of"
"""Tag of the stack of a branch that has the state of another one before its reset: the name of that one."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch: `of` is the name of the stack that it copies, `ends` is UTC, None unless it is known."""

    name: str
    of: str
    stack: Stack
    end: BranchEnd
    ends: datetime | None = None

    @property
    def kept_of(self) -> str:
        """The branch whose state before a reset it has; empty for all others."""
        return self.stack.tags.get(KEPT_OF, "")

    @property
    def words(self) -> str:
        """`ends 2026-12-01 16:20 UTC`, `stays`, or what is wrong."""
        if self.end == "scheduled" and self.ends:
            return f"ends {self.ends:%Y-%m-%d %H:%M} UTC"
        return {"never": "stays", "none": "no end", "overdue": "overdue: it should be deleted by now"}[self.end]


@dataclass(frozen=True, slots=True)
class StackEnd:
    """The schedule of one stack, by ARN; `at` is UTC, None where the stack is to stay."""

    stack_arn: str
    at: datetime | None
