"""A review: the changes of several stacks or templates between two sides, ready to be reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aurora_cfn.model.change import Change, Refusal, Verdict
from aurora_cfn.model.value import Value

Compared: TypeAlias = Literal["git", "deployed template", "change set"]
"""What the verdicts rest on: two revisions, what is deployed against what is written, or AWS's own change set."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the report that is not about single changes, such as cost: lines for people, `data` for programs."""

    title: str
    lines: tuple[str, ...]
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackReview:
    """One stack of an environment, or one template where no environment was asked for; changes are worst first.

    `key` is what the stack is called in the params file, or the template without its folder and ending.
    """

    name: str
    template: str
    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...] = ()
    environment: str = ""
    compared: Compared = "git"
    notes: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    key: str = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The names that an allowance may give before the dot: `db-dev.DBCluster` or `db.DBCluster`."""
        return tuple(filter(None, (self.name, self.key)))


@dataclass(frozen=True, slots=True)
class Review:
    """All of them, in reading order; `before` and `after` name the sides for people."""

    before: str
    after: str
    stacks: tuple[StackReview, ...]
    notes: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()

    def refusals(self) -> tuple[Refusal, ...]:
        """Every refusal of the guard."""
        return tuple(refusal for stack in self.stacks for refusal in stack.refusals)

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict, None when nothing changes."""
        return max((change.verdict for stack in self.stacks for change in stack.changes), default=None)
