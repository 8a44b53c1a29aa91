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

from aurora_cfn.facts.versions import read_version
from aurora_cfn.local.query import Action, Answer
from aurora_cfn.local.rds import automated_backups, limits
from aurora_cfn.local.rds.backing import CLUSTER, CLUSTER_SNAPSHOT, INSTANCE, SNAPSHOT, Backing, given, refuse
from aurora_cfn.local.rds.passwords import take_over

NO_HISTORY = (
    "not emulated: a restore to an earlier time. The local emulator keeps no history; use UseLatestRestorableTime."
)
Parameters = dict[str, Any]
_GROUP = "CloneGroupId"
"""What a cluster and its clones have in common, from the first clone on."""


def install(backing: Backing) -> None:
    """Wrap ministack's actions and its making of snapshots, and add the actions that it lacks."""
    rds = backing.rds
    table = rds._ACTION_MAP
    wrappers: dict[str, Callable[[Backing, Action], Action]] = {
        "DeleteDBClusterSnapshot": partial(_dropping, CLUSTER_SNAPSHOT, "DBClusterSnapshotIdentifier"),
        "DeleteDBSnapshot": partial(_dropping, SNAPSHOT, "DBSnapshotIdentifier"),
        "RestoreDBInstanceFromDBSnapshot": _restoring_instance,
        "CreateDBInstanceReadReplica": _replicating,
    }
    for name, wrap in wrappers.items():
        table[name] = wrap(backing, table[name])
    table.setdefault("RestoreDBClusterFromSnapshot", _cluster_from_snapshot(backing))
    table.setdefault("RestoreDBClusterToPointInTime", _to_point_in_time(backing, CLUSTER, _cluster_to_point_in_time))
    table.setdefault("RestoreDBInstanceToPointInTime", _to_point_in_time(backing, INSTANCE, _instance_to_point_in_time))
    rds._cluster_xml, rds._instance_xml = _restorable_now(rds._cluster_xml), _restorable_now(rds._instance_xml)
    rds._create_cluster_snapshot_internal = _with_data(backing, rds._create_cluster_snapshot_internal, CLUSTER)
    rds._create_snapshot_internal = _with_data(backing, rds._create_snapshot_internal, INSTANCE)


def _restorable_now(inner: Callable[[Parameters], str]) -> Callable[[Parameters], str]:
    """The answer of a record with the only time to which it can be restored: now."""

    def xml(record: Parameters) -> str:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        times = dict.fromkeys(("EarliestRestorableTime", "LatestRestorableTime"), now)
        group = f"<{_GROUP}>{record[_GROUP]}</{_GROUP}>" if record.get(_GROUP) else ""
        return inner({**record, **{name: time for name, time in times.items() if name in record}}) + group

    return xml


def _with_data(backing: Backing, inner: Callable[..., Parameters], kind: str) -> Callable[..., Parameters]:
    target = CLUSTER_SNAPSHOT if kind == CLUSTER else SNAPSHOT

    def make(name: str, record: Parameters) -> Parameters:
        found = inner(name, record)
        found["_MasterUserPassword"] = record.get("_MasterUserPassword", "")
        found["_DatabaseName"] = record.get("DatabaseName") or record.get("DBName") or ""
        source = record["DBClusterIdentifier" if kind == CLUSTER else "DBInstanceIdentifier"]
        if backing.has(kind, source):
            backing.databases.drop(backing.key(target, name))
            backing.databases.copy(backing.key(kind, source), backing.key(target, name))
        return found

    return make


def _dropping(kind: str, label: str, backing: Backing, inner: Action) -> Action:
    def action(parameters: Parameters) -> Answer:
        answer = inner(parameters)
        if answer[0] < 300:
            backing.databases.drop(backing.key(kind, given(parameters, label)))
        return answer

    return action


