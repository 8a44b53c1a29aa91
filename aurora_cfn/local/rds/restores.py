"""Snapshots, restores, points in time, clones and replicas: copies of the data of another database.

The emulator keeps no history: the only point in time is the latest. A copy is made of the files, with the source's
server stopped for that moment, so it is the same for a full copy and for a clone that copies on write.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from ministack.services import rds

from aurora_cfn.facts.versions import read_version
from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds import automated_backups, limits
from aurora_cfn.local.rds.backing import (
    CLUSTER,
    CLUSTER_SNAPSHOT,
    INSTANCE,
    NOUNS,
    SNAPSHOT,
    STORES,
    Backing,
    add_actions,
    given,
    replace_actions,
)
from aurora_cfn.local.rds.limits import RefusedError
from aurora_cfn.local.rds.passwords import take_over
from aurora_cfn.local.replacing import Inner, replace

NO_HISTORY = (
    "not emulated: a restore to an earlier time. The local emulator keeps no history; use UseLatestRestorableTime."
)
Parameters = dict[str, Any]
_GROUP = "CloneGroupId"
"""What a cluster and its clones have in common, from the first clone on."""


def install(backing: Backing) -> None:
    """Replace ministack's actions and its making of snapshots, and add the actions that it lacks."""
    replace_actions(backing, {
        "DeleteDBClusterSnapshot": partial(_dropping, CLUSTER_SNAPSHOT, "DBClusterSnapshotIdentifier"),
        "DeleteDBSnapshot": partial(_dropping, SNAPSHOT, "DBSnapshotIdentifier"),
        "RestoreDBInstanceFromDBSnapshot": _restoring_instance,
        "CreateDBInstanceReadReplica": _replicating,
    })  # fmt: skip
    add_actions(backing, {
        "RestoreDBClusterFromSnapshot": _cluster_from_snapshot,
        "RestoreDBClusterToPointInTime": partial(_to_point_in_time, CLUSTER, _cluster_to_point_in_time),
        "RestoreDBInstanceToPointInTime": partial(_to_point_in_time, INSTANCE, _instance_to_point_in_time),
    })  # fmt: skip
    replace(rds, "_cluster_xml", _restorable_now)
    replace(rds, "_instance_xml", _restorable_now)
    replace(rds, "_create_cluster_snapshot_internal", partial(_with_data, backing, CLUSTER, CLUSTER_SNAPSHOT))
    replace(rds, "_create_snapshot_internal", partial(_with_data, backing, INSTANCE, SNAPSHOT))


