"""Ports to what is outside of a stack: databases, snapshots, secrets, names, the account, actual properties, drift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import (
        Cluster,
        DatabaseEvent,
        DatabaseSize,
        DatabaseSnapshot,
        EventSource,
        Instance,
        OfferedVersion,
        Quota,
    )
    from aurora_cfn.model.resource_drift import DriftDetection, ResourceDrift
    from aurora_cfn.model.value import Value
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import DatabaseSnapshot, EventSource
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import DatabaseEvent


class SecretKeys(Protocol):
    """The keys of a secret, without their values."""

    def keys(self, secret: str) -> frozenset[str] | None:
        """Names of the keys in the secret of that name or ARN, empty if it is no JSON object; None if there is none."""


class Databases(Protocol):
    """RDS, read only."""

    def versions(self, engine: str, version: str) -> Sequence[OfferedVersion]:
        """The available versions that `version` matches: all minor versions of a major version alone; may be empty."""

    def cluster(self, identifier: str) -> Cluster | None:
        """The cluster of that identifier, None when there is none."""

    def instance(self, identifier: str) -> Instance | None:
        """The instance of that identifier, None when there is none."""

    def members(self, cluster: str) -> Sequence[Instance]:
        """The instances of the cluster, in one call; empty if it has none or does not exist."""

    def events(self, kind: EventSource, identifier: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        """RDS's own events of a cluster or instance from that moment on, oldest first."""

    def quotas(self) -> Mapping[str, Quota]:
        """Quotas of the account in the region by RDS's names for them (DescribeAccountAttributes)."""


class DsqlClusters(Protocol):
    """Aurora DSQL, read only."""

    def endpoint(self, identifier: str) -> str | None:
        """Host of the cluster of that identifier, with `:port` where it is not 5432; None when there is none."""


class Functions(Protocol):
    """Lambda functions, read only."""

    def code_sha256(self, function: str) -> str | None:
        """SHA-256 of the deployed zip in Base64, None for a function that does not exist."""


class Snapshots(Protocol):
    """Manual snapshots, of clusters and of instances without a cluster."""

    def create_snapshot(
        self, database: str, name: str, *, tags: Mapping[str, str], kind: EventSource = "db-cluster"
    ) -> DatabaseSnapshot:
        """Start a snapshot of the cluster or instance."""

    def snapshot(self, name: str, *, kind: EventSource = "db-cluster") -> DatabaseSnapshot | None:
        """The snapshot of that name, None when there is none; clusters and instances do not share names."""


class DatabaseSizes(Protocol):
    """Sizes and restore points of databases, read only."""

    def cluster_size(self, identifier: str) -> DatabaseSize | None:
        """The size of the cluster, None if it does not exist."""

    def instance_size(self, identifier: str) -> DatabaseSize | None:
        """The size of the instance; None if it does not exist, or belongs to a cluster, which has the data."""


class Names(Protocol):
    """Whether a name is taken in the account and region."""

    def log_group(self, name: str) -> bool:
        """Whether there is a log group of exactly that name."""

    def parameter(self, name: str) -> bool:
        """Whether there is an SSM parameter of that name."""

    def secret(self, name: str) -> bool:
        """Whether there is a secret of that name, one that waits for its deletion included."""


class Account(Protocol):
    """What CloudFormation has in the whole account and region."""

    def importers(self, export: str) -> Sequence[str]:
        """Names of the stacks that import the export."""

    def exports(self) -> frozenset[str]:
        """Names of everything that stacks of the account export in the region."""

    def stacks(self) -> Quota:
        """The quota of stacks in the region."""


class Actuals(Protocol):
    """Actual properties of resources."""

    def properties(self, kind: str, identifier: str) -> Mapping[str, Value] | None:
        """The properties as in the schema of the type `kind`, None when there is no such resource."""


class Drifts(Protocol):
    """Drift detection."""

    def detect_drift(self, stack: str) -> str:
        """Start a detection; its id."""

    def drift_detection(self, detection: str) -> DriftDetection:
        """The state of the detection."""

    def drifts(self, stack: str) -> Sequence[ResourceDrift]:
        """What the last detection found, for every resource that it checked."""


class SnapshotArchive(Protocol):
    """Snapshots of clusters and of instances without a cluster; the two kinds do not share names."""

    def snapshots_of(self, database: str, *, kind: EventSource) -> Sequence[DatabaseSnapshot]:
        """The manual and automated snapshots of the database, oldest first; also of one that was deleted.

        Those of every database in the region if `database` is empty.
        """

    def share_snapshot(
        self, name: str, *, kind: EventSource, add: Collection[str] = (), remove: Collection[str] = ()
    ) -> Sequence[str]:
        """Let these accounts restore it, or no longer; all that may afterwards, sorted, with `all` for everyone."""

    def copy_snapshot(
        self, source: DatabaseSnapshot, name: str, *, tags: Mapping[str, str], key: str = ""
    ) -> DatabaseSnapshot:
        """Start a copy in the same region, encrypted with the KMS key `key` where one is given."""

    def delete_snapshot(self, name: str, *, kind: EventSource) -> None:
        """Delete the snapshot."""


class EncryptionKeys(Protocol):
    """KMS keys, read only."""

    def made_by_aws(self, key: str) -> bool | None:
        """Whether it is a key that AWS manages, such as aws/rds; None where the caller may not read it."""


class Attachments(Protocol):
    """What is attached to a cluster, read only; each method asks RDS for one kind."""

    def proxies(self, cluster: str) -> Sequence[str]:
        """Names of the RDS proxies that have the cluster or one of its instances as a target."""

    def integrations(self, arn: str) -> Sequence[str]:
        """Names of the zero-ETL integrations whose source is the cluster of that ARN."""

    def global_cluster(self, arn: str) -> tuple[str, bool] | None:
        """The Aurora global database of the cluster, and whether the cluster is its primary; None if it has none."""

    def changed_parameters(self, group: str) -> Mapping[str, str]:
        """Parameters of a DB cluster parameter group with values that a user set."""

    def blue_green(self, arn: str) -> Sequence[str]:
        """Names of the blue/green deployments of the cluster that were not switched over yet."""

    def pending_maintenance(self, arn: str) -> Sequence[str]:
        """Maintenance actions that wait for the cluster, such as system-update."""

    def pause_events(self, instance: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        """Events of the instance since then, oldest first, pauses and resumes among them; RDS keeps them 14 days."""