def _restoring_instance(backing: Backing, inner: Action) -> Action:
    def action(parameters: Parameters) -> Answer:
        name = given(parameters, "DBSnapshotIdentifier").rpartition(":")[2]
        answer = inner(parameters | {"DBSnapshotIdentifier": [name]})
        if answer[0] < 300:
            snapshot = backing.rds._snapshots[name]
            record = backing.rds._instances[given(parameters, "DBInstanceIdentifier")]
            record["_MasterUserPassword"] = snapshot.get("_MasterUserPassword", "")
            record["DBName"] = snapshot.get("_DatabaseName", "")
            backing.make(INSTANCE, record, source=_key_with_data(backing, SNAPSHOT, name))
        return answer

    return action


def _cluster_from_snapshot(backing: Backing) -> Action:
    def action(parameters: Parameters) -> Answer:
        wanted = given(parameters, "SnapshotIdentifier")
        name = wanted.rpartition(":")[2]
        # The snapshot of an instance is found by its ARN only.
        of_instance = ":snapshot:" in wanted
        store = backing.rds._snapshots if of_instance else backing.rds._db_cluster_snapshots
        snapshot = store.get(name)
        if not snapshot and of_instance:
            return refuse(backing, "DBSnapshotNotFound", f"DB snapshot {name} not found.", 404)
        if not snapshot:
            return refuse(backing, "DBClusterSnapshotNotFoundFault", f"DB cluster snapshot {name} not found.", 404)
        source = _key_with_data(backing, SNAPSHOT if of_instance else CLUSTER_SNAPSHOT, name)
        refused = _does_not_fit(backing, parameters, snapshot, same_major=of_instance)
        return refused or _new_cluster(backing, parameters, snapshot, source, "RestoreDBClusterFromSnapshot")

    return action


def _does_not_fit(backing: Backing, parameters: Parameters, snapshot: Parameters, *, same_major: bool) -> Answer | None:
    """RDS's refusal of another engine, an older version, and for the snapshot of an instance of another major one."""
    engine, version = given(parameters, "Engine"), given(parameters, "EngineVersion")
    family = limits.family(engine)
    if family != limits.family(snapshot["Engine"]):
        text = f"The engine {engine} is not compatible with the engine {snapshot['Engine']} of the snapshot."
        return refuse(backing, "InvalidParameterCombination", text)
    aurora = "aurora-postgresql" if family == "postgres" else "aurora-mysql"
    old, new = read_version(aurora, snapshot["EngineVersion"]), read_version(aurora, version)
    if old is None or new is None:
        return None
    length = min(len(old.numbers), len(new.numbers))
    if new.numbers[:length] < old.numbers[:length] or (same_major and new.numbers[0] != old.numbers[0]):
        text = f"Cannot find upgrade target from {snapshot['EngineVersion']} with requested version {version}."
        return refuse(backing, "InvalidParameterCombination", text)
    return None


def _cluster_to_point_in_time(backing: Backing, parameters: Parameters, source: Parameters) -> Answer:
    # The backups of a deleted cluster are an automated snapshot.
    snapshot = source.get("DBClusterSnapshotIdentifier", "")
    kind, name = (CLUSTER_SNAPSHOT, snapshot) if snapshot else (CLUSTER, source["DBClusterIdentifier"])
    key = _key_with_data(backing, kind, name)
    return _new_cluster(backing, parameters, source, key, "RestoreDBClusterToPointInTime")


def _new_cluster(backing: Backing, parameters: Parameters, source: Parameters, key: str, action: str) -> Answer:
    """A cluster with the data, the users and, unless others are given, the engine and the version of its source."""
    kept = {"MasterUsername": [source["MasterUsername"]]}
    kept["DatabaseName"] = [
        given(parameters, "DatabaseName") or source.get("_DatabaseName") or source.get("DatabaseName") or ""
    ]
    for name in ("Engine", "EngineVersion"):
        kept[name] = [given(parameters, name) or source.get(name, "")]
    # The users of the data log in with their old passwords, unless RDS is to manage the master's.
    if given(parameters, "ManageMasterUserPassword") != "true":
        kept["MasterUserPassword"] = [source.get("_MasterUserPassword", "")]
    answer: Answer = backing.rds._create_db_cluster(parameters | kept)
    if answer[0] >= 300:
        return answer
    record = backing.rds._clusters[given(parameters, "DBClusterIdentifier")]
    if given(parameters, "RestoreType") == "copy-on-write":
        record[_GROUP] = source.setdefault(_GROUP, str(uuid4()))
    take_over(CLUSTER, record)
    backing.make(CLUSTER, record, source=key)
    return answer[0], answer[1], answer[2].replace(b"CreateDBCluster", action.encode())


