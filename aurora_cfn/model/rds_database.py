"""What RDS returns: engine versions, clusters, instances, their events, quotas and snapshots."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

EventSource: TypeAlias = Literal["db-cluster", "db-instance"]

IDENTIFIER = re.compile("[A-Za-z](?:-?[A-Za-z0-9])*")
"""Identifiers of RDS: letters, digits and single hyphens, beginning with a letter (API reference, CreateDBCluster)."""
LONGEST_IDENTIFIER = 63
"""Characters of the identifier of a cluster, an instance or a cluster snapshot at most (API reference of RDS)."""
DEFAULT_PAUSE_AFTER = 300
"""Seconds without a connection before a pause, unless SecondsUntilAutoPause says otherwise (Aurora user guide)."""
USABLE = frozenset({"available", "storage-optimization"})
"""Statuses in which a cluster or instance accepts connections.

From "Viewing DB cluster status" and "Viewing DB instance status" (Aurora user guide, read 2026-11).
"""
NEEDS_ACTION = ("failed", "incompatible-", "inaccessible-encryption-credentials", "insufficient-capacity", "stopped")
"""Beginnings of statuses that never become available without an action of the user (same source)."""


@dataclass(frozen=True, slots=True)
class OfferedVersion:
    """An engine version that can be created in the region; capacities in ACU, None if not as Serverless v2."""

    engine: str
    version: str
    lowest_acu: float | None = None
    highest_acu: float | None = None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How clients reach a cluster or an instance: writer's host and port, first database, user, RDS-managed secret.

    Each is empty (the port 0) where RDS has none; `data_api` says that the Data API is switched on; `reader` is the
    host of a cluster's reader endpoint. `iam` says that IAM tokens are accepted, and `resource_id` is what policies for
    rds-db:connect name. `secret_status` is that of the RDS-managed secret: creating, active, rotating or impaired.
    """

    host: str = ""
    port: int = 0
    database: str = ""
    user: str = ""
    secret_arn: str = ""
    data_api: bool = False
    reader: str = ""
    iam: bool = False
    resource_id: str = ""
    secret_status: str = ""


@dataclass(frozen=True, slots=True)
class CapacityRange:
    """ServerlessV2ScalingConfiguration in ACU; `pause_after` are seconds, 0 where the cluster never pauses."""

    minimum: float
    maximum: float
    pause_after: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A DB cluster of DescribeDBClusters; `progress` is RDS's percentage, often empty."""

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
    endpoint: Endpoint = Endpoint()
    capacity: CapacityRange | None = None
    """None without Aurora Serverless v2."""
    storage: str = ""
    """StorageType: `aurora-iopt1` is I/O-Optimized."""
    writer: str = ""
    parameter_group: str = ""
    global_cluster: str = ""
    """Identifier of the Aurora global database that it belongs to, empty if it belongs to none."""
    activity_stream: bool = False
    resource_id: str = ""
    """DbClusterResourceId, which stays when the cluster is renamed."""
    restorable_from: datetime | None = None
    restorable_to: datetime | None = None
    """EarliestRestorableTime and LatestRestorableTime, in UTC."""
    mode: str = "provisioned"
    """EngineMode: `serverless` is Aurora Serverless v1."""
    encrypted: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)
    replicas: tuple[str, ...] = ()
    replica_of: str = ""
    """ReadReplicaIdentifiers and ReplicationSourceIdentifier: replica clusters in other regions."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A DB instance of DescribeDBInstances; `cluster` is empty if it belongs to no cluster."""

    identifier: str
    status: str
    engine: str
    version: str
    protected: bool = False
    cluster: str = ""
    subnet_group: str = ""
    security_groups: tuple[str, ...] = ()
    endpoint: Endpoint = Endpoint()
    size: str = ""
    """DBInstanceClass, such as db.serverless."""
    tier: int | None = None
    """PromotionTier of a member of an Aurora cluster: 0 and 1 pause and resume with the writer."""
    arn: str = ""
    monitoring_role: str = ""
    encrypted: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)
    insights_days: int = 0
    """Days that Performance Insights keeps its data, 0 where it is off."""


@dataclass(frozen=True, slots=True)
class DatabaseEvent:
    """One event of RDS (DescribeEvents) about a cluster or instance; `at` is UTC."""

    source: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota of the account: its limit and how much of it is used."""

    name: str
    used: int
    limit: int

    @property
    def left(self) -> int:
        """How many more can be created."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class DatabaseSnapshot:
    """A snapshot of the cluster or instance `database`; `progress` in percent, `created` in UTC or None.

    `type` is RDS's SnapshotType: manual, automated, shared, awsbackup. `key` is the ARN of its KMS
    key, if it is encrypted. `resource_id` is the DbClusterResourceId of a cluster.
    """

    identifier: str
    arn: str
    database: str
    status: str
    progress: int = 0
    created: datetime | None = None
    kind: EventSource = "db-cluster"
    type: str = "manual"
    version: str = ""
    encrypted: bool = False
    key: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    resource_id: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class AutomatedBackups:
    """The automated backups that the deleted cluster `database` left; times are UTC, None if unknown."""

    resource_id: str
    database: str
    version: str = ""
    restorable_from: datetime | None = None
    restorable_to: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class DatabaseSize:
    """How much data a database has, and from which point it can be restored; times are UTC, None if unknown.

    `size` is in bytes; `restorable_to` is LatestRestorableTime; `snapshot` is the newest available snapshot, empty if
    there is none; `refused_calls` are IAM actions that the caller may not use, so that something is unknown.
    """

    identifier: str
    size: int | None = None
    protected: bool = False
    restorable_to: datetime | None = None
    snapshot: str = ""
    snapshot_at: datetime | None = None
    refused_calls: tuple[str, ...] = ()
