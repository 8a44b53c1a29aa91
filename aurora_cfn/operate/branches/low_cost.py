"""The parameters with which a branch costs little, and nothing but its storage while it is paused."""

from __future__ import annotations

PAUSE_AFTER = 300
"""Seconds, the least that Aurora takes (SecondsUntilAutoPause)."""
MOST_CAPACITY = 2
"""MaxCapacity of a branch where nothing else is asked for, in Aurora capacity units."""
CLONES = 15
"""After this many clones of one source RDS may make a full copy: one stored page of the Aurora user guide says so,
newer ones name no number, and no field of the API shows it (read 2026-11)."""


def branch_parameters(cluster: str, suffix: str, max_capacity: float) -> dict[str, str]:
    """What differs from the original: `cluster` is the original's, also where another branch is cloned."""
    return {
        "ClusterName": f"{cluster}-{suffix}",
        "AutoPause": "true",
        "MinCapacity": "0.5",  # without effect while AutoPause is on; the original's may be above the maximum
        "MaxCapacity": f"{max_capacity:g}",
        "SecondsUntilAutoPause": str(PAUSE_AFTER),
        "Readers": "0",
        # The masks go over the Data API, which needs no network path.
        "EnableDataApi": "true",
        # A group of its own: with the original's, the stack of the original could not be deleted.
        "SubnetGroupName": "",
        "DBBackupRetentionPeriod": "1",  # the least that RDS takes
        "DeleteAutomatedBackups": "true",
        "LogRetentionDays": "1",
        "MonitoringInterval": "0",  # without it there is no role, which the janitor could not delete
        "DatabaseInsights": "standard",
    }


def chain_warning(cluster: str, clones: int) -> str:
    """What to know about one more clone beside that many others; empty below the limit."""
    if clones < CLONES:
        return ""
    return (
        f"{cluster} has {clones} clones: from {CLONES} on RDS may make a full copy in place of a clone, which takes "
        "longer and pays for all its storage"
    )
