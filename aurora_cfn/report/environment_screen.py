"""An environment at one moment as the lines of one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.environment_view import DatabaseView, EnvironmentView, WatchedStack
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.rds_database import DatabaseEvent
from aurora_cfn.report.environment_status import NONE
from aurora_cfn.report.resource_lines import Line, fitted
from aurora_cfn.report.text import cut, shown, width

FIRST, OLDEST_FIRST = 0, 3
"""Ranks of lines: of events the oldest is left out first, of everything else the last."""


def screen_lines(view: EnvironmentView, columns: int, rows: int) -> list[Line]:
    """At most `rows` lines of at most `columns` columns; events are the first to be left out."""
    lines = [
        Line("", f"{view.environment} in {view.region}, {view.at:%Y-%m-%d %H:%M:%S} UTC; Ctrl-C ends it", FIRST),
        *(Line("", note, FIRST, "", "yellow") for note in view.notes),
        *_section(("STACK", "STATUS", "SINCE"), [_stack(row) for row in view.stacks]),
        *_section(("DATABASE", "STATUS", "CAPACITY", "CONNECTIONS", "AT"), [_database(row) for row in view.databases]),
        *_section(("BRANCH", "OF", "STATUS", "END"),
                  [(("", row.name, row.of, row.stack.status, row.words)) for row in view.branches]),
        *_section(("EVENT", "STACK", "STATUS", "RESOURCE"), [_event(*row) for row in view.events], OLDEST_FIRST),
    ]  # fmt: skip
    return [Line("", cut(shown(line.text), columns), line.rank, "", line.colour) for line in fitted(lines, rows)]


def _section(head: Sequence[str], rows: Sequence[Sequence[str]], rank: int = FIRST) -> Iterator[Line]:
    """An empty line, the head and the rows, in columns; a row begins with its colour. Nothing without rows."""
    if not rows:
        return
    cells = [head, *(list(map(shown, row[1:])) for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    texts = [
        "  ".join(f"{cell}{' ' * (room - width(cell))}" for cell, room in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    yield Line("", "", FIRST)
    yield Line("", texts[0], FIRST)
    yield from (Line("", text, rank, "", row[0]) for text, row in zip(texts[1:], rows, strict=True))


def _stack(row: WatchedStack) -> tuple[str, ...]:
    if row.stack is None:
        return "", row.key, NONE, ""
    at = row.stack.updated or row.stack.created
    return _colour(row.stack.status), row.key, row.stack.status, f"{at:%Y-%m-%d %H:%M}" if at else ""


def _database(row: DatabaseView) -> tuple[str, ...]:
    current = "-" if row.capacity is None else f"{row.capacity:.1f} ACU"
    capacity = "paused" if row.paused else current
    if row.limits is not None:
        capacity += f" ({row.limits.minimum:g} to {row.limits.maximum:g})"
    connections = "-" if row.connections is None else f"{row.connections:g}"
    return "", row.identifier, row.status or "-", capacity, connections, f"{row.at:%H:%M}" if row.at else "-"


def _event(key: str, event: StackEvent | DatabaseEvent) -> tuple[str, ...]:
    if isinstance(event, DatabaseEvent):
        return "", f"{event.at:%m-%d %H:%M:%S}", key, "RDS", f"{event.source}: {' '.join(event.message.split())}"
    name = event.stack_name if event.of_stack else event.logical_id
    reason = f": {' '.join(event.reason.split())}" if event.failed and event.reason else ""
    return _colour(event.status), f"{event.at:%m-%d %H:%M:%S}", key, event.status, f"{name}{reason}"


def _colour(status: str) -> str:
    if status.endswith("_FAILED"):
        return "red"
    if "ROLLBACK" in status:
        return "yellow"
    return "cyan" if status.endswith("_IN_PROGRESS") else ""
