"""Windows for backups and maintenance that RDS refuses."""

from __future__ import annotations

from typing import Final

from aurora_cfn.model.window import daily_window, weekly_window
from aurora_cfn.parameters import Check, Values

# Minutes: RDS refuses a shorter window (API reference of CreateDBCluster, 2026-11-20).
_SHORTEST: Final = 30


def maintenance_checks() -> tuple[Check, ...]:
    """Windows that overlap, and windows that are too short."""
    return (
        Check(("BackupWindow", "MaintenanceWindow"), _overlap),
        Check(("BackupWindow",), lambda values: _too_short(values, "BackupWindow")),
        Check(("MaintenanceWindow",), lambda values: _too_short(values, "MaintenanceWindow")),
    )


def _overlap(values: Values) -> str | None:
    backup, maintenance = values["BackupWindow"], values["MaintenanceWindow"]
    daily, weekly = daily_window(backup), weekly_window(maintenance)
    overlap = daily is not None and weekly is not None and daily.overlaps(weekly)
    return f"BackupWindow {backup} overlaps MaintenanceWindow {maintenance}" if overlap else None


def _too_short(values: Values, name: str) -> str | None:
    window = daily_window(values[name]) or weekly_window(values[name])
    if window is None or window.minutes >= _SHORTEST:
        return None
    return f"{name} {values[name]}: {window.minutes} minutes are shorter than the {_SHORTEST} that RDS requires"
