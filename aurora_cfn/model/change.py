"""A change: what becomes of one resource, output, parameter or tag, and how bad that is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal, TypeAlias

from aurora_cfn.model.value import Value

Kind: TypeAlias = Literal["add", "modify", "remove", "rename"]
Section: TypeAlias = Literal["Resources", "Outputs", "Parameters", "Template", "Stack"]
Source: TypeAlias = Literal["template", "change set"]


MADE_NEW = "it is made new"
"""The sentence of an addition about which there is nothing else to say."""


class Verdict(IntEnum):
    """How bad a change is; a greater one is worse."""

    METADATA = 0
    IN_PLACE = 1
    INTERRUPTION = 2
    REPLACE = 3
    DATA_LOSS = 4

    @property
    def word(self) -> str:
        """`data-loss`, `replace`, `interruption`, `in-place` or `metadata`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that a change does: the sentence, the way out, and where it comes from.

    `key` is the path inside the resource (`Properties.KmsKeyId`), empty for the resource as a whole. `before` and
    `after` are safe to print: secrets are masked already. `maybe` means that it depends on something that only AWS
    knows; `fails` that CloudFormation will refuse the update; `alert` that a reviewer should see it although nothing
    stops; `guarded` that the guard asks for the resource by name.
    """

    verdict: Verdict
    sentence: str
    key: str = ""
    way_out: str = ""
    before: Value = None
    after: Value = None
    causes: tuple[str, ...] = ()
    maybe: bool = False
    fails: bool = False
    alert: bool = False
    guarded: bool = False
    line: int | None = None


def weight(effect: Effect) -> tuple[int, bool, bool, str]:
    """Sort key that puts the worst effect first, and what a reviewer should see before the rest of its verdict."""
    return -effect.verdict, not effect.guarded, not (effect.alert or effect.fails), effect.key


@dataclass(frozen=True, slots=True)
class Change:
    """All that becomes of one entry; its effects are worst first, and there is at least one.

    `line` is in the after side, or in the before side when the entry goes away.
    """

    kind: Kind
    section: Section
    logical_id: str
    effects: tuple[Effect, ...]
    type: str = ""
    stateful: bool = False
    renamed_from: str = ""
    path: str = ""
    line: int = 1
    source: Source = field(default="template")

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its effects."""
        return max(effect.verdict for effect in self.effects)

    @property
    def replaces(self) -> Literal["no", "maybe", "yes"]:
        """Whether the physical resource is exchanged for another."""
        hits = [effect for effect in self.effects if effect.verdict >= Verdict.REPLACE and self.kind == "modify"]
        if not hits:
            return "yes" if self.kind == "rename" else "no"
        return "maybe" if all(effect.maybe for effect in hits) else "yes"

    @property
    def guarded(self) -> bool:
        """Whether the guard refuses it until the resource is named."""
        return any(effect.guarded for effect in self.effects)

    @property
    def alert(self) -> bool:
        """Whether an effect weakens protection or exposure, or makes the update fail."""
        return any(effect.alert or effect.fails for effect in self.effects)

    @property
    def destroyed_id(self) -> str:
        """The logical id whose physical resource is at stake: the old one of a rename."""
        return self.renamed_from or self.logical_id

    @property
    def entry(self) -> Change:
        """The change without what it does: equal for the same edit in several stacks, and hashable."""
        return replace(self, effects=(), stateful=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that the guard does not let pass; `how` says how to let it."""

    logical_id: str
    sentence: str
    how: str
    verdict: Verdict
    path: str = ""
    line: int = 1
