"""Combinations of capacity and storage parameters that cannot work, that RDS refuses, or that do nothing."""

from __future__ import annotations

from aurora_cfn.parameters import Check, Values

MINIMUM = 2
"""ACU; the default of MinCapacity."""


def capacity_checks() -> tuple[Check, ...]:
    """The range of the capacity, and values that are not used while the cluster pauses or never does."""
    return (
        Check(("AutoPause", "MinCapacity", "MaxCapacity"), _order),
        Check(("AutoPause", "MinCapacity", "MinCapacity.written"), _minimum_of_a_pausing, severity="info"),
        Check(
            ("AutoPause", "SecondsUntilAutoPause", "SecondsUntilAutoPause.written"),
            _pause_of_a_running,
            severity="info",
        ),
    )


def _order(values: Values) -> str | None:
    low, high = values["MinCapacity"], values["MaxCapacity"]
    # The default is no choice of the user's, and a cluster that pauses does not use it.
    if values["AutoPause"] == "true" and float(low) == MINIMUM:
        return None
    return f"MinCapacity {low} is over MaxCapacity {high}" if float(low) > float(high) else None


def _minimum_of_a_pausing(values: Values) -> str | None:
    if values["AutoPause"] != "true" or "MinCapacity.written" not in values:
        return None
    low = values["MinCapacity"]
    return (
        f"MinCapacity {low} is not used while AutoPause is true: the cluster scales down to 0 ACU and pauses; set "
        f"AutoPause: false to keep {low} ACU running, or leave MinCapacity out"
    )


def _pause_of_a_running(values: Values) -> str | None:
    if values["AutoPause"] != "false" or "SecondsUntilAutoPause.written" not in values:
        return None
    low = values.get("MinCapacity", str(MINIMUM))
    return (
        f"SecondsUntilAutoPause {values['SecondsUntilAutoPause']} is not used while AutoPause is false: the cluster "
        f"never pauses and keeps {low} ACU running; set AutoPause: true, or leave SecondsUntilAutoPause out"
    )


def storage_checks() -> tuple[Check, ...]:
    """The threshold up to which the storage of an instance grows."""
    return (Check(("AllocatedStorage", "MaxAllocatedStorage"), _storage_order),)


def _storage_order(values: Values) -> str | None:
    now, most = int(values["AllocatedStorage"]), int(values["MaxAllocatedStorage"])
    if now == most or most * 10 >= now * 11:
        return None
    # RDS refuses a threshold that is not at least a tenth above the storage (RDS user guide, autoscaling, 2026-11-20).
    return f"MaxAllocatedStorage {most} must be {now} (no growth) or at least {-(-now * 11 // 10)}, a tenth more"
