"""An environment at one moment, as `status --watch` shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aurora_cfn.model.branch import Branch
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import CapacityRange, DatabaseEvent
from aurora_cfn.model.stack import Stack


@dataclass(frozen=True, slots=True)
class WatchedStack:
    """A stack of the params file by its key; None if it is not deployed."""

    key: str
    stack: Stack | None


@dataclass(frozen=True, slots=True)
class DatabaseView:
    """A database with its newest metrics: `capacity` in ACU and `connections`, summed over its instances.

    They are of the time `at`, and None where CloudWatch has no point of the last minutes. `limits` is None without
    Aurora Serverless v2.
    """

    identifier: str
    status: str
    capacity: float | None = None
    limits: CapacityRange | None = None
    connections: float | None = None
    at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether all of its instances are paused."""
        return self.capacity == 0


@dataclass(frozen=True, slots=True)
class EnvironmentView:
    """The stacks, databases, branches and newest events of CloudFormation and RDS, oldest
    first, with their stacks' keys.

    `notes` say what could not be read.
    """

    environment: str
    region: str
    at: datetime
    stacks: tuple[WatchedStack, ...]
    databases: tuple[DatabaseView, ...] = ()
    branches: tuple[Branch, ...] = ()
    events: tuple[tuple[str, StackEvent | DatabaseEvent], ...] = ()
    notes: tuple[str, ...] = ()
