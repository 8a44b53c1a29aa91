"""A change of one resource, output, parameter or tag, with its effects and their severity."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal, TypeAlias

from aurora_cfn.model.value import Value

Kind: TypeAlias = Literal["add", "modify", "remove", "rename"]
Section: TypeAlias = Literal["Resources", "Outputs", "Parameters", "Template", "Stack"]
Source: TypeAlias = Literal["template", "change set"]


CREATED = "it is created"
"""The sentence of an added resource that has no other effect."""


class Verdict(IntEnum):
    """How severe a change is; a greater value is worse."""

    # NOT_JUDGED is below REPLACE: an unknown effect must not hide a known replacement.
    METADATA = 0
    IN_PLACE = 1
    INTERRUPTION = 2
    NOT_JUDGED = 3
    REPLACE = 4
    FAILS = 5
    DATA_LOSS = 6

    @property
    def word(self) -> str:
        """`data-loss`, `fails`, `replace`, `not-judged`, `interruption`, `in-place` or `metadata`."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect of a change: a sentence, what to do about it (`remedy`), and its causes.

    `key` is the path inside the resource (`Properties.KmsKeyId`), empty for the resource as a whole. `before` and
    `after` are safe to print: secrets are masked already. `maybe`: it depends on something that only AWS knows.
    `fails`: CloudFormation will refuse the update. `alert`: a reviewer should see it although nothing is interrupted.
    `guarded`: the guard refuses it until the user allows the resource by name. `unseen`: only CloudFormation can work
    out what it does, such as with a macro. `replaces`: the physical resource goes, which a loss of data alone does not
    mean: backups that are switched off are lost, and the database stays.
    """

    verdict: Verdict
    sentence: str
    key: str = ""
    remedy: str = ""
    before: Value = None
    after: Value = None
    causes: tuple[str, ...] = ()
    maybe: bool = False
    fails: bool = False
    alert: bool = False
    guarded: bool = False
    unseen: bool = False
    replaces: bool = False
    line: int | None = None

    @property
    def outcome(self) -> Verdict:
        """What becomes of it: the verdict, or that it surely fails, or that it is not judged."""
        # Lost data stays the worst, even where the update may fail first.
        if self.verdict is Verdict.DATA_LOSS:
            return self.verdict
        if self.fails and not self.maybe:
            return Verdict.FAILS
        return Verdict.NOT_JUDGED if self.unseen else self.verdict


def weight(effect: Effect) -> tuple[int, bool, bool, str]:
    """Sort key: the worst outcome first, within it what is guarded, then alerts."""
    return -effect.outcome, not effect.guarded, not (effect.alert or effect.fails), effect.key


DATABASES = ("AWS::RDS::", "AWS::DSQL::", "AWS::DocDB", "AWS::Neptune", "AWS::DynamoDB::")
"""How the types of databases begin: they come first among what is as bad."""


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one entry of a section, with at least one effect, worst first.

    `line` is in the template after the change, or in the one before it if the entry is removed.
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
    def outcome(self) -> Verdict:
        """The worst outcome of its effects: data loss, then that the update fails."""
        return max(effect.outcome for effect in self.effects)

    @property
    def fails(self) -> bool:
        """Whether AWS surely refuses the update or rolls it back."""
        return any(effect.fails and not effect.maybe for effect in self.effects)

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """Sort key of changes: the worst outcome first, databases first, then what is stateful, then alerts."""
        return -self.outcome, not self.type.startswith(DATABASES), not self.stateful, not self.alert

    @property
    def replaces(self) -> Literal["no", "maybe", "yes"]:
        """Whether the physical resource is replaced."""
        # An added or removed resource is not replaced, whatever its effects.
        hits = [effect for effect in self.effects if effect.replaces and self.kind == "modify"]
        if not hits:
            return "yes" if self.kind == "rename" else "no"
        return "maybe" if all(effect.maybe for effect in hits) else "yes"

    @property
    def guarded(self) -> bool:
        """Whether the guard refuses it until the user allows the resource by name."""
        return any(effect.guarded for effect in self.effects)

    @property
    def alert(self) -> bool:
        """Whether an effect weakens protection or exposure, or makes the update fail."""
        return any(effect.alert or effect.fails for effect in self.effects)

    @property
    def destroyed_id(self) -> str:
        """The logical id whose physical resource is deleted: of a rename the old one."""
        return self.renamed_from or self.logical_id

    @property
    def entry(self) -> Change:
        """The change without its effects: hashable, and equal for the same edit in several stacks."""
        return replace(self, effects=(), stateful=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that is refused; `how` names the option or params line that allows it.

    The verdict is FAILS when it is refused because AWS would refuse it.
    """

    logical_id: str
    sentence: str
    how: str
    verdict: Verdict
    path: str = ""
    line: int = 1
