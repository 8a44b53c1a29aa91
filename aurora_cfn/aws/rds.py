"""The RDS ports on botocore: databases, events, quotas, and taking snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.clock import utc
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row, first_row, tag_rows
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_CLUSTER, NO_INSTANCE, NO_SNAPSHOT
from aurora_cfn.model.rds_database import (
    AutomatedBackups,
    CapacityRange,
    Cluster,
    DatabaseEvent,
    DatabaseSnapshot,
    Endpoint,
    EventSource,
    Instance,
    OfferedVersion,
    Quota,
)

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AwsDatabases:
    """The port Databases."""

    session: Session

    def versions(self, engine: str, version: str) -> Sequence[OfferedVersion]:
        asked = {"Engine": engine, "EngineVersion": version}
        return every_row(self.session.rds, "describe_db_engine_versions", "DBEngineVersions", _version, **asked)

    def cluster(self, identifier: str) -> Cluster | None:
        if not identifier:
            # RDS takes an empty identifier for none, and describes every cluster; the same below.
            return None
        asked = {"DBClusterIdentifier": identifier}
        return first_row(self.session.rds, "describe_db_clusters", "DBClusters", _cluster, NO_CLUSTER, **asked)

    def instance(self, identifier: str) -> Instance | None:
        if not identifier:
            return None
        asked = {"DBInstanceIdentifier": identifier}
        return first_row(self.session.rds, "describe_db_instances", "DBInstances", _instance, NO_INSTANCE, **asked)

    def members(self, cluster: str) -> Sequence[Instance]:
        # DescribeDBClusters names the members, but not their status.
        filters = [{"Name": "db-cluster-id", "Values": [cluster]}]
        return every_row(self.session.rds, "describe_db_instances", "DBInstances", _instance, Filters=filters)

    def events(self, kind: EventSource, identifier: str, *, since: datetime) -> Sequence[DatabaseEvent]:
        return events_since(self.session.rds, kind, identifier, since)

    def quotas(self) -> Mapping[str, Quota]:
        with translated("DescribeAccountAttributes"):
            rows = self.session.rds.describe_account_attributes().get("AccountQuotas", [])
            found = (Quota(row["AccountQuotaName"], row.get("Used", 0), row.get("Max", 0)) for row in rows)
            return {quota.name: quota for quota in found}


@dataclass(frozen=True, slots=True)
class AwsSnapshots:
    """The port Snapshots."""

    session: Session

    def create_snapshot(
        self, database: str, name: str, *, tags: Mapping[str, str], kind: EventSource = "db-cluster"
    ) -> DatabaseSnapshot:
        rows = tag_rows(tags)
        if kind == "db-instance":
            with translated("CreateDBSnapshot"):
                made = self.session.rds.create_db_snapshot(
                    DBInstanceIdentifier=database, DBSnapshotIdentifier=name, Tags=rows
                )
                return instance_snapshot(made["DBSnapshot"])
        with translated("CreateDBClusterSnapshot"):
            answer = self.session.rds.create_db_cluster_snapshot(
                DBClusterIdentifier=database, DBClusterSnapshotIdentifier=name, Tags=rows
            )
            return cluster_snapshot(answer["DBClusterSnapshot"])

    def snapshot(self, name: str, *, kind: EventSource = "db-cluster") -> DatabaseSnapshot | None:
        if not name:
            return None
        if kind == "db-instance":
            method, key, asked = "describe_db_snapshots", "DBSnapshots", {"DBSnapshotIdentifier": name}
            return first_row(self.session.rds, method, key, instance_snapshot, NO_SNAPSHOT, **asked)
        asked = {"DBClusterSnapshotIdentifier": name}
        method, key = "describe_db_cluster_snapshots", "DBClusterSnapshots"
        return first_row(self.session.rds, method, key, cluster_snapshot, NO_SNAPSHOT, **asked)


def _version(row: Row) -> OfferedVersion:
    # Versions without Aurora Serverless v2 have no ServerlessV2FeaturesSupport.
    capacity = row.get("ServerlessV2FeaturesSupport", {})
    return OfferedVersion(row["Engine"], row["EngineVersion"], capacity.get("MinCapacity"), capacity.get("MaxCapacity"))


def _cluster(row: Row) -> Cluster:
    return Cluster(
        identifier=row["DBClusterIdentifier"],
        arn=row.get("DBClusterArn", ""),
        status=row.get("Status", ""),
        engine=row.get("Engine", ""),
        version=row.get("EngineVersion", ""),
        protected=bool(row.get("DeletionProtection")),
        progress=row.get("PercentProgress", ""),
        instances=tuple(member["DBInstanceIdentifier"] for member in row.get("DBClusterMembers", ())),
        subnet_group=row.get("DBSubnetGroup", ""),
        security_groups=_groups(row),
        endpoint=_endpoint(row, row.get("Endpoint", ""), row.get("Port", 0), "DatabaseName"),
        capacity=_capacity_range(row.get("ServerlessV2ScalingConfiguration")),
        storage=row.get("StorageType", ""),
        writer=_writer(row),
        parameter_group=row.get("DBClusterParameterGroup", ""),
        global_cluster=row.get("GlobalClusterIdentifier") or "",
        # Also while it starts or stops: RDS refuses some changes until it is gone.
        activity_stream=row.get("ActivityStreamStatus", "stopped") != "stopped",
        resource_id=row.get("DbClusterResourceId", ""),
        restorable_from=utc(row.get("EarliestRestorableTime")),
        restorable_to=utc(row.get("LatestRestorableTime")),
        mode=row.get("EngineMode", "provisioned"),
        encrypted=bool(row.get("StorageEncrypted")),
        tags=_tags(row),
        replicas=tuple(row.get("ReadReplicaIdentifiers", ())),
        replica_of=row.get("ReplicationSourceIdentifier") or "",
    )


def _writer(row: Row) -> str:
    members = row.get("DBClusterMembers", ())
    return next((member["DBInstanceIdentifier"] for member in members if member.get("IsClusterWriter")), "")


def _capacity_range(row: Row | None) -> CapacityRange | None:
    if not row:
        return None
    return CapacityRange(row["MinCapacity"], row.get("MaxCapacity", 0), row.get("SecondsUntilAutoPause", 0))


def _instance(row: Row) -> Instance:
    at = row.get("Endpoint") or {}  # an instance that is being created has none
    return Instance(
        identifier=row["DBInstanceIdentifier"],
        status=row.get("DBInstanceStatus", ""),
        engine=row.get("Engine", ""),
        version=row.get("EngineVersion", ""),
        protected=bool(row.get("DeletionProtection")),
        cluster=row.get("DBClusterIdentifier", ""),
        subnet_group=row.get("DBSubnetGroup", {}).get("DBSubnetGroupName", ""),
        security_groups=_groups(row),
        endpoint=_endpoint(row, at.get("Address", ""), at.get("Port", 0), "DBName"),
        size=row.get("DBInstanceClass", ""),
        tier=row.get("PromotionTier"),
        arn=row.get("DBInstanceArn", ""),
        monitoring_role=row.get("MonitoringRoleArn") or "",
        encrypted=bool(row.get("StorageEncrypted")),
        tags=_tags(row),
        # 7 is the default (DBInstance, RDS API reference).
        insights_days=row.get("PerformanceInsightsRetentionPeriod", 7) if row.get("PerformanceInsightsEnabled") else 0,
    )


def _endpoint(row: Row, host: str, port: int, name: str) -> Endpoint:
    # MasterUserSecret is there only where RDS manages the password.
    managed = row.get("MasterUserSecret") or {}
    return Endpoint(
        host=host,
        port=port,
        database=row.get(name) or "",
        user=row.get("MasterUsername", ""),
        secret_arn=managed.get("SecretArn", ""),
        data_api=bool(row.get("HttpEndpointEnabled")),
        reader=row.get("ReaderEndpoint") or "",
        iam=bool(row.get("IAMDatabaseAuthenticationEnabled")),
        resource_id=row.get("DbClusterResourceId") or row.get("DbiResourceId") or "",
        secret_status=managed.get("SecretStatus", ""),
    )


def _groups(row: Row) -> tuple[str, ...]:
    return tuple(group["VpcSecurityGroupId"] for group in row.get("VpcSecurityGroups", ()))


def events_since(rds: RDSClient, kind: EventSource, identifier: str, since: datetime) -> Sequence[DatabaseEvent]:
    """Events of the cluster or instance since then, which RDS keeps for 14 days; oldest first."""
    # With a start: without one RDS returns the past hour only (DescribeEvents).
    asked = {"SourceType": kind, "SourceIdentifier": identifier, "StartTime": since}
    return sorted(every_row(rds, "describe_events", "Events", _event, **asked), key=lambda event: event.at)


def _event(row: Row) -> DatabaseEvent:
    return DatabaseEvent(row.get("SourceIdentifier", ""), row["Date"].astimezone(UTC), row.get("Message", ""))


def cluster_snapshot(row: Row) -> DatabaseSnapshot:
    """The snapshot of a cluster that DescribeDBClusterSnapshots shows as this row."""
    return replace(_snapshot(row, "DBClusterSnapshot"), database=row.get("DBClusterIdentifier", ""))


def instance_snapshot(row: Row) -> DatabaseSnapshot:
    """The snapshot of an instance that DescribeDBSnapshots shows as this row."""
    return replace(_snapshot(row, "DBSnapshot"), database=row.get("DBInstanceIdentifier", ""), kind="db-instance")


def automated_backups(row: Row) -> AutomatedBackups:
    """The backups of a deleted cluster that DescribeDBClusterAutomatedBackups shows as this row."""
    window = row.get("RestoreWindow") or {}
    return AutomatedBackups(
        resource_id=row["DbClusterResourceId"],
        database=row.get("DBClusterIdentifier", ""),
        version=row.get("EngineVersion", ""),
        engine=row.get("Engine", ""),
        encrypted=row.get("StorageEncrypted", True),
        restorable_from=utc(window.get("EarliestTime")),
        restorable_to=utc(window.get("LatestTime")),
        tags=_tags(row),
    )


def _snapshot(row: Row, prefix: str) -> DatabaseSnapshot:
    return DatabaseSnapshot(
        identifier=row[f"{prefix}Identifier"],
        arn=row.get(f"{prefix}Arn", ""),
        database="",
        status=row.get("Status", ""),
        progress=row.get("PercentProgress", 0),
        created=utc(row.get("SnapshotCreateTime")),
        resource_id=row.get("DbClusterResourceId", ""),
        type=row.get("SnapshotType", "manual"),
        version=row.get("EngineVersion", ""),
        engine=row.get("Engine", ""),
        # RDS names the flag of a cluster's snapshot and of an instance's differently.
        encrypted=bool(row.get("StorageEncrypted") or row.get("Encrypted")),
        key=row.get("KmsKeyId") or "",
        tags=_tags(row),
    )


def _tags(row: Row) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in row.get("TagList", ())}
