"""Protection switched off, backups kept shorter, access made wider: nothing stops, but a reviewer must see it."""

from __future__ import annotations

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
_ENDLESS = frozenset({"AWS::Logs::LogGroup"})
"""Types that keep everything where no retention is written; the others have a default of one day."""
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
    left, right = (_days(value, context) for value in (difference.before, difference.after))
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
    was = "all of them" if left == float("inf") else f"{left:g}"
    return Effect(
        Verdict.IN_PLACE,
        f"kept shorter ({row.retention} {was} to {right:g}): what is older is deleted soon after",
        remedy="take a snapshot or export of what may still be needed first",
        alert=True,
    )


def _days(value: Value, context: Context) -> float | None:
    # The default of BackupRetentionPeriod is 1 day (schema of AWS::RDS::DBCluster).
    if value is None:
        return float("inf") if context.type in _ENDLESS else 1.0
    return number_of(value)
