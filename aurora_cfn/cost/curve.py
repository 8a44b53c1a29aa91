"""Cost over active hours a day: what pausing is worth."""

from __future__ import annotations

from aurora_cfn.model.cost import DAYS, Capacity, CurvePoint, Estimate

DAY = 24


def curve(found: Estimate) -> tuple[CurvePoint, ...]:
    """A point for each number of active hours from 0 to 24; empty when the price of an ACU-hour is unknown.

    Active hours are counted as one stretch a day. While active, capacity is at its least (low) or at its most (high).
    Otherwise a cluster waits at its least capacity until it pauses, and one that never pauses stays there.
    """
    if not found.capacities or any(row.dollars is None for row in found.capacities):
        return ()
    at_rest = sum(_month(row, 0, row.floor, 0) for row in found.capacities)
    at_most = sum(_month(row, DAY, row.maximum, 1) for row in found.capacities)
    low, high = found.low - at_rest, found.high - at_most
    return tuple(
        CurvePoint(
            hours,
            low + sum(_month(row, hours, row.floor, 0) for row in found.capacities),
            high + sum(_month(row, hours, row.maximum, 1) for row in found.capacities),
        )
        for hours in range(DAY + 1)
    )


def _month(row: Capacity, hours: int, active: float, side: int) -> float:
    idle = DAY - hours
    waiting = idle if row.pause_hours is None else min(row.pause_hours, idle) if hours else 0
    return row.instances[side] * (row.dollars or 0) * DAYS * (hours * active + waiting * row.floor)
