"""Limits of monitoring that do not fit the database which is watched."""

from __future__ import annotations

from aurora_cfn.blueprints.checks.target import target_checks
from aurora_cfn.parameters import Check, Values


def monitoring_checks() -> tuple[Check, ...]:
    """The kind of database, and whether it pauses."""
    return (*target_checks(), *pause_checks())


def pause_checks() -> tuple[Check, ...]:
    """ExpectPause against the cluster that is watched."""
    return (Check(("ExpectPause", "TargetName.AutoPause"), _never_pauses, severity="warning"),)


def _never_pauses(values: Values) -> str | None:
    if values["ExpectPause"] == "true" and values["TargetName.AutoPause"] == "false":
        return "ExpectPause is true, but the cluster has AutoPause false: the alarm NeverPausing will always be on"
    return None
