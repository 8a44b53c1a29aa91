"""The RDS API over the databases: each action of ministack, with what it means for the server behind the record."""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import Any

from ministack.services import rds

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds import automated_backups, cluster_endpoints, descriptions, engine_versions, limits, log_files
from aurora_cfn.local.rds.backing import (
    CLUSTER,
    INSTANCE,
    NOUNS,
    STORES,
    Backing,
    Record,
    add_actions,
    answered,
    given,
    replace_actions,
)
from aurora_cfn.local.rds.limits import RefusedError
from aurora_cfn.local.rds.passwords import (
    begin_to_manage,
    delete_secret,
    follow_password,
    managed_secret,
    refuse_bad_management,
    rotate,
    take_over,
)
from aurora_cfn.local.replacing import Inner, replace

logger = logging.getLogger("aurora_cfn.rds")
NONE_HERE = {
    "DescribeAccountAttributes": "AccountQuotas",
    "DescribeIntegrations": "Integrations",
    "DescribeBlueGreenDeployments": "BlueGreenDeployments",
    "DescribeExportTasks": "ExportTasks",
}
"""Actions that list nothing: databases here have no quotas but the machine, and the others cannot be created here."""
Parameters = dict[str, Any]


def install(backing: Backing) -> None:
    """Replace actions of ministack, and add the ones that it lacks."""
    replace_actions(backing, {
        "CreateDBCluster": _create_cluster,
        "CreateDBInstance": _create_instance,
        "ModifyDBCluster": partial(_modify, CLUSTER),
        "ModifyDBInstance": partial(_modify, INSTANCE),
        "DeleteDBCluster": partial(_delete, CLUSTER),
        "DeleteDBInstance": partial(_delete, INSTANCE),
        "StopDBCluster": partial(_stop, CLUSTER),
        "StopDBInstance": partial(_stop, INSTANCE),
        "RebootDBInstance": partial(_stop, INSTANCE),  # the next session starts it
        "FailoverDBCluster": partial(_stop, CLUSTER),  # every session ends, as with the writer's reboot in Aurora
    })  # fmt: skip
    add_actions(backing, {name: partial(_list_none, name) for name in NONE_HERE})
    rds._rotate_instance_password = lambda *_: None  # done here, through the private socket
    replace(rds, "_instance_xml", _with_secret)
    automated_backups.install(backing)
    cluster_endpoints.install(backing)
    descriptions.install()
    engine_versions.install()
    log_files.install(backing)


def _list_none(action: str, _backing: Backing, _parameters: Parameters) -> Answer:
    return answered(action, f"<{NONE_HERE[action]}/>")


