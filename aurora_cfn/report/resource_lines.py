"""Stacks with a line for each resource, to be drawn again and again: progress, sign, name, state, type, time.

Weighed against `rich` 15.0: its Live draws from a thread of its own, while here the main thread draws, asks and handles
Ctrl-C; a window that is made narrower keeps remains of its wider lines (seen in tmux); and it would be four more
packages, since the console that hides secrets and writes plain lines would stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.report.progress import Progress
from aurora_cfn.report.resource_rows import CANCELLED, FAILED, ResourceRow, ResourceRows
from aurora_cfn.report.text import cut, duration, folded, shown, width

TIME = 7
"""Columns of a time."""
WIDE = 60
"""Columns from which rows are indented below their stack, and the bar is long."""
STATE = 9
"""Columns of the states; `importing` is the longest."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a line begins with, and the two parts of a bar."""

    done: str = "\N{CHECK MARK}"
    failed: str = "\N{BALLOT X}"
    cancelled: str = "-"
    running: str = "⠋⠙⠹⠸⠼⠴⠦⠧"
    full: str = "\N{BOX DRAWINGS HEAVY HORIZONTAL}"
    empty: str = "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
    cut: str = "\N{HORIZONTAL ELLIPSIS}"


ASCII = Signs("+", "x", "-", "/-\\|", "#", ".", "~")
"""For terminals that are not UTF-8."""
COLOURS = {"done": "green", "failed": "red", "cancelled": "yellow", "running": "cyan"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `lead`, a `sign` with its colour, `text`. Of those that do not fit, the highest `rank` goes first."""

    lead: str
    text: str
    rank: int
    sign: str = ""
    colour: str = ""

    @property
    def plain(self) -> str:
        """The line without colours."""
        return f"{self.lead}{self.sign}{self.text}"


def stack_line(progress: Progress, now: float, columns: int, signs: Signs) -> Line:
    """The line of a running stack: time since its execution began, bar, finished of all resources, status."""
    room, long = max(0, columns - TIME - 2), 16 if columns >= WIDE else 8
    done = round(long * progress.done / progress.total) if progress.total else 0
    bar = f"  {signs.full * done}{signs.empty * (long - done)}" if progress.total else ""
    about = f"  {progress.share if progress.total else f'{progress.done} done'}  {progress.status}".rstrip()
    key = shown(progress.key)
    text = f"{key}{bar}{about}"
    # The bar is the first to be left out: the numbers say the same.
    text = text if width(text) <= room else cut(f"{key}{about}", room)
    return Line(f"{duration(progress.elapsed(now)):>{TIME}}  ", text, 0)


def whole_line(ended: int, stacks: int, seconds: float, columns: int) -> Line:
    """The line of the run: time since the first execution began, and how many stacks have ended."""
    return Line(f"{duration(seconds):>{TIME}}  ", cut(f"{ended} of {stacks} stacks", max(0, columns - TIME - 2)), 0)


def resource_lines(rows: ResourceRows, progress: Progress, now: float, columns: int, signs: Signs) -> list[Line]:
    """The lines of a stack's resources, and below a failed one its reason."""
    found = rows.rows
    indent = "    " if columns >= WIDE else "  "
    room = max(0, columns - TIME - len(indent) - 2)
    widest = max((width(shown(row.name)) for row in found), default=0)
    name = max(1, min(widest, room - STATE - 2))
    return [
        line
        for row in found
        for line in _resource(row, row.seconds if row.ended else progress.seconds_since(row.began, now),
                              _Layout(indent, name, room, signs, int(now)))
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns of the names and of everything after the sign; `frame` counts the drawings of a running sign."""

    indent: str
    name: int
    room: int
    signs: Signs
    frame: int


def _resource(row: ResourceRow, seconds: float, layout: _Layout) -> Iterator[Line]:
    kind, rank = _kind(row)
    signs = layout.signs
    sign = signs.running[layout.frame % len(signs.running)] if kind == "running" else str(getattr(signs, kind))
    name = shown(row.name)
    if width(name) > layout.name:
        name = cut(name, layout.name - 1) + signs.cut
    text = f" {name}{' ' * (layout.name - width(name))}  {row.state:<{STATE}}"
    note = shown(row.note)
    for part in (note, shown(row.newest.type)):
        # What RDS says is cut, the type is left out: half a type is of no use.
        if part and (part == note or width(text) + 2 + width(part) <= layout.room + 1):
            text += f"  {part}"
    lead = f"{duration(seconds):>{TIME}}{layout.indent}"
    yield Line(lead, cut(text.rstrip(), layout.room + 1), rank, sign, COLOURS[kind])
    if row.reason:
        margin = " " * (TIME + len(layout.indent) + 2)
        for line in folded(shown(row.reason), max(1, layout.room)).splitlines():
            yield Line("", margin + line.strip(), rank, "", COLOURS[kind])


def _kind(row: ResourceRow) -> tuple[str, int]:
    """The kind of its sign, and its rank: a failure is the last to be left out, what is done the first."""
    if row.state == FAILED:
        return "failed", 1
    if not row.ended:
        return "running", 2
    return ("cancelled" if row.state == CANCELLED else "done"), 3


def fitted(lines: Sequence[Line], rows: int) -> list[Line]:
    """At most `rows` lines: those of the lowest ranks, of one rank the newest; the last line counts the others."""
    if len(lines) <= rows:
        return list(lines)
    order = sorted(range(len(lines)), key=lambda at: (lines[at].rank, at if lines[at].rank < 3 else -at))
    kept = sorted(order[: max(0, rows - 1)])
    more = Line(" " * (TIME + 2), f"and {len(lines) - len(kept)} more", 0)
    return [*(lines[at] for at in kept), more][:rows]
