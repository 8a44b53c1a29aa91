"""A console with a live status below its lines, redrawn in the current width of the terminal."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from aurora_cfn.cli.terminal.console import COLORS, Console
from aurora_cfn.cli.terminal.messages import masked
from aurora_cfn.cli.terminal.resource_block import ResourceBlock, painted
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from aurora_cfn.ports import Clock
from aurora_cfn.report.events import event_line, result_line
from aurora_cfn.report.resource_lines import ASCII, Line, Signs
from aurora_cfn.report.text import duration, folded, shown, tree_lines, width

MARGIN = " " * 9
"""As wide as the elapsed time (7) and the gap after it (2)."""


class LiveConsole(Console):
    """A console for terminals: below its lines a block that is redrawn each second.

    It has a line for each resource of the running stacks, which become plain lines when their stack has ended. With
    `events` each event is a line, and the block is a tree of the running operations.
    """

    def __init__(
        self,
        clock: Clock,
        out: TextIO,
        size: Callable[[], os.terminal_size],
        *,
        color: bool = True,
        events: bool = False,
    ) -> None:
        """Draw nothing yet; `size` is called before each drawing, because the user may resize the window."""
        super().__init__(clock)
        self._out, self._size, self._color = out, size, color
        self._drawn: list[str] = []
        self._asking = False
        self.draws_resources = not events
        self._block = ResourceBlock(_signs(out))

    def expect(self, stacks: int) -> None:
        """Show how many of so many stacks have ended."""
        self._block.stacks += stacks

    def step(self, key: str, text: str) -> None:
        """Show a step of the stack; what RDS says of a running resource is shown in its line."""
        if self.draws_resources and self._block.pinned(key, text):
            self.tick()
        else:
            super().step(key, text)

    def event(self, key: str, event: StackEvent) -> None:
        """Show one event of the stack, as a line or in that of its resource."""
        if not self.draws_resources:
            super().event(key, event)
            return
        self._take(key, event)
        self._block.take(key, event)
        self.tick()

    def ended(self, result: StackResult) -> None:
        """Show the result of a stack below the lines of its resources, for good."""
        progress, now = self._progress.get(result.key), self._clock.monotonic()
        self._block.ended += 1
        if progress is None or not self.draws_resources:
            super().ended(result)
            return
        lines = self._block.stack_lines(progress, now, max(1, self._size().columns - 1))
        self._end(result.key)
        # Counted from the execution: the check and the question before it are not part of the deployment.
        ending = click.style(
            result_line(result, duration(progress.elapsed(now))), fg=COLORS.get(result.outcome, "green")
        )
        self._line("\n".join([*map(painted, lines), ending]))

    def tick(self) -> None:
        """Redraw the status with the current time."""
        self._write("")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A block in which a question is asked: the status is taken away until it ends."""
        self.suspend()
        self._asking = True
        try:
            with super().paused():
                yield
        finally:
            self._asking = False

    def suspend(self) -> None:
        """Remove the status until the next line."""
        self._put(self._erasure())

    def close(self) -> None:
        """Remove the status for good."""
        self._progress.clear()
        self._block.clear()
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
        erasure = self._erasure()
        lines = [] if self._asking else self._status()
        self._drawn = [line.plain for line in lines]
        self._put(erasure + above + "".join(f"{painted(line) if self._color else line.plain}\n" for line in lines))

    def _status(self) -> list[Line]:
        size, now, running = self._size(), self._clock.monotonic(), list(self._progress.values())
        # The last column stays free, as some terminals wrap when it is written.
        columns = max(1, size.columns - 1)
        if self.draws_resources:
            return self._block.lines(running, now, columns, max(1, size.lines - 2))
        # Half of the rows are for the events.
        tree = tree_lines([one.branch(now) for one in running], columns, max(1, size.lines // 2))
        return [Line("", line, 0) for line in tree]

    def _put(self, text: str) -> None:
        # A closed terminal must not end the run.
        with contextlib.suppress(OSError):
            self._out.write(text)
            self._out.flush()

    def _erasure(self) -> str:
        """The escape sequence that erases the status."""
        # A window that is narrower than before has wrapped the drawn lines into more rows.
        columns = max(1, self._size().columns)
        # Minus twice: a division that rounds up.
        rows = sum(max(1, -(-width(line) // columns)) for line in self._drawn)
        self._drawn = []
        # ECMA-48: CPL, so many lines up to the first column; ED, erase from there to the end of the screen.
        return f"\x1b[{rows}F\x1b[J" if rows else ""


def _signs(out: TextIO) -> Signs:
    """Those that the encoding of the terminal has."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    return Signs() if encoding.lower().replace("-", "") == "utf8" else ASCII