def _create_cluster(backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    parameters = _normal(parameters)
    limits.check_new(_texts(parameters), limits.CLUSTER)
    _refuse_bad_subnets(parameters)
    answer = inner(parameters)
    if answer[0] < 300:
        name = given(parameters, "DBClusterIdentifier")
        _make(backing, CLUSTER, name)
        descriptions.keep_requested(rds._clusters[name], parameters)
    return answer


def _create_instance(backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    parameters = _normal(parameters)
    cluster = given(parameters, "DBClusterIdentifier")
    if cluster and not rds._resolve_cluster_in_request_region(cluster):
        raise RefusedError("DBClusterNotFoundFault", f"DBCluster {cluster} not found.", 404)
    _refuse_bad_subnets(parameters)
    limits.check_new(_texts(parameters), limits.INSTANCE)
    managed = given(parameters, "ManageMasterUserPassword") == "true" and not cluster
    if managed:
        parameters = parameters | {"MasterUserPassword": [rds._generate_master_user_password()]}
    answer = inner(parameters)
    if answer[0] < 300 and not cluster:
        record = rds._instances[given(parameters, "DBInstanceIdentifier")]
        descriptions.keep_requested(record, parameters)
        record["DBName"] = given(parameters, "DBName")
        if managed:
            record["MasterUserSecret"] = managed_secret(INSTANCE, record, given(parameters, "MasterUserSecretKmsKeyId"))
        _make(backing, INSTANCE, record["DBInstanceIdentifier"])
    return answer


def _make(backing: Backing, kind: str, name: str) -> None:
    """Make the database behind a new record. Raises RefusedError, and nothing is left of the record then."""
    store = STORES[kind]
    take_over(kind, store[name])
    try:
        backing.make(kind, store[name])
    except Exception as error:  # whatever it was, a record without its database would keep the name
        logger.exception("no database for %s %s", kind, name)
        backing.databases.drop(backing.key(kind, name))
        delete_secret(store.pop(name, None))
        raise RefusedError("InternalFailure", f"the local database server did not start: {error}", 500) from error


def _modify(kind: str, backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    name = _identifier(kind, parameters)
    record = backing.record(backing.key(kind, name)) or {}
    if record:
        limits.check_change(_texts(parameters), record)
    if kind == CLUSTER and record.get("Status") == "stopped":
        words = f"DbCluster {name} is in stopped state but expected it to be one of available."
        raise RefusedError("InvalidDBClusterStateFault", words)
    refuse_bad_management(record, parameters)
    # ministack 1.5.33 neither begins nor ends to manage a password, and refuses a new one beside a managed one.
    ends = given(parameters, "ManageMasterUserPassword") == "false"
    secret = record.pop("MasterUserSecret", None) if ends else None
    answer = inner(parameters)
    if answer[0] >= 300:
        record |= {"MasterUserSecret": secret} if secret else {}
        return answer
    descriptions.keep_requested(record, parameters)
    if secret:
        delete_secret({"MasterUserSecret": secret})
    try:
        _follow(backing, kind, name, parameters)
    except OSError as error:
        raise RefusedError("InternalFailure", str(error), 500) from error
    renamed = given(parameters, f"New{NOUNS[kind]}Identifier").lower()
    if renamed and renamed != name:
        rename(backing, kind, name, renamed)
        return _described(kind, renamed, answer)
    return _described(kind, name, answer) if given(parameters, "ManageMasterUserPassword") else answer


def _follow(backing: Backing, kind: str, name: str, parameters: Parameters) -> None:
    """The password and the secret as the modified record has them."""
    record = backing.record(backing.key(kind, name))
    if record is None:
        return
    if given(parameters, "ManageMasterUserPassword") == "true":
        begin_to_manage(kind, record, given(parameters, "MasterUserSecretKmsKeyId"))
    # ministack 1.5.33 rotates for clusters only.
    if kind == INSTANCE and record.get("MasterUserSecret") and given(parameters, "RotateMasterUserPassword") == "true":
        rotate(backing, kind, name, record)
    else:
        follow_password(backing, kind, name)


def rename(backing: Backing, kind: str, old: str, new: str) -> None:
    """Give a cluster or instance another identifier: its record, its ARN, its members and its data."""
    label, arn, store = f"{NOUNS[kind]}Identifier", f"{NOUNS[kind]}Arn", STORES[kind]
    record = store.pop(old)
    before = record[arn]
    record |= {label: new, arn: f"{before.rpartition(':')[0]}:{new}"}
    rds._tags[record[arn]] = rds._tags.pop(before, [])
    store[new] = record
    if kind == CLUSTER:
        for row in rds._instances.values():
            if row.get(label) == old:
                # ministack finds the cluster of an instance by the second key when it starts again.
                row |= {label: new, "_shared_cluster_id": new}
    else:
        for cluster in rds._clusters.values():
            for member in cluster.get("DBClusterMembers", []):
                if member.get(label) == old:
                    member[label] = new
    backing.rename(kind, old, new)


def _described(kind: str, name: str, answer: Answer) -> Answer:
    """The answer of a modification with the record as it is after the change of its name."""
    status, headers, body = answer
    xml, tag = rds._cluster_xml if kind == CLUSTER else rds._instance_xml, NOUNS[kind]
    text = f"<{tag}>{xml(STORES[kind][name])}</{tag}>".encode()
    return status, headers, re.sub(rf"<{tag}>.*</{tag}>".encode(), lambda _: text, body, flags=re.DOTALL)


def _delete(kind: str, backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    name = _identifier(kind, parameters)
    record = backing.record(backing.key(kind, name))
    if record:
        _refuse_undeletable(kind, record, parameters)
    snapshot = given(parameters, "FinalDBSnapshotIdentifier")
    if record and kind == CLUSTER and snapshot and given(parameters, "SkipFinalSnapshot") != "true":
        rds._create_cluster_snapshot_internal(snapshot, record)
    backups = automated_backups.wanted(record, parameters) if record and kind == CLUSTER else None
    answer = inner(parameters)
    if answer[0] < 300:
        if backups:
            automated_backups.keep(backing, backups)
        backing.databases.drop(backing.key(kind, name))
        delete_secret(record)
    return answer


def _refuse_undeletable(kind: str, record: Record, parameters: Parameters) -> None:
    what = "Cluster" if kind == CLUSTER else "DB Instance"
    text = ""
    if record.get("DeletionProtection"):
        text = f"Cannot delete protected {what}, please disable deletion protection and try again."
    elif record.get("DBClusterIdentifier") and kind == INSTANCE:
        return
    elif given(parameters, "SkipFinalSnapshot") != "true" and not given(parameters, "FinalDBSnapshotIdentifier"):
        text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
    if text:
        raise RefusedError("InvalidParameterCombination", text)


def _stop(kind: str, backing: Backing, inner: Inner, parameters: Parameters) -> Any:
    answer = inner(parameters)
    name = _identifier(kind, parameters)
    member = rds._instances.get(name) if kind == INSTANCE else None
    cluster = (member or {}).get("DBClusterIdentifier")
    behind = (CLUSTER, cluster) if cluster else (kind, name)
    if answer[0] < 300 and backing.has(*behind):
        key = backing.key(*behind)
        backing.databases.get(key).server.stop()
        backing.configure(key)  # a parameter group takes effect with a start
    return answer


def _normal(parameters: Parameters) -> Parameters:
    """The parameters with the engine in lower case, as RDS keeps it however a template writes it."""
    return parameters | {"Engine": [given(parameters, "Engine").lower()]}


def _texts(parameters: Parameters) -> dict[str, str]:
    return {name: given(parameters, name) for name in parameters}


def _refuse_bad_subnets(parameters: Parameters) -> None:
    group = given(parameters, "DBSubnetGroupName")
    if group and group != "default" and group not in rds._subnet_groups:
        raise RefusedError("DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist.", 404)


def _identifier(kind: str, parameters: Parameters) -> str:
    return given(parameters, f"{NOUNS[kind]}Identifier").rpartition(":")[2]


def _with_secret(inner: Inner, record: Record) -> str:
    secret = record.get("MasterUserSecret")
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in (secret or {}).items())
    return f"{inner(record)}{f'<MasterUserSecret>{fields}</MasterUserSecret>' if secret else ''}"
