"""A stack's progress from its events: finished and running resources, and a timeline of their durations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aurora_cfn.model.event import StackEvent
from aurora_cfn.report.resource_rows import ResourceRows
from aurora_cfn.report.text import Branch, cut, duration, width

Resource = tuple[str, str]
"""ARN of the stack, logical id."""


@dataclass(slots=True)
class Progress:
    """The progress of one stack; `total` is the number of resources in its change set, 0 if unknown.

    `began` and every `now` are seconds of the local clock. A resource's time is counted by the times of events, which
    are AWS's, and by the local clock only since the newest event, so that a wrong local clock does not matter.
    """

    key: str
    total: int = 0
    began: float = 0.0
    status: str = ""
    _root: str = ""
    _done: set[Resource] = field(default_factory=set)
    _working: dict[Resource, StackEvent] = field(default_factory=dict)
    _since: dict[Resource, datetime] = field(default_factory=dict)
    _newest: tuple[datetime, float] | None = None
    _first: datetime | None = None

    def take(self, event: StackEvent, now: float) -> None:
        """Count one event; the first event is of the stack itself."""
        self._root = self._root or event.stack_arn
        self._first = self._first or event.at
        # Events of nested stacks may come late, with an earlier time.
        if self._newest is None or event.at > self._newest[0]:
            self._newest = event.at, now
        if event.of_stack:
            self.status = event.status if event.stack_arn == self._root else self.status
            return
        resource = event.stack_arn, event.logical_id
        if event.settled:
            self._working.pop(resource, None)
            self._since.pop(resource, None)
            self._done.add(resource)
        else:
            self._working[resource] = event
            self._since.setdefault(resource, event.at)

    @property
    def done(self) -> int:
        """Finished resources of the stack itself."""
        # A rollback deletes resources again, so more may finish than the change set has.
        count = self._settled_in(self._root)
        return min(count, self.total) if self.total else count

    @property
    def share(self) -> str:
        """`3/9`, or `3` if the total is unknown."""
        return f"{self.done}/{self.total}" if self.total else str(self.done)

    def elapsed(self, now: float) -> float:
        """Seconds since the operation began, by its first event: what waits for an answer to a question counts too."""
        return now - self.began if self._first is None else max(now - self.began, self.seconds_since(self._first, now))

    def branch(self, now: float) -> Branch:
        """The stack with its running resources, the oldest first."""
        done = self.share if self.total else f"{self.done} done"
        return Branch(self.key, now - self.began, f"{done}  {self.status}".rstrip(), self._below(self._root, now))

    def _below(self, stack_arn: str, now: float) -> tuple[Branch, ...]:
        """Running resources of that stack, with those of nested stacks below them."""
        found = [row for (arn, _), row in self._working.items() if arn == stack_arn]
        return tuple(self._one(row, now) for row in found)

    def _one(self, event: StackEvent, now: float) -> Branch:
        seconds = self.seconds_since(self._since[event.stack_arn, event.logical_id], now)
        nested = event.nested_stack
        if not nested:
            return Branch(event.logical_id, seconds, f"{event.status}  {event.type}")
        text = f"{self._settled_in(nested)} of {self._begun_in(nested)} begun  {event.status}"
        return Branch(event.logical_id, seconds, text, self._below(nested, now))

    def seconds_since(self, moment: datetime, now: float) -> float:
        """Seconds from the time of an event that was taken until `now`."""
        assert self._newest is not None
        newest, seen = self._newest
        return (newest - moment).total_seconds() + now - seen

    def _begun_in(self, stack_arn: str) -> int:
        """Resources of a nested stack that have begun; their total is not in the change set."""
        return sum(arn == stack_arn for arn, _ in self._done | self._working.keys())

    def _settled_in(self, stack_arn: str) -> int:
        return sum(arn == stack_arn for arn, _ in self._done)


SHORTEST = 1.0
"""Seconds; shorter work is not shown."""
LINES = 8
"""The slowest resources that a timeline shows."""
WIDTH = 32
"""Most columns of a bar."""
BESIDE = 12
"""Columns of a line besides the name and the bar."""
TOTAL = "in all"


@dataclass(frozen=True, slots=True)
class Work:
    """The work on one resource: seconds from the first event to its start, and its duration in seconds."""

    name: str
    start: float
    length: float


def timeline(events: Sequence[StackEvent]) -> list[Work]:
    """The finished work in the order of its start.

    Rollback and clean-up of a resource are work of their own; a resource of a nested stack has its path as name.
    """
    if not events:
        return []
    zero, rows = min(event.at for event in events), ResourceRows()
    for event in events:
        rows.take(event)
    found = [
        Work(row.name, (row.began - zero).total_seconds(), row.seconds)
        for row in rows.rows
        if row.ended and row.seconds
    ]
    return sorted(found, key=lambda work: work.start)


def timeline_text(events: Sequence[StackEvent], columns: int | None = None) -> str:
    """The slowest resources as bars, at most `columns` wide, and the total time; empty if all were quick."""
    rows = [row for row in timeline(events) if row.length >= SHORTEST]
    slowest = sorted(rows, key=lambda row: -row.length)[:LINES]
    if not slowest:
        return ""
    whole = max(row.start + row.length for row in rows)
    name, bar = _widths(slowest, columns)
    bars = "".join(_bar(row, name, bar, whole) for row in rows if row in slowest)
    moments = [event.at for event in events]
    return bars + _row(TOTAL, name, (max(moments) - min(moments)).total_seconds())


def _widths(rows: Sequence[Work], columns: int | None) -> tuple[int, int]:
    """Columns of the names and of the longest bar; bars get what the names leave."""
    name = max(width(TOTAL), *(width(row.name) for row in rows))
    if columns is None:
        return name, WIDTH
    name = min(name, max(1, columns - BESIDE))
    return name, max(0, min(WIDTH, columns - BESIDE - name))


def _bar(row: Work, name: int, room: int, whole: float) -> str:
    left = min(round(row.start / whole * room), max(0, room - 1))
    bar = "#" * min(room - left, max(1, round(row.length / whole * room)))
    return _row(row.name, name, row.length, f"  {' ' * left}{bar}")


def _row(text: str, name: int, seconds: float, bar: str = "") -> str:
    label = cut(text, name)
    return f"  {label}{' ' * (name - width(label))}  {duration(seconds):>6}{bar}".rstrip() + "\n"


def headed_timeline(key: str, events: Sequence[StackEvent], columns: int | None = None) -> str:
    """The timeline below a line with the stack's key; empty if all were quick."""
    bars = timeline_text(events, columns)
    return f"{key}, slowest resources:\n{bars}" if bars else ""
