"""The port DatabaseSizes on boto3: sizes of databases from CloudWatch, restore points from RDS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_CLUSTER, NO_INSTANCE, AwsError
from aurora_cfn.model.rds_database import DatabaseSize
from aurora_cfn.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

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
        row = self._row("DescribeDBClusters", NO_CLUSTER, lambda: self._cluster(identifier))
        if row is None:
            return None
        holding = _holding(identifier, row)
        holding = _with(holding, "cloudwatch:GetMetricStatistics", lambda one: replace(one, size=self._volume(one)))
        return _with(
            holding,
            "rds:DescribeDBClusterSnapshots",
            lambda one: _copied(one, _of_same(row, self._cluster_snapshots(one), "DbClusterResourceId")),
        )

    def instance_size(self, identifier: str) -> DatabaseSize | None:
        """Size of an instance without cluster: AllocatedStorage minus FreeStorageSpace."""
        row = self._row("DescribeDBInstances", NO_INSTANCE, lambda: self._instance(identifier))
        if row is None or row.get("DBClusterIdentifier"):
            return None
        holding = _holding(identifier, row)
        # RDS gives gibibytes, CloudWatch bytes.
        given = int(row.get("AllocatedStorage", 0)) * GIB
        holding = _with(
            holding, "cloudwatch:GetMetricStatistics", lambda one: replace(one, size=self._used(one, given))
        )
        return _with(
            holding,
            "rds:DescribeDBSnapshots",
            lambda one: _copied(one, _of_same(row, self._instance_snapshots(one), "DbiResourceId")),
        )

    def _row(self, operation: str, absent: frozenset[str], ask: Callable[[], Sequence[Row]]) -> Row | None:
        try:
            with translated(operation):
                return next(iter(ask()), None)
        except AwsError as error:
            if error.code in absent:
                return None
            raise

    def _cluster(self, identifier: str) -> Sequence[Row]:
        return self._rds.describe_db_clusters(DBClusterIdentifier=identifier).get("DBClusters", ())

    def _instance(self, identifier: str) -> Sequence[Row]:
        return self._rds.describe_db_instances(DBInstanceIdentifier=identifier).get("DBInstances", ())

    def _cluster_snapshots(self, holding: DatabaseSize) -> Iterable[tuple[str, Row]]:
        with translated("DescribeDBClusterSnapshots"):
            pages = self._rds.get_paginator("describe_db_cluster_snapshots").paginate(
                DBClusterIdentifier=holding.identifier
            )
            return [
                (row["DBClusterSnapshotIdentifier"], row)
                for page in pages
                for row in page.get("DBClusterSnapshots", ())
            ]

    def _instance_snapshots(self, holding: DatabaseSize) -> Iterable[tuple[str, Row]]:
        with translated("DescribeDBSnapshots"):
            pages = self._rds.get_paginator("describe_db_snapshots").paginate(DBInstanceIdentifier=holding.identifier)
            return [(row["DBSnapshotIdentifier"], row) for page in pages for row in page.get("DBSnapshots", ())]

    def _volume(self, holding: DatabaseSize) -> int | None:
        return self._latest("VolumeBytesUsed", "DBClusterIdentifier", holding.identifier)

    def _used(self, holding: DatabaseSize, given: int) -> int | None:
        free = self._latest("FreeStorageSpace", "DBInstanceIdentifier", holding.identifier)
        return None if free is None else max(0, given - free)

    def _latest(self, metric: str, dimension: str, identifier: str) -> int | None:
        """The newest value of the metric, None if there is none."""
        now = self._clock.now()
        with translated("GetMetricStatistics"):
            answer = self._session.client("cloudwatch").get_metric_statistics(
                Namespace="AWS/RDS",
                MetricName=metric,
                Dimensions=[{"Name": dimension, "Value": identifier}],
                StartTime=now - RECENT,
                EndTime=now,
                Period=300,  # seconds: the size of a database moves slowly
                Statistics=["Maximum"],
            )
        points = sorted(answer.get("Datapoints", ()), key=lambda point: point["Timestamp"])
        return int(points[-1]["Maximum"]) if points else None

    @property
    def _rds(self) -> RDSClient:
        return self._session.client("rds")


def _holding(identifier: str, row: Row) -> DatabaseSize:
    restorable = row.get("LatestRestorableTime")
    return DatabaseSize(
        identifier,
        protected=bool(row.get("DeletionProtection")),
        restorable_to=restorable.astimezone(UTC) if restorable else None,
    )


def _with(holding: DatabaseSize, action: str, more: Callable[[DatabaseSize], DatabaseSize]) -> DatabaseSize:
    """`more(holding)`; if AWS refuses it, the holding with the action added to `refused_calls`."""
    try:
        return more(holding)
    except AwsError:
        # Whatever it was: the size is an extra of the plan, and its absence is named there.
        return replace(holding, refused_calls=(*holding.refused_calls, action))


def _of_same(database: Row, snapshots: Iterable[tuple[str, Row]], key: str) -> Iterable[tuple[str, Row]]:
    """The snapshots of this database, by its resource id: an earlier one of the same name has left others."""
    mine = database.get(key)
    return [(name, row) for name, row in snapshots if not mine or row.get(key, mine) == mine]


def _copied(holding: DatabaseSize, snapshots: Iterable[tuple[str, Row]]) -> DatabaseSize:
    """The holding with its newest available snapshot."""
    ready = [(row.get("SnapshotCreateTime"), name) for name, row in snapshots if row.get("Status") == "available"]
    dated = [(at, name) for at, name in ready if at is not None]
    if not dated:
        return holding
    at, name = max(dated)
    return replace(holding, snapshot=name, snapshot_at=at.astimezone(UTC))
