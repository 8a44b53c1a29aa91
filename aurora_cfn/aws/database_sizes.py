"""The port DatabaseSizes on botocore: sizes of databases from CloudWatch, restore points from RDS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from typing import Any

from aurora_cfn.aws.clock import utc
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row, first_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_CLUSTER, NO_INSTANCE, AwsError
from aurora_cfn.model.rds_database import DatabaseSize
from aurora_cfn.ports import Clock

Row = Mapping[str, Any]
GIB = 2**30
RECENT = timedelta(hours=6)
"""How far back metrics are read: a paused cluster has no new values (Aurora user guide, CloudWatch metrics)."""


class AwsDatabaseSizes:
    """The port DatabaseSizes. Raises AwsError only if the database cannot be described; other refusals leave a gap."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Keep the session and the clock."""
        self._session, self._clock = session, clock

    def cluster_size(self, identifier: str) -> DatabaseSize | None:
        """Size of the cluster's volume (VolumeBytesUsed), and its newest snapshot."""
        asked = {"DBClusterIdentifier": identifier}
        row = first_row(self._session.rds, "describe_db_clusters", "DBClusters", dict, NO_CLUSTER, **asked)
        if row is None:
            return None
        found = _with(
            _described(identifier, row),
            "cloudwatch:GetMetricStatistics",
            lambda one: replace(one, size=self._latest("VolumeBytesUsed", asked)),
        )
        method, key = "describe_db_cluster_snapshots", "DBClusterSnapshots"
        taken = partial(every_row, self._session.rds, method, key, dict, **asked)
        return _with(
            found,
            "rds:DescribeDBClusterSnapshots",
            lambda one: _with_newest(one, _of_same(row, taken(), "DbClusterResourceId")),
        )

    def instance_size(self, identifier: str) -> DatabaseSize | None:
        """Size of an instance without cluster: AllocatedStorage minus FreeStorageSpace."""
        asked = {"DBInstanceIdentifier": identifier}
        row = first_row(self._session.rds, "describe_db_instances", "DBInstances", dict, NO_INSTANCE, **asked)
        # The volume belongs to the cluster: a member has no size of its own.
        if row is None or row.get("DBClusterIdentifier"):
            return None
        found = _with(
            _described(identifier, row),
            "cloudwatch:GetMetricStatistics",
            lambda one: replace(one, size=self._used(row, asked)),
        )
        taken = partial(every_row, self._session.rds, "describe_db_snapshots", "DBSnapshots", dict, **asked)
        return _with(
            found,
            "rds:DescribeDBSnapshots",
            lambda one: _with_newest(one, _of_same(row, taken(), "DbiResourceId")),
        )

    def _used(self, row: Row, asked: Mapping[str, str]) -> int | None:
        free = self._latest("FreeStorageSpace", asked)
        # RDS gives gibibytes, CloudWatch bytes.
        return None if free is None else max(0, int(row.get("AllocatedStorage", 0)) * GIB - free)

    def _latest(self, metric: str, dimensions: Mapping[str, str]) -> int | None:
        """The newest value of the metric, None if there is none."""
        now = self._clock.now()
        with translated("GetMetricStatistics"):
            answer = self._session.client("cloudwatch").get_metric_statistics(
                Namespace="AWS/RDS",
                MetricName=metric,
                Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
                StartTime=now - RECENT,
                EndTime=now,
                Period=300,  # seconds: the size of a database moves slowly
                Statistics=["Maximum"],
            )
            points = sorted(answer.get("Datapoints", ()), key=lambda point: point["Timestamp"])
            return int(points[-1]["Maximum"]) if points else None


def _described(identifier: str, row: Row) -> DatabaseSize:
    return DatabaseSize(
        identifier,
        protected=bool(row.get("DeletionProtection")),
        restorable_to=utc(row.get("LatestRestorableTime")),
    )


def _with(found: DatabaseSize, action: str, more: Callable[[DatabaseSize], DatabaseSize]) -> DatabaseSize:
    """`more(found)`; if AWS refuses a call, `found` with the action added to `refused_calls`."""
    try:
        return more(found)
    except AwsError:
        # Any error counts: a plan continues without the size, and says that it is missing.
        return replace(found, refused_calls=(*found.refused_calls, action))


def _of_same(database: Row, snapshots: Sequence[Row], key: str) -> Sequence[Row]:
    """The snapshots of this database, by its resource id: an earlier one of the same name has left others."""
    mine = database.get(key)
    return [row for row in snapshots if not mine or row.get(key, mine) == mine]


def _with_newest(found: DatabaseSize, snapshots: Sequence[Row]) -> DatabaseSize:
    """The size with the newest available snapshot."""
    # One that is still being taken cannot be restored yet.
    ready = [row for row in snapshots if row.get("Status") == "available" and row.get("SnapshotCreateTime")]
    if not ready:
        return found
    newest = max(ready, key=lambda row: (row["SnapshotCreateTime"], _name(row)))
    at, name = newest["SnapshotCreateTime"], _name(newest)
    return replace(found, snapshot=name, snapshot_at=at.astimezone(UTC))


def _name(snapshot: Row) -> str:
    return str(snapshot.get("DBClusterSnapshotIdentifier") or snapshot.get("DBSnapshotIdentifier", ""))
