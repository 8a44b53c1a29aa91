"""Protection switched off, backups kept shorter, access made wider: nothing stops, but a reviewer must see it."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Final

from aurora_cfn.facts.stateful import StatefulType, stateful_types
from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Value
from aurora_cfn.review.data_outcome import stateful
from aurora_cfn.review.special.context import Context
from aurora_cfn.template.forms import number_of

_ON = ("true", "ACTIVE")
"""Deletion protection is on; ACTIVE is Cognito's word for it."""
_ACCESS: dict[tuple[str, str], tuple[str, str]] = {
    ("AWS::RDS::DBProxy", "RequireTLS"): ("true", "the proxy lets clients in without TLS"),
    ("AWS::RDS::DBCluster", "EnableIAMDatabaseAuthentication"): ("true", "logins with IAM tokens stop working"),
    ("AWS::RDS::DBInstance", "EnableIAMDatabaseAuthentication"): ("true", "logins with IAM tokens stop working"),
    ("AWS::KMS::Key", "Enabled"): ("true", "nothing encrypted with the key can be read while it is disabled"),
    ("AWS::KMS::Key", "EnableKeyRotation"): ("true", "the key is not rotated any more"),
    ("AWS::RDS::DBCluster", "CopyTagsToSnapshot"): ("true", "new snapshots carry no tags any more"),
}
_INTERRUPTS = frozenset({"EnableIAMDatabaseAuthentication", "Enabled"})
"""Switches with which clients that work today are refused from then on."""
_UNWRITTEN: Final[Mapping[str, float]] = {
    "RetentionInDays": inf,
    "RetentionDays": inf,
    "RetentionPeriodHours": 24,
    # With the default BillingMode; it is 2557 with FIXED_RETENTION_PRICING.
    "RetentionPeriod": 366,
    "SnapshotRetentionLimit": 0,
    "DataRetentionInHours": 0,
}
"""What the service takes for a retention that is not written, by its service model; 1 day for all the others."""
_ZERO_KEEPS: Final = "RetentionDays"
"""The retention of AWS::Events::Archive, where 0 means for ever (service model of events, CreateArchive)."""
_ZERO_DELETES = frozenset({"BackupRetentionPeriod", "SnapshotRetentionLimit", "AutomatedSnapshotRetentionPeriod"})
"""Retentions where 0 means no backups: the existing automated ones are deleted."""


def switched_off(context: Context) -> Effect | None:
    """Deletion protection that goes off."""
    row = stateful_types().get(context.type)
    difference = context.difference
    if row is None or not row.protection or difference.keys != (row.protection,):
        return None
    if difference.before not in _ON or difference.after in _ON:
        return None
    goes = "may go" if difference.unsure else "goes"
    return Effect(
        Verdict.IN_PLACE,
        f"deletion protection {goes} off: from then on one call deletes the {row.noun}",
        remedy="leave it on; switch it off only in the deployment before a planned removal",
        alert=True,
    )


def retention_lowered(context: Context) -> Effect | None:
    """Backups, logs or records that are kept shorter; none at all counts as the loss of the last backup."""
    difference = context.difference
    # The default is true (schema of AWS::RDS::DBCluster), so a removed property counts as true.
    if difference.keys == ("DeleteAutomatedBackups",) and difference.before == "false" and difference.after != "false":
        sentence = "automated backups will be deleted together with the database"
        return Effect(Verdict.IN_PLACE, sentence, remedy="leave it false", alert=True)
    row = stateful(context.before)
    if row is None or difference.keys != (row.retention,):
        return None
    left, right = (_time(value, row.retention) for value in (difference.before, difference.after))
    if left is None or right is None or right >= left:
        return None
    return _lowered(row, left, right)


def weakened_access(context: Context) -> Effect | None:
    """A switch of the table above that goes from its safe position to the other."""
    difference = context.difference
    safe, sentence = _ACCESS.get((context.type, difference.top), ("", ""))
    if not sentence or difference.before != safe or difference.after == safe or len(difference.keys) != 1:
        return None
    verdict = Verdict.INTERRUPTION if difference.top in _INTERRUPTS else Verdict.IN_PLACE
    return Effect(verdict, sentence, remedy=f"leave {difference.top}: {safe}", alert=True)


def _lowered(row: StatefulType, left: float, right: float) -> Effect:
    if right == 0 and row.retention in _ZERO_DELETES:
        return Effect(
            Verdict.DATA_LOSS,
            "automated backups are switched off, and those that exist are deleted",
            remedy=f"keep {row.retention} at 1 or more; or take a snapshot and allow it by name",
            alert=True,
            guarded=True,
        )
    was = "all of them" if left == inf else f"{left:g}"
    return Effect(
        Verdict.IN_PLACE,
        f"kept shorter ({row.retention} {was} to {right:g}): what is older is deleted soon after",
        remedy="take a snapshot or export of what may still be needed first",
        alert=True,
    )


def _time(value: Value, name: str) -> float | None:
    given = _UNWRITTEN.get(name, 1) if value is None else number_of(value)
    return inf if given == 0 and name == _ZERO_KEEPS else given
