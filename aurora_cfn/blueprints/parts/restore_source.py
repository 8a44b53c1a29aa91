"""Where the data of a new cluster come from: nowhere, a snapshot, or another cluster at a time or as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from troposphere import And, Not, Or, Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import given, is_given, named, only_if, rule
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Parameter

_KEEP: Final = (
    " Keep the value for the life of the cluster: changing it replaces the cluster by one with the data of the new"
    " source, emptying it by an empty one; the old cluster leaves a final snapshot."
)
SUPPRESSED: Final = (
    "W9039",
    "the description of SnapshotIdentifier says to keep its value, and a replaced cluster leaves a final snapshot",
)
"""cfn-lint's id and the reason: the snapshot is a parameter on purpose."""


def restore_group() -> ParameterGroup:
    """SnapshotIdentifier, SourceDBClusterIdentifier, RestoreType and RestoreToTime."""
    return ParameterGroup(
        _parameters(),
        conditions={
            "HasSnapshot": given("SnapshotIdentifier"),
            "HasSourceCluster": given("SourceDBClusterIdentifier"),
            "HasRestoreTime": And(named("HasSourceCluster"), given("RestoreToTime")),
            "UsesLatestTime": And(named("HasSourceCluster"), Not(named("HasRestoreTime"))),
            "IsRestored": Or(named("HasSnapshot"), named("HasSourceCluster")),
        },
        rules={
            "OneSource": rule(
                when=is_given("SnapshotIdentifier"),
                must=_empty("SourceDBClusterIdentifier"),
                why="the data come from SnapshotIdentifier or from SourceDBClusterIdentifier: leave one of them empty",
            ),
            "TimeOfASource": rule(
                when=is_given("RestoreToTime"),
                must={
                    "Fn::And": [
                        is_given("SourceDBClusterIdentifier"),
                        {"Fn::Equals": [{"Ref": "RestoreType"}, "full-copy"]},
                    ]
                },
                why="RestoreToTime needs SourceDBClusterIdentifier and RestoreType full-copy: a clone that shares"
                " storage is always of the latest time",
            ),
            "NamedSecretOfNewData": rule(
                when=is_given("SecretName"),
                must={"Fn::And": [_empty("SnapshotIdentifier"), _empty("SourceDBClusterIdentifier")]},
                why="SecretName is for a cluster that starts empty: a restored one has the master user of its source,"
                " so leave SecretName empty",
            ),
        },
        comments={
            "IsRestored": "The master user and the database come with the data then, and RDS takes neither name. A"
            " secret in DBMaster must hold the user and the password of the source.",
        },
    )


def _parameters() -> tuple[Parameter, ...]:
    return (
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
            "RestoreType",
            "How the data of SourceDBClusterIdentifier are taken. full-copy: copied. copy-on-write: a clone, made in"
            f" minutes, that shares the storage of the source and pays for what changes.{_KEEP}",
            default="full-copy", group="Restore", allowed=("full-copy", "copy-on-write"),
        ),
        Parameter(
            "RestoreToTime",
            "Time in UTC, such as 2026-11-28T13:55:00Z, that SourceDBClusterIdentifier is restored to. Empty: the"
            f" latest time that can be restored.{_KEEP}",
            default="", group="Restore",
            pattern="^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
            constraint="empty, or a time in UTC such as 2026-11-28T13:55:00Z",
        ),
    )  # fmt: skip


def restore_source() -> Mapping[str, Any]:
    """The properties of a cluster that say where its data come from; all absent for a new, empty one."""
    return {
        "SnapshotIdentifier": only_if("HasSnapshot", Ref("SnapshotIdentifier")),
        "SourceDBClusterIdentifier": only_if("HasSourceCluster", Ref("SourceDBClusterIdentifier")),
        "RestoreType": only_if("HasSourceCluster", Ref("RestoreType")),
        "RestoreToTime": only_if("HasRestoreTime", Ref("RestoreToTime")),
        "UseLatestRestorableTime": only_if("UsesLatestTime", True),
    }


def _empty(parameter: str) -> Value:
    return {"Fn::Equals": [{"Ref": parameter}, ""]}
