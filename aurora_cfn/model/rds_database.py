"""What RDS tells: versions on offer, clusters, instances, their events, quotas and snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

EventSource: TypeAlias = Literal["db-cluster", "db-instance"]

USABLE = frozenset({"available", "storage-optimization"})
"""Statuses of a cluster or instance that can be used.

These are of the user guide of Aurora ("Viewing DB cluster status", "Viewing DB instance status", read 2026-11).
"""
HOPELESS = ("failed", "incompatible-", "inaccessible-encryption-credentials", "insufficient-capacity", "stopped")
"""How statuses begin that no waiting turns into available; something has to be done (same source)."""


@dataclass(frozen=True, slots=True)
class OfferedVersion:
    """An engine version that the region offers; capacities in ACU, None when it cannot run serverless there."""

    engine: str
    version: str
    lowest_acu: float | None = None
    highest_acu: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database cluster as it runs; `progress` is a percentage where RDS gives one.

    `subnet_group` and `security_groups` say where in the network it is.
    """

    identifier: str
    arn: str
    status: str
    engine: str
    version: str
    protected: bool = False
    progress: str = ""
    instances: tuple[str, ...] = ()
    subnet_group: str = ""
    security_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """A database instance as it runs; `cluster` is empty for one that stands alone.

    `subnet_group` and `security_groups` say where in the network it is.
    """

    identifier: str
    status: str
    engine: str
    version: str
    protected: bool = False
    cluster: str = ""
    subnet_group: str = ""
    security_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatabaseEvent:
    """One line of RDS's own diary of a cluster or instance; `at` is UTC."""

    source: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of something an account may have, and has."""

    name: str
    used: int
    limit: int

    @property
    def left(self) -> int:
        """How many more fit."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class DatabaseSnapshot:
    """A snapshot that was asked for by hand, of the cluster or instance `database`.

    `progress` is in percent, `created` in UTC, None where RDS does not tell.
    """

    identifier: str
    arn: str
    database: str
    status: str
    progress: int = 0
    created: datetime | None = None
    kind: EventSource = "db-cluster"


@dataclass(frozen=True, slots=True)
class Holding:
    """What a database holds, and how far back it could be had again; times are UTC, None is not known.

    `size` is in bytes; `snapshot` is the newest one that can be restored from, empty without one; `untold` names the
    calls that were refused, as IAM writes them.
    """

    identifier: str
    size: int | None = None
    protected: bool = False
    restorable_to: datetime | None = None
    snapshot: str = ""
    snapshot_at: datetime | None = None
    untold: tuple[str, ...] = ()