def _replicating(backing: Backing, inner: Action) -> Action:
    """A replica has the data of this moment; what its source gets later does not follow."""

    def action(parameters: Parameters) -> Answer:
        answer = inner(parameters)
        if answer[0] < 300:
            record = backing.rds._instances[given(parameters, "DBInstanceIdentifier")]
            source = record["ReadReplicaSourceDBInstanceIdentifier"]
            backing.make(INSTANCE, record, source=_key_with_data(backing, INSTANCE, source))
        return answer

    return action


def _instance_to_point_in_time(backing: Backing, parameters: Parameters, source: Parameters) -> Answer:
    """A replica of this moment that is made a database of its own."""
    name = given(parameters, "TargetDBInstanceIdentifier") or given(parameters, "DBInstanceIdentifier")
    wanted = {"DBInstanceIdentifier": [name], "SourceDBInstanceIdentifier": [source["DBInstanceIdentifier"]]}
    status, headers, body = backing.rds._ACTION_MAP["CreateDBInstanceReadReplica"](parameters | wanted)
    if status >= 300:
        return status, headers, body
    source["ReadReplicaDBInstanceIdentifiers"].remove(name)
    backing.rds._instances[name]["ReadReplicaSourceDBInstanceIdentifier"] = ""
    return status, headers, body.replace(b"CreateDBInstanceReadReplica", b"RestoreDBInstanceToPointInTime")


def _to_point_in_time(
    backing: Backing, kind: str, restore: Callable[[Backing, Parameters, Parameters], Answer]
) -> Action:
    """The action that finds the source, checks the time, and restores."""
    is_cluster = kind == CLUSTER
    what, error = ("DBCluster", "DBClusterNotFoundFault") if is_cluster else ("DBInstance", "DBInstanceNotFound")
    time, resource_id = ("RestoreToTime", "DbClusterResourceId") if is_cluster else ("RestoreTime", "DbiResourceId")

    def action(parameters: Parameters) -> Answer:
        named, wanted = given(parameters, f"Source{what}Identifier"), given(parameters, f"Source{resource_id}")
        store = backing.rds._clusters if is_cluster else backing.rds._instances
        source = store.get(named.rpartition(":")[2]) if named else None  # an identifier or an ARN
        if source is None and wanted:
            deleted = automated_backups.kept(backing) if is_cluster else ()
            source = next((row for row in (*store.values(), *deleted) if row.get(resource_id) == wanted), None)
        if source is None and is_cluster and wanted:
            return refuse(backing, automated_backups.MISSING, f"No automated backups of {wanted} were found.", 404)
        if source is None:
            return refuse(backing, error, f"{what} {named} not found.", 404)
        return _bad_time(backing, parameters, time) or restore(backing, parameters, source)

    return action


def _bad_time(backing: Backing, parameters: Parameters, label: str) -> Answer | None:
    latest = given(parameters, "UseLatestRestorableTime") == "true"
    if given(parameters, label):
        if latest:
            text = f"You can't specify {label} and UseLatestRestorableTime in the same request."
            return refuse(backing, "InvalidParameterCombination", text)
        return refuse(backing, "InvalidParameterValue", NO_HISTORY)
    if not latest:
        text = f"Either {label} or UseLatestRestorableTime must be specified."
        return refuse(backing, "InvalidParameterCombination", text)
    return None


def _key_with_data(backing: Backing, kind: str, name: str) -> str:
    """The register's key; empty where the source is a record only."""
    return backing.key(kind, name) if backing.has(kind, name) else ""
