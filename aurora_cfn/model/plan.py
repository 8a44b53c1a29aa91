"""A deployment: the desired stack, the plan for it, and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    "unread",
    "skipped",
    "detached",
    "deleted",
    "recovered",
]  # fmt: skip
"""How a stack ended. `skipped`: a stack that it depends on failed. `deferred`: it cannot be in a plan file before the
stacks that it depends on are deployed. `unread`: the call was made, and what became of it cannot be read."""

GOOD: frozenset[Outcome] = frozenset(
    {"created", "updated", "unchanged", "previewed", "planned", "deferred", "deleted", "recovered"}
)
"""Outcomes after which the stacks that depend on this one are deployed."""


@dataclass(frozen=True, slots=True)
class DesiredStack:
    """One stack as its environment describes it; parameters may still be references.

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

    `since` is the id of the newest event before the first call. `made_stack`: CreateChangeSet made the stack, which is
    deleted again if the plan is declined. `policy` describes how the stack policy would change, empty if it would not;
    `opened` are the resources for which it is opened while the change set is executed. `killed` names earlier runs
    that were killed before they executed their change sets. `snapshots` are the notes on the snapshots that are taken
    first.
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
    snapshots: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change."""
        return self.change_set is None and not self.protection_changes and not self.policy

    @property
    def creates(self) -> bool:
        """Whether the stack is new."""
        return self.before is None or not self.before.exists

    def hides(self, parameter: str) -> bool:
        """Whether the value may be a secret: declared as one, or read from SSM or the shell."""
        return self.desired.hides(parameter)

    def without_snapshots(self) -> StackPlan:
        """The plan without its notes on snapshots, for a plan that is refused: it takes none."""
        return replace(self, notes=tuple(note for note in self.notes if note not in self.snapshots), snapshots=())

    @property
    def protection_changes(self) -> bool:
        """Whether termination protection of an existing stack would be switched on or off."""
        return not self.creates and self.before is not None and self.before.protected != self.desired.protect


@dataclass(frozen=True, slots=True)
class StackResult:
    """How one stack ended; `seconds` is wall time.

    `cause` is the reason of a failure, and `exit_code` the exit code that it gives the command. `resumed`: an operation
    of an earlier run ended well and left nothing to do.
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
        """Whether its databases may have changed, in this run or in an earlier one that was resumed."""
        return self.outcome in {"created", "updated"} or (self.good and self.resumed)

    @property
    def good(self) -> bool:
        """Whether the stacks that depend on it are deployed."""
        return self.outcome in GOOD
