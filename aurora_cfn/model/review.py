"""A review: the changes of stacks or templates between two sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aurora_cfn.model.change import Change, Refusal, Verdict
from aurora_cfn.model.value import Value

Compared: TypeAlias = Literal["git", "deployed template", "change set"]
"""What is compared: two git revisions, the deployed template with the files, or the deployed stack by a change set."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the report besides the changes, such as cost: lines for people, `data` for programs."""

    title: str
    lines: tuple[str, ...]
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackReview:
    """The changes, worst first, of one stack, or of one template that no stack uses.

    `key` is the stack's key in the params file, or the template's name without folder and ending.
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
        """The names before the dot in `--allow-replace`: `db-dev.DBCluster` or `db.DBCluster`."""
        return tuple(filter(None, (self.name, self.key)))


@dataclass(frozen=True, slots=True)
class Review:
    """All stacks in reading order; `before` and `after` are labels of the two sides."""

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
        """The worst outcome, None without changes."""
        return max((change.outcome for stack in self.stacks for change in stack.changes), default=None)
