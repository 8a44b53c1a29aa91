"""A console with a live status below its lines, redrawn in the current width of the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cli.terminal.messages import masked, write_stderr
from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from aurora_cfn.ports import Clock
from aurora_cfn.report.events import event_line
from aurora_cfn.report.progress import headed_timeline
from aurora_cfn.report.text import folded, shown, tree_lines, width

MARGIN = " " * 9
"""As wide as the elapsed time (7) and the gap after it (2)."""


class LiveConsole(Console):
    """A console for terminals: below the lines a tree of the running operations, redrawn each second."""

    def __init__(self, clock: Clock, out: TextIO, size: Callable[[], os.terminal_size], *, color: bool = True) -> None:
        """Draw nothing yet; `size` is called before each drawing, because the user may resize the window."""
        super().__init__(clock)
        self._out, self._size, self._color = out, size, color
        self._drawn: list[str] = []
        self._asking = False

    def tick(self) -> None:
        """Redraw the status with the current time."""
        self._write("")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A block in which a question is asked: the status is taken away until it ends."""
        self.suspend()
        self._asking = True
        try:
            yield
        finally:
            self._asking = False

    def suspend(self) -> None:
        """Remove the status until the next line."""
        self._put(self._erasure())

    def close(self) -> None:
        """Remove the status for good."""
        self._progress.clear()
        self.suspend()

    def _event_text(self, key: str, event: StackEvent, share: str) -> str:
        # A line that is too long for the terminal goes without the type, which the status below shows too.
        full = super()._event_text(key, event, share)
        if width(full) < self._size().columns:
            return full
        return self._laid_out(event_line(key, event, self._elapsed(), share, with_type=False))

    def _laid_out(self, text: str) -> str:
        """The text broken into lines between words; continuation lines are indented below the text."""
        room = self._size().columns - 1
        indent = MARGIN if room > 3 * len(MARGIN) else ""
        return "\n".join(folded(shown(line), room, indent) for line in masked(text).splitlines())

    def _line(self, text: str) -> None:
        self._write(f"{masked(text if self._color else click.unstyle(text))}\n")

    def _write(self, above: str) -> None:
        # Erase, new lines and status go out in one write, so that the terminal does not flicker.
        erasure, size = self._erasure(), self._size()
        now = self._clock.monotonic()
        branches = [] if self._asking else [one.branch(now) for one in self._progress.values()]
        # The last column stays free, as some terminals wrap when it is written; and half of the rows, for the lines.
        self._drawn = tree_lines(branches, max(1, size.columns - 1), max(1, size.lines // 2))
        self._put(erasure + above + "".join(f"{line}\n" for line in self._drawn))

    def _put(self, text: str) -> None:
        # A closed terminal must not end the run.
        with contextlib.suppress(OSError):
            self._out.write(text)
            self._out.flush()

    def _erasure(self) -> str:
        """The escape sequence that erases the status."""
        # A window that is narrower than before has wrapped the drawn lines into more rows.
        columns = max(1, self._size().columns)
        rows = sum(max(1, -(-width(line) // columns)) for line in self._drawn)
        self._drawn = []
        return f"\x1b[{rows}F\x1b[J" if rows else ""


def print_timeline(result: StackResult) -> None:
    """Write the timeline of a stack's resources, in the width of the terminal."""
    columns = window().columns - 1 if is_terminal(sys.stderr) else None
    write_stderr(headed_timeline(result.key, result.events, columns), nl=False)


def window() -> os.terminal_size:
    """The current size of the terminal on standard error, 80 x 24 if unknown; standard output may be a file."""
    size = os.terminal_size((0, 0))
    with contextlib.suppress(OSError):  # a terminal whose window was closed has no size
        size = os.get_terminal_size(sys.stderr.fileno())
    return size if size.columns and size.lines else os.terminal_size((80, 24))
