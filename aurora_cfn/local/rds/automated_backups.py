"""Automated backups of clusters, kept after the deletion with DeleteAutomatedBackups false: ministack 1.5.33 has none.

The backups of a deleted cluster are an automated snapshot too, as in RDS, and its record says that they are kept. No
history is kept here: the one time in them is that of the deletion.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ministack.services import rds

from aurora_cfn.local.cloudformation.records import xml
from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.backing import (
    CLUSTER,
    CLUSTER_SNAPSHOT,
    Backing,
    Record,
    add_actions,
    answered,
    given,
)
from aurora_cfn.local.rds.limits import RefusedError

UNTIL = "_KeptUntil"
"""Key of a snapshot's record: seconds since 1970, after which the backups of the deleted cluster are gone."""
_DAY = 86_400
MISSING = "DBClusterAutomatedBackupNotFoundFault"
_COPIED = (
    "DBClusterIdentifier", "DbClusterResourceId", "Engine", "EngineVersion", "MasterUsername", "Port",
    "ClusterCreateTime", "BackupRetentionPeriod", "StorageEncrypted", "KmsKeyId", "_MasterUserPassword",
)  # fmt: skip


def install(backing: Backing) -> None:
    """Add the actions that ministack lacks."""
    add_actions(backing, {
        "DescribeDBClusterAutomatedBackups": _described, "DeleteDBClusterAutomatedBackup": _deleted,
    })  # fmt: skip


def wanted(cluster: Record, parameters: dict[str, Any]) -> Record | None:
    """The record of the backups that a deletion leaves, made before it; None where it leaves none."""
    if given(parameters, "DeleteAutomatedBackups").lower() != "false":
        return None
    now = datetime.now(UTC)
    name = f"rds:{cluster['DBClusterIdentifier']}-{now:%Y-%m-%d-%H-%M-%S}"
    head = cluster["DBClusterArn"].split(":cluster:")[0]
    return {key: cluster[key] for key in _COPIED if key in cluster} | {
        "DBClusterSnapshotIdentifier": name,
        "DBClusterSnapshotArn": f"{head}:cluster-snapshot:{name}",
        "SnapshotType": "automated",
        # As ministack writes the time of a final snapshot, with milliseconds: this one is the later of the two.
        "SnapshotCreateTime": rds._format_time(time.time()),
        "Status": "available",
        "TagList": list(rds._tags.get(cluster["DBClusterArn"], [])),
        "_DatabaseName": cluster.get("DatabaseName") or "",
        # 1 day is the default of BackupRetentionPeriod (CreateDBCluster, API reference).
        UNTIL: time.time() + int(cluster.get("BackupRetentionPeriod") or 1) * _DAY,
    }


def keep(backing: Backing, record: Record) -> None:
    """Keep the backups of a cluster that was deleted: its data become those of the record."""
    cluster, name = record["DBClusterIdentifier"], record["DBClusterSnapshotIdentifier"]
    rds._db_cluster_snapshots[name] = record
    if backing.has(CLUSTER, cluster):
        key = backing.key(CLUSTER, cluster)
        backing.databases.close(key)
        backing.databases.rename(key, backing.key(CLUSTER_SNAPSHOT, name))


def kept(backing: Backing) -> Iterator[Record]:
    """The records of backups of deleted clusters, those whose time is over deleted."""
    for record in list(rds._db_cluster_snapshots.values()):
        if UNTIL in record and record[UNTIL] < time.time():
            _drop(backing, record)
        elif UNTIL in record:
            yield record


def _drop(backing: Backing, record: Record) -> None:
    name = record["DBClusterSnapshotIdentifier"]
    rds._db_cluster_snapshots.pop(name)
    backing.databases.drop(backing.key(CLUSTER_SNAPSHOT, name))


def _deleted(backing: Backing, parameters: dict[str, Any]) -> Answer:
    wanted_id = given(parameters, "DbClusterResourceId")
    found = next((row for row in kept(backing) if _is(row, wanted_id)), None)
    if found is None:
        raise RefusedError(MISSING, f"Automated backup for DB cluster {wanted_id} not found.", 404)
    _drop(backing, found)
    return answered("DeleteDBClusterAutomatedBackup", _xml(found, "deleting"))


def _described(backing: Backing, parameters: dict[str, Any]) -> Answer:
    resource_id, name = given(parameters, "DbClusterResourceId"), given(parameters, "DBClusterIdentifier")
    statuses = rds._parse_filters(parameters).get("status", ())
    rows = [(row, "active") for row in rds._clusters.values()] + [(row, "retained") for row in kept(backing)]
    found = [
        _xml(row, status)
        for row, status in rows
        if (not resource_id or _is(row, resource_id))
        and (not name or row["DBClusterIdentifier"] == name.lower())
        and (not statuses or status in statuses)
    ]
    return answered(
        "DescribeDBClusterAutomatedBackups",
        f"<DBClusterAutomatedBackups>{''.join(found)}</DBClusterAutomatedBackups>",
    )  # fmt: skip


def _is(record: Record, resource_id: str) -> bool:
    return str(record.get("DbClusterResourceId", "")).casefold() == resource_id.casefold()


def _xml(record: Record, status: str) -> str:
    at = record.get("SnapshotCreateTime") or rds._format_time(time.time())
    tags = record.get("TagList") or rds._tags.get(record.get("DBClusterArn", ""), [])
    words = {key: record.get(key, "") for key in _COPIED if not key.startswith("_")} | {"Status": status}
    listed = "".join(f"<Tag>{xml(tag)}</Tag>" for tag in tags)
    window = f"<EarliestTime>{at}</EarliestTime><LatestTime>{at}</LatestTime>"
    return (
        f"<DBClusterAutomatedBackup>{xml(words)}<RestoreWindow>{window}</RestoreWindow><TagList>{listed}</TagList>"
        "</DBClusterAutomatedBackup>"
    )
