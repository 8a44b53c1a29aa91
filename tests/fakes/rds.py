"""RDS in memory: what tests put there, and snapshots that take their time on the test's clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aurora_cfn.errors import AwsError
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
from tests.fakes.clock import FakeClock


def denied(operation: str) -> AwsError:
    """What AWS says when a permission is missing."""
    what = f"{operation}: User: arn:aws:iam::123456789012:user/x is not authorized to perform it (AccessDenied)"
    return AwsError(what, operation=operation, code="AccessDenied")


@dataclass(slots=True)
class FakeDatabases:
    """The port Databases; `trouble` is raised for an operation by its name, `calls` lists what was asked."""

    offered: list[OfferedVersion] = field(default_factory=list)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    instances: dict[str, Instance] = field(default_factory=dict)
    known_events: list[tuple[EventSource, DatabaseEvent]] = field(default_factory=list)
    limits: dict[str, Quota] = field(default_factory=dict)
    trouble: dict[str, AwsError] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def versions(self, engine: str, version: str) -> Sequence[OfferedVersion]:
        self._called("DescribeDBEngineVersions")
        mine = [row for row in self.offered if row.engine == engine]
        return [row for row in mine if row.version == version or row.version.startswith(f"{version}.")]

    def cluster(self, identifier: str) -> Cluster | None:
        self._called("DescribeDBClusters")
        return self.clusters.get(identifier)

    def instance(self, identifier: str) -> Instance | None:
        self._called("DescribeDBInstances")
        return self.instances.get(identifier)

    def members(self, cluster: str) -> Sequence[Instance]:
        self._called("DescribeDBInstances")
        return [row for row in self.instances.values() if row.cluster == cluster]

    def events(self, kind: EventSource, identifier: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        self._called("DescribeEvents")
        return [
            row for source, row in self.known_events if (source, row.source) == (kind, identifier) and row.at >= since
        ]

    def quotas(self) -> Mapping[str, Quota]:
        self._called("DescribeAccountAttributes")
        return self.limits

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        if operation in self.trouble:
            raise self.trouble[operation]


@dataclass(slots=True)
class FakeSnapshots:
    """The port Snapshots; a snapshot is there after `seconds`, or has failed when `fails`."""

    clock: FakeClock
    seconds: float = 100.0
    fails: bool = False
    trouble: list[AwsError] = field(default_factory=list)
    kept: dict[str, tuple[DatabaseSnapshot, float]] = field(default_factory=dict)
    tags: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def create_snapshot(
        self, database: str, name: str, *, tags: Mapping[str, str], kind: EventSource = "db-cluster"
    ) -> DatabaseSnapshot:
        noun = "cluster-snapshot" if kind == "db-cluster" else "snapshot"
        arn = f"arn:aws:rds:eu-west-1:123456789012:{noun}:{name}"
        made = DatabaseSnapshot(name, arn, database, "creating", created=self.clock.now(), kind=kind)
        self.kept[name] = made, self.clock.monotonic() + self.seconds
        self.tags[name] = tags
        return made

    def snapshot(self, name: str, *, kind: EventSource = "db-cluster") -> DatabaseSnapshot | None:
        if self.trouble:
            raise self.trouble.pop(0)
        if name not in self.kept or self.kept[name][0].kind != kind:
            return None
        made, due = self.kept[name]
        if self.clock.monotonic() < due:
            return made
        return replace(made, status="failed" if self.fails else "available", progress=100)


@dataclass(slots=True)
class FakeHoldings:
    """The port DatabaseSizes: clusters and instances by identifier; `trouble` is raised when there is one."""

    clusters: dict[str, DatabaseSize] = field(default_factory=dict)
    instances: dict[str, DatabaseSize] = field(default_factory=dict)
    trouble: AwsError | None = None

    def cluster_size(self, identifier: str) -> DatabaseSize | None:
        return self._told(self.clusters, identifier)

    def instance_size(self, identifier: str) -> DatabaseSize | None:
        return self._told(self.instances, identifier)

    def _told(self, kept: Mapping[str, DatabaseSize], identifier: str) -> DatabaseSize | None:
        if self.trouble:
            raise self.trouble
        return kept.get(identifier)
