"""Where the data of a new cluster come from: nowhere, a snapshot, another cluster, or the backups of a deleted one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from troposphere import And, Not, Or, Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.checks.database import SOURCES
from aurora_cfn.blueprints.parts.conditions import given, is_given, named, only_if, rule
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Parameter

_KEEP: Final = (
    " Keep the value for the life of the cluster: changing it replaces the cluster by one with the data of the new"
    " source, emptying it by an empty one; the old cluster leaves a final snapshot."
)
_FULL_COPY: Final[Value] = {"Fn::Equals": [{"Ref": "RestoreType"}, "full-copy"]}
SUPPRESSED: Final = (
    "W9039",
    "the description of SnapshotIdentifier says to keep its value, and a replaced cluster leaves a final snapshot",
)
"""cfn-lint's id and the reason: the snapshot is a parameter on purpose."""


def restore_group() -> ParameterGroup:
    """SnapshotIdentifier, SourceDBClusterIdentifier, SourceDbClusterResourceId, RestoreType and RestoreToTime."""
    rows = (
        Parameter(
            "SnapshotIdentifier", f"Snapshot (name or ARN) to restore a new cluster from. Empty: none.{_KEEP}",
            default="", group="Restore",
            pattern="^$|^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(cluster-)?snapshot:)?(rds:)?[A-Za-z][A-Za-z0-9-]{0,254}$",
            constraint="empty, or the name or ARN of a snapshot", max_length=350,
        ),
        Parameter(
            "SourceDBClusterIdentifier",
            f"Cluster (identifier or ARN) whose data a new cluster starts with. Empty: none.{_KEEP}",
            default="", group="Restore",
            pattern="^$|^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:cluster:)?[A-Za-z](-?[A-Za-z0-9]){0,62}$",
            constraint="empty, or the identifier or ARN of a cluster", max_length=200,
        ),
        Parameter(
            "SourceDbClusterResourceId",
            "Resource id (cluster-...) of a deleted cluster whose automated backups were kept, to start with their"
            f" data. Empty: none.{_KEEP}",
            default="", group="Restore",
            pattern="^$|^cluster-[A-Za-z0-9]{8,64}$", constraint="empty, or cluster- and the id of a cluster",
        ),
        Parameter(
            "RestoreType",
            "How the data of SourceDBClusterIdentifier are taken. full-copy: copied. copy-on-write: a clone, made in"
            f" minutes, that shares the storage of the source and pays for what changes.{_KEEP}",
            default="full-copy", group="Restore", allowed=("full-copy", "copy-on-write"),
        ),
        Parameter(
            "RestoreToTime",
            "Time in UTC, such as 2026-11-28T13:55:00Z, that the data of SourceDBClusterIdentifier or"
            f" SourceDbClusterResourceId are of. Empty: the latest time that can be restored.{_KEEP}",
            default="", group="Restore",
            pattern="^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
            constraint="empty, or a time in UTC such as 2026-11-28T13:55:00Z",
        ),
    )  # fmt: skip
    return ParameterGroup(
        rows,
        conditions={
            "HasSnapshot": given("SnapshotIdentifier"),
            "HasSourceCluster": given("SourceDBClusterIdentifier"),
            "HasSourceBackups": given("SourceDbClusterResourceId"),
            "HasSourceTime": Or(named("HasSourceCluster"), named("HasSourceBackups")),
            "HasRestoreTime": And(named("HasSourceTime"), given("RestoreToTime")),
            "UsesLatestTime": And(named("HasSourceTime"), Not(named("HasRestoreTime"))),
            "IsRestored": Or(named("HasSnapshot"), named("HasSourceTime")),
        },
        rules={
            "OneSource": rule(
                when={},
                must={"Fn::Or": [{"Fn::And": [_empty(name) for name in SOURCES if name != one]} for one in SOURCES]},
                why=f"the data come from one of {', '.join(SOURCES)}: leave the others empty",
            ),
            "TimeOfASource": rule(
                when=is_given("RestoreToTime"),
                must={
                    "Fn::Or": [
                        is_given("SourceDbClusterResourceId"),
                        {"Fn::And": [is_given("SourceDBClusterIdentifier"), _FULL_COPY]},
                    ]
                },
                why="RestoreToTime needs SourceDbClusterResourceId, or SourceDBClusterIdentifier and RestoreType"
                " full-copy: a clone that shares storage is always of the latest time",
            ),
            "CopyOfBackups": rule(
                when=is_given("SourceDbClusterResourceId"),
                must=_FULL_COPY,
                why="SourceDbClusterResourceId needs RestoreType full-copy: a deleted cluster has no storage to share",
            ),
            "NamedSecretOfNewData": rule(
                when=is_given("SecretName"),
                must={"Fn::And": [_empty(name) for name in SOURCES]},
                why="SecretName is for a cluster that starts empty: a restored one has the master user of its source,"
                " so leave SecretName empty",
            ),
        },
        comments={
            "IsRestored": "The master user and the database come with the data then, and RDS takes neither name. A"
            " secret in DBMaster must hold the user and the password of the source.",
        },
    )


def restore_source() -> Mapping[str, Any]:
    """The properties of a cluster that say where its data come from; all absent for a new, empty one."""
    return {
        "SnapshotIdentifier": only_if("HasSnapshot", Ref("SnapshotIdentifier")),
        "SourceDBClusterIdentifier": only_if("HasSourceCluster", Ref("SourceDBClusterIdentifier")),
        "SourceDbClusterResourceId": only_if("HasSourceBackups", Ref("SourceDbClusterResourceId")),
        "RestoreType": only_if("HasSourceTime", Ref("RestoreType")),
        "RestoreToTime": only_if("HasRestoreTime", Ref("RestoreToTime")),
        "UseLatestRestorableTime": only_if("UsesLatestTime", True),
    }


def _empty(parameter: str) -> Value:
    return {"Fn::Equals": [{"Ref": parameter}, ""]}
