"""The RDS API over the databases: each action of ministack, with what it means for the server behind the record."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from aurora_cfn.local.query import Action, Answer
from aurora_cfn.local.rds import automated_backups, engine_versions, limits, scaling
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, Backing, given, refuse
from aurora_cfn.local.rds.passwords import (
    bad_management,
    begin_to_manage,
    delete_secret,
    follow_password,
    managed_secret,
    rotate,
    take_over,
)

logger = logging.getLogger("aurora_cfn.rds")
QUOTAS = "DescribeAccountAttributes"
LABELS = {CLUSTER: "DBClusterIdentifier", INSTANCE: "DBInstanceIdentifier"}


def install(backing: Backing) -> None:
    """Put the wrapped actions into ministack's table, and give it the ones that it lacks."""
    rds = backing.rds
    table = rds._ACTION_MAP
    wrappers: dict[str, Callable[[Backing, Action], Action]] = {
        "CreateDBCluster": _create_cluster,
        "CreateDBInstance": _create_instance,
        "ModifyDBCluster": partial(_modify, CLUSTER),
        "ModifyDBInstance": partial(_modify, INSTANCE),
        "DeleteDBCluster": partial(_delete, CLUSTER),
        "DeleteDBInstance": partial(_delete, INSTANCE),
        "StopDBCluster": partial(_stop, CLUSTER),
        "StopDBInstance": partial(_stop, INSTANCE),
        "RebootDBInstance": partial(_stop, INSTANCE),  # the next session starts it
    }
    for name, wrap in wrappers.items():
        table[name] = wrap(backing, table[name])
    # No quotas: databases here are limited by the machine.
    quotas = f"<{QUOTAS}Result><AccountQuotas/></{QUOTAS}Result>"
    table[QUOTAS] = lambda _: rds._xml(200, f"{QUOTAS}Response", quotas)
    # None can be made here either: CreateIntegration and CreateBlueGreenDeployment are refused as unknown.
    table |= {f"Describe{kind}": _none(rds, kind) for kind in ("Integrations", "BlueGreenDeployments")}
    rds._rotate_instance_password = lambda *_: None  # done here, through the private socket
    rds._instance_xml = _with_secret(rds._instance_xml)
    automated_backups.install(backing)
    scaling.install(rds)
    engine_versions.install(rds)


def _none(rds: Any, kind: str) -> Action:
    content = f"<Describe{kind}Result><{kind}/></Describe{kind}Result>"
    return lambda _: rds._xml(200, f"Describe{kind}Response", content)


