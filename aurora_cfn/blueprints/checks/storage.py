"""Sizes of storage that RDS refuses together."""

from __future__ import annotations

from aurora_cfn.parameters import Check, Values


def storage_checks() -> tuple[Check, ...]:
    """The threshold up to which the storage of an instance grows."""
    return (Check(("AllocatedStorage", "MaxAllocatedStorage"), _storage_order),)


def _storage_order(values: Values) -> str | None:
    now, most = int(values["AllocatedStorage"]), int(values["MaxAllocatedStorage"])
    if now == most or most * 10 >= now * 11:
        return None
    # RDS refuses a threshold that is not at least a tenth above the storage (RDS user guide, autoscaling, 2026-11-20).
    return f"MaxAllocatedStorage {most} must be {now} (no growth) or at least {-(-now * 11 // 10)}, a tenth more"
