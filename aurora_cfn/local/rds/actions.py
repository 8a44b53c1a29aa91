"""The RDS API over the databases: each action of ministack, with what it means for the server behind the record."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any

from psycopg2 import Error

from aurora_cfn.facts.reserved import is_reserved_user
from aurora_cfn.local.query import Action, Answer
from aurora_cfn.local.rds.backing import CLUSTER, CLUSTER_SNAPSHOT, INSTANCE, SNAPSHOT, Backing

logger = logging.getLogger("aurora_cfn.rds")
SHORTEST_PASSWORD = 8
"""Names that PostgreSQL engines of RDS refuse for the master user; `postgres` is allowed."""


def install(backing: Backing) -> None:
    """Put the wrapped actions into ministack's table, and give it the ones that it lacks."""
    rds = backing.rds
    table = rds._ACTION_MAP
    wrappers: dict[str, Callable[[Backing, Action], Action]] = {
        "CreateDBCluster": _create_cluster,
        "CreateDBInstance": _create_instance,
        "ModifyDBCluster": _modify(CLUSTER),
        "ModifyDBInstance": _modify(INSTANCE),
        "DeleteDBCluster": _delete(CLUSTER),
        "DeleteDBInstance": _delete(INSTANCE),
        "StopDBCluster": _stop(CLUSTER),
        "StopDBInstance": _stop(INSTANCE),
        "DeleteDBClusterSnapshot": _drop_snapshot(CLUSTER_SNAPSHOT),
        "DeleteDBSnapshot": _drop_snapshot(SNAPSHOT),
        "RestoreDBInstanceFromDBSnapshot": _restore_instance,
    }
    for name, wrap in wrappers.items():
        table[name] = wrap(backing, table[name])
    table.setdefault("RestoreDBClusterFromSnapshot", _restore_cluster(backing))
    rds._create_cluster_snapshot_internal = _snapshot(backing, rds._create_cluster_snapshot_internal, CLUSTER)
    rds._create_snapshot_internal = _snapshot(backing, rds._create_snapshot_internal, INSTANCE)
    rds._rotate_instance_password = lambda *_: None  # done here, through the private socket
    rds._instance_xml = _with_secret(rds._instance_xml)


def given(parameters: dict[str, Any], name: str) -> str:
    """One parameter of a request; empty when absent."""
    value = parameters.get(name, "")
    return str(value[0] if isinstance(value, list) else value) if value else ""