def _create_cluster(backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        parameters = _normal(parameters)
        refusal = _bad_new(backing, parameters, limits.CLUSTER) or _bad_subnets(backing, parameters)
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
        parameters = _normal(parameters)
        cluster = given(parameters, "DBClusterIdentifier")
        if cluster and not backing.rds._resolve_cluster_in_request_region(cluster):
            return refuse(backing, "DBClusterNotFoundFault", f"DBCluster {cluster} not found.", 404)
        refusal = _bad_subnets(backing, parameters) or _bad_new(backing, parameters, limits.INSTANCE)
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
                record["MasterUserSecret"] = managed_secret(
                    INSTANCE, record, given(parameters, "MasterUserSecretKmsKeyId")
                )
            return _made(backing, INSTANCE, record["DBInstanceIdentifier"], backing.rds._instances) or answer
        return answer

    return action


def _made(backing: Backing, kind: str, name: str, store: Any) -> Answer | None:
    """None when the database behind a new record is there; else a refusal, and nothing is left of the record."""
    take_over(kind, store[name])
    try:
        backing.make(kind, store[name])
    except Exception as error:  # whatever it was, a record without its database would keep the name
        logger.exception("no database for %s %s", kind, name)
        backing.databases.drop(backing.key(kind, name))
        delete_secret(store.pop(name, None))
        return refuse(backing, "InternalFailure", f"the local database server did not start: {error}", 500)
    return None


def _modify(kind: str, backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        name = _identifier(kind, parameters)
        record = backing.record(backing.key(kind, name)) or {}
        refusal = _bad_change(backing, kind, name, parameters) or bad_management(backing, record, parameters)
        if refusal:
            return refusal
        # ministack 1.5.33 neither begins nor ends to manage a password, and refuses a new one beside a managed one.
        ends = given(parameters, "ManageMasterUserPassword") == "false"
        secret = record.pop("MasterUserSecret", None) if ends else None
        answer = inner(parameters)
        if secret and answer[0] >= 300:
            record["MasterUserSecret"] = secret
        elif secret:
            delete_secret({"MasterUserSecret": secret})
        if answer[0] < 300:
            try:
                _follow(backing, kind, name, parameters)
            except OSError as error:
                return refuse(backing, "InternalFailure", str(error), 500)
            renamed = given(parameters, f"New{LABELS[kind]}").lower()
            if renamed and renamed != name:
                rename(backing, kind, name, renamed)
                return _described(backing, kind, renamed, answer)
            if given(parameters, "ManageMasterUserPassword"):
                return _described(backing, kind, name, answer)
        return answer

    return action


def _follow(backing: Backing, kind: str, name: str, parameters: dict[str, Any]) -> None:
    """The password and the secret as the modified record has them."""
    record = backing.record(backing.key(kind, name))
    if record is None:
        return
    if given(parameters, "ManageMasterUserPassword") == "true":
        begin_to_manage(backing, kind, record, given(parameters, "MasterUserSecretKmsKeyId"))
    # ministack 1.5.33 rotates for clusters only.
    if kind == INSTANCE and record.get("MasterUserSecret") and given(parameters, "RotateMasterUserPassword") == "true":
        rotate(backing, kind, name, record)
    else:
        follow_password(backing, kind, name)


def rename(backing: Backing, kind: str, old: str, new: str) -> None:
    """Give a cluster or instance another identifier: its record, its ARN, its members and its data."""
    rds, label = backing.rds, LABELS[kind]
    store = rds._clusters if kind == CLUSTER else rds._instances
    record = store.pop(old)
    record[label] = new
    arn = "DBClusterArn" if kind == CLUSTER else "DBInstanceArn"
    before, record[arn] = record[arn], record[arn].rpartition(":")[0] + f":{new}"
    rds._tags[record[arn]] = rds._tags.pop(before, [])
    store[new] = record
    if kind == CLUSTER:
        for row in rds._instances.values():
            if row.get(label) == old:
                row[label] = new
                # ministack finds the cluster of an instance by this key when it starts again.
                row["_shared_cluster_id"] = new
    else:
        for cluster in rds._clusters.values():
            for member in cluster.get("DBClusterMembers", []):
                if member.get(label) == old:
                    member[label] = new
    backing.rename(kind, old, new)


def _described(backing: Backing, kind: str, name: str, answer: Answer) -> Answer:
    """The answer of a modification with the record as it is after the change of its name."""
    xml = backing.rds._cluster_xml if kind == CLUSTER else backing.rds._instance_xml
    store = backing.rds._clusters if kind == CLUSTER else backing.rds._instances
    tag = "DBCluster" if kind == CLUSTER else "DBInstance"
    text = f"<{tag}>{xml(store[name])}</{tag}>"
    return (
        answer[0],
        answer[1],
        re.sub(rf"<{tag}>.*</{tag}>".encode(), lambda _: text.encode(), answer[2], flags=re.DOTALL),
    )


def _delete(kind: str, backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        name = _identifier(kind, parameters)
        record = backing.record(backing.key(kind, name))
        refusal = _undeletable(backing, kind, record, parameters) if record else None
        if refusal:
            return refusal
        snapshot = given(parameters, "FinalDBSnapshotIdentifier")
        if record and kind == CLUSTER and snapshot and given(parameters, "SkipFinalSnapshot") != "true":
            backing.rds._create_cluster_snapshot_internal(snapshot, record)
        backups = automated_backups.wanted(backing, record, parameters) if record and kind == CLUSTER else None
        answer = inner(parameters)
        if answer[0] < 300:
            if backups:
                automated_backups.keep(backing, backups)
            backing.databases.drop(backing.key(kind, name))
            delete_secret(record)
        return answer

    return action


def _undeletable(backing: Backing, kind: str, record: dict[str, Any], parameters: dict[str, Any]) -> Answer | None:
    what = "Cluster" if kind == CLUSTER else "DB Instance"
    if record.get("DeletionProtection"):
        text = f"Cannot delete protected {what}, please disable deletion protection and try again."
        return refuse(backing, "InvalidParameterCombination", text)
    if record.get("DBClusterIdentifier") and kind == INSTANCE:
        return None
    if given(parameters, "SkipFinalSnapshot") != "true" and not given(parameters, "FinalDBSnapshotIdentifier"):
        text = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
        return refuse(backing, "InvalidParameterCombination", text)
    return None


def _stop(kind: str, backing: Backing, inner: Action) -> Action:
    def action(parameters: dict[str, Any]) -> Answer:
        answer = inner(parameters)
        name = _identifier(kind, parameters)
        member = backing.rds._instances.get(name) if kind == INSTANCE else None
        cluster = (member or {}).get("DBClusterIdentifier")
        behind = (CLUSTER, cluster) if cluster else (kind, name)
        if answer[0] < 300 and backing.has(*behind):
            key = backing.key(*behind)
            backing.databases.get(key).server.stop()
            backing.configure(key)  # a parameter group takes effect with a start
        return answer

    return action


def _normal(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the engine in lower case, as RDS keeps it however a template writes it."""
    return parameters | {"Engine": [given(parameters, "Engine").lower()]}


def _bad_new(backing: Backing, parameters: dict[str, Any], label: str) -> Answer | None:
    wanted = {name: given(parameters, name) for name in parameters}
    refusal = limits.of_new(wanted, label)
    return refuse(backing, *refusal) if refusal else None


def _bad_change(backing: Backing, kind: str, name: str, parameters: dict[str, Any]) -> Answer | None:
    record = backing.record(backing.key(kind, name))
    wanted = {name: given(parameters, name) for name in parameters}
    refusal = limits.of_change(wanted, record) if record else None
    return refuse(backing, *refusal) if refusal else None


def _bad_subnets(backing: Backing, parameters: dict[str, Any]) -> Answer | None:
    group = given(parameters, "DBSubnetGroupName")
    if group and group != "default" and group not in backing.rds._subnet_groups:
        return refuse(backing, "DBSubnetGroupNotFoundFault", f"DB subnet group '{group}' does not exist.", 404)
    return None


def _identifier(kind: str, parameters: dict[str, Any]) -> str:
    return given(parameters, LABELS[kind]).rpartition(":")[2]


def _with_secret(inner: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
    def xml(record: dict[str, Any]) -> str:
        secret = record.get("MasterUserSecret")
        fields = "".join(f"<{name}>{value}</{name}>" for name, value in (secret or {}).items())
        return inner(record) + (f"<MasterUserSecret>{fields}</MasterUserSecret>" if secret else "")

    return xml