def _restorable_now(inner: Inner, record: Parameters) -> Any:
    """The answer of a record with the only time to which it can be restored: now."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    times = dict.fromkeys(("EarliestRestorableTime", "LatestRestorableTime"), now)
    group = f"<{_GROUP}>{record[_GROUP]}</{_GROUP}>" if record.get(_GROUP) else ""
    return inner({**record, **{name: time for name, time in times.items() if name in record}}) + group


def _with_data(backing: Backing, kind: str, target: str, inner: Inner, name: str, record: Parameters) -> Any:
    """The record of a new snapshot, whose kind is `target`, with a copy of the data behind it."""
    source = record[f"{NOUNS[kind]}Identifier"]
    if backing.has(kind, source):
        # Before the record, which would otherwise be saved, and outlive a kill, without its data.
        backing.databases.drop(backing.key(target, name))
        backing.databases.copy(backing.key(kind, source), backing.key(target, name))
    found = inner(name, record)
    found["_MasterUserPassword"] = record.get("_MasterUserPassword", "")
    found["_DatabaseName"] = record.get("DatabaseName") or record.get("DBName") or ""
    return found


def _dropping(kind: str, label: str, backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    answer = inner(parameters)
    if answer[0] < 300:
        backing.databases.drop(backing.key(kind, given(parameters, label)))
    return answer


def _restoring_instance(backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    name = given(parameters, "DBSnapshotIdentifier").rpartition(":")[2]
    answer = inner(parameters | {"DBSnapshotIdentifier": [name]})
    if answer[0] < 300:
        snapshot = rds._snapshots[name]
        record = rds._instances[given(parameters, "DBInstanceIdentifier")]
        record["_MasterUserPassword"] = snapshot.get("_MasterUserPassword", "")
        record["DBName"] = snapshot.get("_DatabaseName", "")
        backing.make(INSTANCE, record, source=_key_with_data(backing, SNAPSHOT, name))
    return answer


def _cluster_from_snapshot(backing: Backing, parameters: Parameters) -> Answer:
    wanted = given(parameters, "SnapshotIdentifier")
    name = wanted.rpartition(":")[2]
    # The snapshot of an instance is found by its ARN only.
    of_instance = ":snapshot:" in wanted
    store = rds._snapshots if of_instance else rds._db_cluster_snapshots
    snapshot = store.get(name)
    if not snapshot and of_instance:
        raise RefusedError("DBSnapshotNotFound", f"DB snapshot {name} not found.", 404)
    if not snapshot:
        raise RefusedError("DBClusterSnapshotNotFoundFault", f"DB cluster snapshot {name} not found.", 404)
    source = _key_with_data(backing, SNAPSHOT if of_instance else CLUSTER_SNAPSHOT, name)
    _refuse_other_version(parameters, snapshot, same_major=of_instance)
    return _new_cluster(backing, parameters, snapshot, source, "RestoreDBClusterFromSnapshot")


def _refuse_other_version(parameters: Parameters, snapshot: Parameters, *, same_major: bool) -> None:
    """Raise RefusedError for another engine, an older version, and with `same_major` for another major version."""
    engine, version = given(parameters, "Engine"), given(parameters, "EngineVersion")
    family = limits.family(engine)
    if family != limits.family(snapshot["Engine"]):
        text = f"The engine {engine} is not compatible with the engine {snapshot['Engine']} of the snapshot."
        raise RefusedError("InvalidParameterCombination", text)
    aurora = "aurora-postgresql" if family == "postgres" else "aurora-mysql"
    old, new = read_version(aurora, snapshot["EngineVersion"]), read_version(aurora, version)
    if old is None or new is None:
        return
    length = min(len(old.numbers), len(new.numbers))
    if new.numbers[:length] < old.numbers[:length] or (same_major and new.numbers[0] != old.numbers[0]):
        text = f"Cannot find upgrade target from {snapshot['EngineVersion']} with requested version {version}."
        raise RefusedError("InvalidParameterCombination", text)


def _cluster_to_point_in_time(backing: Backing, parameters: Parameters, source: Parameters) -> Answer:
    # The backups of a deleted cluster are an automated snapshot.
    snapshot = source.get("DBClusterSnapshotIdentifier", "")
    kind, name = (CLUSTER_SNAPSHOT, snapshot) if snapshot else (CLUSTER, source["DBClusterIdentifier"])
    key = _key_with_data(backing, kind, name)
    return _new_cluster(backing, parameters, source, key, "RestoreDBClusterToPointInTime")


def _new_cluster(backing: Backing, parameters: Parameters, source: Parameters, key: str, action: str) -> Answer:
    """A cluster with the data, the users and, unless others are given, the engine and the version of its source."""
    # The data bring their users: RDS takes no MasterUsername for a restore.
    kept = {"MasterUsername": [source["MasterUsername"]]}
    kept["DatabaseName"] = [
        given(parameters, "DatabaseName") or source.get("_DatabaseName") or source.get("DatabaseName") or ""
    ]
    for name in ("Engine", "EngineVersion"):
        kept[name] = [given(parameters, name) or source.get(name, "")]
    # The users of the data log in with their old passwords, unless RDS is to manage the master's.
    if given(parameters, "ManageMasterUserPassword") != "true":
        kept["MasterUserPassword"] = [source.get("_MasterUserPassword", "")]
    answer: Answer = rds._create_db_cluster(parameters | kept)
    if answer[0] >= 300:
        return answer
    record = rds._clusters[given(parameters, "DBClusterIdentifier")]
    if given(parameters, "RestoreType") == "copy-on-write":
        record[_GROUP] = source.setdefault(_GROUP, str(uuid4()))
    take_over(CLUSTER, record)
    backing.make(CLUSTER, record, source=key)
    return answer[0], answer[1], answer[2].replace(b"CreateDBCluster", action.encode())


def _replicating(backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    """A replica has the data of this moment; what its source gets later does not follow."""
    answer = inner(parameters)
    if answer[0] < 300:
        record = rds._instances[given(parameters, "DBInstanceIdentifier")]
        source = record["ReadReplicaSourceDBInstanceIdentifier"]
        backing.make(INSTANCE, record, source=_key_with_data(backing, INSTANCE, source))
    return answer


def _instance_to_point_in_time(_backing: Backing, parameters: Parameters, source: Parameters) -> Answer:
    """A replica of this moment that is made a database of its own."""
    name = given(parameters, "TargetDBInstanceIdentifier") or given(parameters, "DBInstanceIdentifier")
    wanted = {"DBInstanceIdentifier": [name], "SourceDBInstanceIdentifier": [source["DBInstanceIdentifier"]]}
    status, headers, body = rds._ACTION_MAP["CreateDBInstanceReadReplica"](parameters | wanted)
    if status >= 300:
        return status, headers, body
    source["ReadReplicaDBInstanceIdentifiers"].remove(name)
    rds._instances[name]["ReadReplicaSourceDBInstanceIdentifier"] = ""
    return status, headers, body.replace(b"CreateDBInstanceReadReplica", b"RestoreDBInstanceToPointInTime")


def _to_point_in_time(
    kind: str,
    restore: Callable[[Backing, Parameters, Parameters], Answer],
    backing: Backing,
    parameters: Parameters,
) -> Answer:
    """Find the source, check the time, and restore."""
    is_cluster, what, store = kind == CLUSTER, NOUNS[kind], STORES[kind]
    error, time, resource_id = (
        ("DBClusterNotFoundFault", "RestoreToTime", "DbClusterResourceId")
        if is_cluster
        else ("DBInstanceNotFound", "RestoreTime", "DbiResourceId")
    )
    named, wanted = given(parameters, f"Source{what}Identifier"), given(parameters, f"Source{resource_id}")
    source = store.get(named.rpartition(":")[2]) if named else None  # an identifier or an ARN
    if source is None and wanted:
        deleted = automated_backups.kept(backing) if is_cluster else ()
        source = next((row for row in (*store.values(), *deleted) if row.get(resource_id) == wanted), None)
    if source is None and is_cluster and wanted:
        raise RefusedError(automated_backups.MISSING, f"No automated backups of {wanted} were found.", 404)
    if source is None:
        raise RefusedError(error, f"{what} {named} not found.", 404)
    _refuse_bad_time(parameters, time)
    return restore(backing, parameters, source)


def _refuse_bad_time(parameters: Parameters, label: str) -> None:
    latest = given(parameters, "UseLatestRestorableTime") == "true"
    if given(parameters, label) and latest:
        text = f"You can't specify {label} and UseLatestRestorableTime in the same request."
        raise RefusedError("InvalidParameterCombination", text)
    if given(parameters, label):
        raise RefusedError("InvalidParameterValue", NO_HISTORY)
    if not latest:
        text = f"Either {label} or UseLatestRestorableTime must be specified."
        raise RefusedError("InvalidParameterCombination", text)


def _key_with_data(backing: Backing, kind: str, name: str) -> str:
    """The register's key; empty where the source is a record only."""
    return backing.key(kind, name) if backing.has(kind, name) else ""
