"""An upgrade of a cluster to another engine version: what is offered, how it can be done, and what prevents it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from aurora_cfn.model.inspection import Inspected

MethodName: TypeAlias = Literal["in place", "blue/green"]
IN_PLACE: MethodName = "in place"
BLUE_GREEN: MethodName = "blue/green"


@dataclass(frozen=True, slots=True)
class UpgradeTarget:
    """A version that RDS offers to upgrade to; `automatic`: in maintenance windows, where those are switched on."""

    version: str
    major: bool
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what prevents it (nothing: it is ready), its interruption, and what else to know."""

    name: MethodName
    interruption: str
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether nothing is known that prevents it."""
        return not self.refusals


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter to change in the params file; `before` is empty, and `line` that of the stack, if it is not there."""

    parameter: str
    before: str
    after: str
    line: int


@dataclass(frozen=True, slots=True)
class UpgradePlan:
    """The plan for one cluster. `target` is None when no newer version was found or asked for.

    `support` says until when the present version is supported; `due` that this ends soon, or that a newer minor version
    is offered. `settings` are the changes
    of the params file, at `path`; `by_hand` says what has to be changed elsewhere first.
    """

    stack: str
    cluster: str
    engine: str
    version: str
    offered: tuple[UpgradeTarget, ...] = ()
    target: UpgradeTarget | None = None
    support: str = ""
    due: bool = False
    methods: tuple[Method, ...] = ()
    checks: tuple[Inspected, ...] = ()
    path: str = ""
    settings: tuple[Setting, ...] = ()
    by_hand: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def method(self, name: MethodName) -> Method:
        """The method of that name. Raises StopIteration if there is no target."""
        return next(row for row in self.methods if row.name == name)


@dataclass(frozen=True, slots=True)
class BlueGreen:
    """A blue/green deployment of RDS; `source` and `target` are ARNs, `target` is empty before green is made."""

    identifier: str
    name: str
    source: str
    target: str = ""
    status: str = ""
    details: str = ""
    tasks: tuple[str, ...] = ()

    @property
    def switched(self) -> bool:
        """Whether green has taken the place of blue."""
        return self.status == "SWITCHOVER_COMPLETED"