def _create_cluster(backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        refusal = _bad_master(backing, parameters) or _bad_subnets(backing, parameters)
        if refusal:
            return refusal
        answer = inner(parameters)
        if answer[0] < 300:
            name = given(parameters, "DBClusterIdentifier")
            return _made(backing, CLUSTER, name, backing.rds._clusters) or answer
        return answer

    return action


def _create_instance(backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        cluster = given(parameters, "DBClusterIdentifier")
        if cluster and not backing.rds._resolve_cluster_in_request_region(cluster):
            return _refuse(backing, "DBClusterNotFoundFault", f"DBCluster {cluster} not found.", 404)
        refusal = _bad_subnets(backing, parameters) or (None if cluster else _bad_master(backing, parameters))
        if refusal:
            return refusal
        managed = given(parameters, "ManageMasterUserPassword") == "true" and not cluster
        if managed:
            parameters = parameters | {"MasterUserPassword": [backing.rds._generate_master_user_password()]}
        answer = inner(parameters)
        if answer[0] < 300 and not cluster:
            record = backing.rds._instances[given(parameters, "DBInstanceIdentifier")]
            record["DBName"] = given(parameters, "DBName")
            if managed:
                record["MasterUserSecret"] = _managed_secret(record, given(parameters, "MasterUserSecretKmsKeyId"))
            return _made(backing, INSTANCE, record["DBInstanceIdentifier"], backing.rds._instances) or answer
        return answer

    return action


def _made(backing: Backing, kind: str, name: str, store: Any) -> Answer | None:
    """None when the database behind a new record is there; else a refusal, and nothing is left of the record."""
    try:
        backing.make(kind, store[name])
    except (OSError, Error) as error:
        logger.exception("no database for %s %s", kind, name)
        backing.databases.drop(backing.key(kind, name))
        _delete_secret(store.pop(name, None))
        return _refuse(backing, "InternalFailure", f"the local PostgreSQL did not start: {error}", 500)
    return None


def _managed_secret(record: dict[str, Any], key: str) -> dict[str, str]:
    from ministack.core.responses import get_account_id, get_region, new_uuid
    from ministack.services import secretsmanager

    text = json.dumps({"username": record["MasterUsername"], "password": record["_MasterUserPassword"]})
    arn = secretsmanager.create_secret_in_process(f"rds!db-{new_uuid()}", text, description="Managed by RDS")
    usual = f"arn:aws:kms:{get_region()}:{get_account_id()}:key/aws-secretsmanager-default"
    return {"SecretArn": arn, "SecretStatus": "active", "KmsKeyId": key or usual}


def _modify(kind: str) -> Callable[[Backing, Action], Action]:
    def wrap(backing: Backing, inner: Action) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            answer = inner(parameters)
            if answer[0] < 300:
                follow_password(backing, kind, _identifier(kind, parameters))
            return answer

        return action

    return wrap


def follow_password(backing: Backing, kind: str, name: str) -> None:
    """Make the server's master password the one of the record."""
    key = backing.key(kind, name)
    record = backing.record(key)
    if record is not None and backing.has(kind, name):
        backing.databases.set_password(key, record["MasterUsername"], record["_MasterUserPassword"])


def _delete(kind: str) -> Callable[[Backing, Action], Action]:
    def wrap(backing: Backing, inner: Action) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            name = _identifier(kind, parameters)
            record = backing.record(backing.key(kind, name))
            refusal = _undeletable(backing, kind, record, parameters) if record else None
            if refusal:
                return refusal
            snapshot = given(parameters, "FinalDBSnapshotIdentifier")
            if record and kind == CLUSTER and snapshot and given(parameters, "SkipFinalSnapshot") != "true":
                backing.rds._create_cluster_snapshot_internal(snapshot, record)
            answer = inner(parameters)
            if answer[0] < 300:
                backing.databases.drop(backing.key(kind, name))
                _delete_secret(record)
            return answer

        return action

    return wrap


def _delete_secret(record: dict[str, Any] | None) -> None:
    from ministack.services import secretsmanager

    secret = (record or {}).get("MasterUserSecret")
    if secret:
        secretsmanager.delete_secret_in_process(secret["SecretArn"])


def _undeletable(backing: Backing, kind: str, record: dict[str, Any], parameters: dict[str, Any]) -> Answer | None:
    what = "Cluster" if kind == CLUSTER else "DB Instance"
    if record.get("DeletionProtection"):
        text = f"Cannot delete protected {what}, please disable deletion protection and try again."
        return _refuse(backing, "InvalidParameterCombination", text)
    if record.get("DBClusterIdentifier") and kind == INSTANCE:
        return None
    if given(parameters, "SkipFinalSnapshot") != "true" and not given(parameters, "FinalDBSnapshotIdentifier"):
        text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        return _refuse(backing, "InvalidParameterCombination", text)
    return None


def _stop(kind: str) -> Callable[[Backing, Action], Action]:
    def wrap(backing: Backing, inner: Action) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            answer = inner(parameters)
            name = _identifier(kind, parameters)
            if answer[0] < 300 and backing.has(kind, name):
                backing.databases.get(backing.key(kind, name)).server.stop()
            return answer

        return action

    return wrap


def _snapshot(backing: Backing, inner: Callable[..., dict[str, Any]], kind: str) -> Callable[..., dict[str, Any]]:
    target = CLUSTER_SNAPSHOT if kind == CLUSTER else SNAPSHOT

    def make(name: str, record: dict[str, Any]) -> dict[str, Any]:
        found = inner(name, record)
        found["_MasterUserPassword"] = record.get("_MasterUserPassword", "")
        found["_DatabaseName"] = record.get("DatabaseName") or record.get("DBName") or ""
        source = record["DBClusterIdentifier" if kind == CLUSTER else "DBInstanceIdentifier"]
        if backing.has(kind, source):
            backing.databases.drop(backing.key(target, name))
            backing.databases.copy(backing.key(kind, source), backing.key(target, name))
        return found

    return make


def _drop_snapshot(kind: str) -> Callable[[Backing, Action], Action]:
    label = "DBClusterSnapshotIdentifier" if kind == CLUSTER_SNAPSHOT else "DBSnapshotIdentifier"

    def wrap(backing: Backing, inner: Action) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            answer = inner(parameters)
            if answer[0] < 300:
                backing.databases.drop(backing.key(kind, given(parameters, label)))
            return answer

        return action

    return wrap


def _restore_instance(backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        answer = inner(parameters)
        if answer[0] < 300:
            snapshot = given(parameters, "DBSnapshotIdentifier")
            record = backing.rds._instances[given(parameters, "DBInstanceIdentifier")]
            record["_MasterUserPassword"] = backing.rds._snapshots[snapshot].get("_MasterUserPassword", "")
            backing.make(INSTANCE, record, snapshot=_snapshot_key(backing, SNAPSHOT, snapshot))
        return answer

    return action


def _restore_cluster(backing: Backing) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        name = given(parameters, "SnapshotIdentifier").rpartition(":")[2]
        snapshot = backing.rds._db_cluster_snapshots.get(name)
        if not snapshot:
            return _refuse(backing, "DBClusterSnapshotNotFoundFault", f"DB cluster snapshot {name} not found.", 404)
        kept = {
            "MasterUsername": [snapshot["MasterUsername"]],
            "DatabaseName": [given(parameters, "DatabaseName") or snapshot.get("_DatabaseName", "")],
        }
        if given(parameters, "ManageMasterUserPassword") != "true":
            kept["MasterUserPassword"] = [snapshot.get("_MasterUserPassword", "")]
        answer: Answer = backing.rds._create_db_cluster(parameters | kept)
        if answer[0] < 300:
            record = backing.rds._clusters[given(parameters, "DBClusterIdentifier")]
            backing.make(CLUSTER, record, snapshot=_snapshot_key(backing, CLUSTER_SNAPSHOT, name))
            return answer[0], answer[1], answer[2].replace(b"CreateDBCluster", b"RestoreDBClusterFromSnapshot")
        return answer

    return action


def _snapshot_key(backing: Backing, kind: str, name: str) -> str:
    return backing.key(kind, name) if backing.has(kind, name) else ""


def _bad_master(backing: Backing, parameters: dict[str, Any]) -> Answer | None:
    password, user = given(parameters, "MasterUserPassword"), given(parameters, "MasterUsername")
    if password and len(password) < SHORTEST_PASSWORD:
        text = "The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters."
        return _refuse(backing, "InvalidParameterValue", text)
    if re.search(r'[/@" ]', password):
        text = "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides"
        return _refuse(backing, "InvalidParameterValue", f"{text} '/', '@', '\"', ' ' may be used.")
    if is_reserved_user(given(parameters, "Engine"), user):
        text = f"MasterUsername {user} cannot be used as it is a reserved word used by the engine"
        return _refuse(backing, "InvalidParameterValue", text)
    return None


def _bad_subnets(backing: Backing, parameters: dict[str, Any]) -> Answer | None:
    group = given(parameters, "DBSubnetGroupName")
    if group and group != "default" and group not in backing.rds._subnet_groups:
        return _refuse(backing, "DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist.", 404)
    return None


def _identifier(kind: str, parameters: dict[str, Any]) -> str:
    name = given(parameters, "DBClusterIdentifier" if kind == CLUSTER else "DBInstanceIdentifier")
    return name.rpartition(":")[2]


def _with_secret(inner: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
    def xml(record: dict[str, Any]) -> str:
        secret = record.get("MasterUserSecret")
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in (secret or {}).items())
        return inner(record) + (f"<MasterUserSecret>{fields}</MasterUserSecret>" if secret else "")

    return xml


def _refuse(backing: Backing, code: str, message: str, status: int = 400) -> Answer:
    status, headers, body = backing.rds._error(code, message, status)
    return status, headers, body
