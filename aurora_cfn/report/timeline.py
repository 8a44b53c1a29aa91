"""What took how long: the durations of a stack's resources, from its events."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.model.event import StackEvent
from aurora_cfn.report.tree import duration

WORTH = 1.0
"""Seconds under which a resource is not worth a line."""
LINES = 8
WIDTH = 32


def timeline(events: Sequence[StackEvent]) -> list[tuple[str, float, float]]:
    """Logical id, seconds from the first event to its begin, and seconds it took; in the order of beginning."""
    began: dict[tuple[str, str], StackEvent] = {}
    ended: dict[tuple[str, str], StackEvent] = {}
    for event in events:
        if event.of_stack:
            continue
        resource = event.stack_arn, event.logical_id
        began.setdefault(resource, event)
        if event.settled:
            ended[resource] = event
    if not began:
        return []
    zero = min(event.at for event in events)
    rows = [
        (first.logical_id, (first.at - zero).total_seconds(), (ended[resource].at - first.at).total_seconds())
        for resource, first in began.items()
        if resource in ended
    ]
    return sorted(rows, key=lambda row: row[1])


def timeline_text(events: Sequence[StackEvent]) -> str:
    """The slowest resources as bars, in the order of beginning; empty when everything was quick."""
    rows = [row for row in timeline(events) if row[2] >= WORTH]
    slowest = sorted(rows, key=lambda row: -row[2])[:LINES]
    if not slowest:
        return ""
    whole = max(begin + length for _, begin, length in rows)
    name = max(len(row[0]) for row in slowest)
    return "".join(_bar(row, name, whole) for row in rows if row in slowest)


def _bar(row: tuple[str, float, float], name: int, whole: float) -> str:
    logical_id, begin, length = row
    left = round(begin / whole * WIDTH)
    bar = "#" * max(1, round(length / whole * WIDTH))
    return f"  {logical_id:<{name}}  {duration(length):>6}  {' ' * left}{bar}\n"


def headed_timeline(key: str, events: Sequence[StackEvent]) -> str:
    """The same below a line that names the stack; empty when everything was quick."""
    bars = timeline_text(events)
    return f"{key} took its time for:\n{bars}" if bars else ""
