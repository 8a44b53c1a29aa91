"""What is wanted, what would be done about it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.environment import EnvironmentStack, EnvRef, SsmRef
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Stack

Outcome: TypeAlias = Literal[
    "created",
    "updated",
    "unchanged",
    "previewed",
    "planned",
    "deferred",
    "declined",
    "failed",
    "refused",
    "skipped",
    "detached",
    "deleted",
    "recovered",
]  # fmt: skip
"""What came of a stack; `skipped` means that a stack it depends on did not get there, `deferred` that a plan file
cannot hold it yet."""

GOOD: frozenset[Outcome] = frozenset(
    {"created", "updated", "unchanged", "previewed", "planned", "deferred", "deleted", "recovered"}
)
"""Outcomes after which the stacks that depend on this one may go on."""


@dataclass(frozen=True, slots=True)
class DesiredStack:
    """One stack as its environment wants it; parameters may still be references.

    `secrets` names the parameters whose values are never shown (NoEcho).
    """

    entry: EnvironmentStack
    path: str
    template: str
    capabilities: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    protect: bool = False
    role_arn: str | None = None
    notification_arns: tuple[str, ...] = ()
    express: bool = False

    @property
    def key(self) -> str:
        """The key in the params file."""
        return self.entry.key

    @property
    def name(self) -> str:
        """The stack's name in AWS."""
        return self.entry.name

    def hides(self, parameter: str) -> bool:
        """Whether the value may be a secret: declared as one, or read from SSM or the shell."""
        return parameter in self.secrets or isinstance(self.entry.parameters.get(parameter), SsmRef | EnvRef)


@dataclass(frozen=True, slots=True)
class StackPlan:
    """A change set that waits for approval; `change_set` is None when nothing would change.

    `since` is the newest event before anything was asked for; `made_stack` says that the stack was not there
    before, so that its empty shell is ours to take away. `policy` says how the stack policy would change, empty when
    it would not; `opened` names the resources that it lets go while the change set is executed. `killed` names earlier
    runs that were killed before they executed what they had prepared.
    """

    desired: DesiredStack
    parameters: Mapping[str, str]
    before: Stack | None = None
    change_set: ChangeSet | None = None
    since: str | None = None
    made_stack: bool = False
    notes: tuple[str, ...] = ()
    policy: str = ""
    opened: tuple[str, ...] = ()
    killed: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change."""
        return self.change_set is None and not self.protection_changes and not self.policy

    @property
    def creates(self) -> bool:
        """Whether the stack is new."""
        return self.before is None or self.before.status in {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}

    def hides(self, parameter: str) -> bool:
        """Whether the value may be a secret: declared as one, or read from SSM or the shell."""
        return self.desired.hides(parameter)

    @property
    def protection_changes(self) -> bool:
        """Whether termination protection of a stack that exists would be switched."""
        return not self.creates and self.before is not None and self.before.protected != self.desired.protect


@dataclass(frozen=True, slots=True)
class StackResult:
    """What came of one stack, with everything that a summary needs; `seconds` is wall time.

    `cause` says why it did not get there, and `exit_code` how a command ends that ends because of it. `resumed` says
    that what an earlier run had begun has ended well and left nothing to do.
    """

    key: str
    name: str
    outcome: Outcome
    seconds: float = 0.0
    stack: Stack | None = None
    cause: str = ""
    exit_code: int = 0
    events: tuple[StackEvent, ...] = ()
    resumed: bool = False

    @property
    def touched(self) -> bool:
        """Whether its databases may be other ones than before: this run or the one that it took up has worked on it."""
        return self.outcome in {"created", "updated"} or (self.good and self.resumed)

    @property
    def good(self) -> bool:
        """Whether stacks that depend on it may go on."""
        return self.outcome in GOOD
