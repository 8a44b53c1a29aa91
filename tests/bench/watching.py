"""What it costs to watch a creation of ten minutes, in simulated time, and how late its end is seen."""

from __future__ import annotations

from random import Random
from statistics import mean, median

from tests.deploy.simulation import Watched, creation

ROUNDS = 200
A_MINUTE = 12.0
"""Calls a minute at most, of all services."""


def measured_watching() -> list[Watched]:
    """Creations of different clusters and instances, about ten minutes each."""
    dice = Random(7)
    return [creation(dice.uniform(170, 240), dice.uniform(350, 420), dice.uniform(0, 3)) for _ in range(ROUNDS)]


def cheap(rows: list[Watched]) -> bool:
    """Whether none of them cost too much, and the end was usually seen within two seconds."""
    return max(map(_a_minute, rows)) <= A_MINUTE and _soon(rows) >= 0.85


def watched_text(rows: list[Watched]) -> str:
    """The figures in a line."""
    calls, late = [_a_minute(row) for row in rows], [row.late for row in rows]
    return (
        f"watching: {mean(row.seconds for row in rows) / 60:.1f} minutes on average, {mean(calls):.1f} calls a minute "
        f"and at most {max(calls):.1f} (limit {A_MINUTE:g}); the end is seen after {median(late):.1f} s, "
        f"in {_soon(rows):.0%} of {len(rows)} within 2 s, at most after {max(late):.1f} s"
    )


def _a_minute(row: Watched) -> float:
    return row.calls / row.seconds * 60


def _soon(rows: list[Watched]) -> float:
    return mean(row.late < 2 for row in rows)
