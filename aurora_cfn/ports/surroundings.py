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
