"""What a run looks like: plain lines, NDJSON, or lines above a status that is drawn again and again."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from typing import TypeVar

import click

from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from aurora_cfn.ports import Clock
from aurora_cfn.report.events import event_json, event_line, log_json, result_json, result_line
from aurora_cfn.report.progress import Progress, duration

Answer = TypeVar("Answer")
COLORS = {"failed": "red", "refused": "red", "skipped": "yellow", "detached": "yellow", "declined": "yellow"}


class Console:
    """A listener for people: one line for each thing that happens, on standard error."""

    def __init__(self, clock: Clock) -> None:
        """Count time from now on."""
        self._clock = clock
        self._began = clock.monotonic()
        self._progress: dict[str, Progress] = {}

    def step(self, key: str, text: str) -> None:
        """Something began or was found."""
        self._line(f"{self._elapsed():>7}  {key}  {text}")

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self._line(click.style(f"{self._elapsed():>7}  {key}  warning: {text}", fg="yellow"))

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed."""
        self._start(key, resources)

    def event(self, key: str, event: StackEvent) -> None:
        """One event."""
        progress = self._take(key, event)
        color = "red" if event.failed else "yellow" if "ROLLBACK" in event.status else None
        self._line(click.style(event_line(key, event, self._elapsed(), progress.share), fg=color))

    def ended(self, result: StackResult) -> None:
        """The stack is done with."""
        self._end(result.key)
        self._line(click.style(result_line(result, self._elapsed()), fg=COLORS.get(result.outcome, "green")))

    def tick(self) -> None:
        """Time passed and nothing happened."""

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Have a question asked without anything drawn over it."""
        return question()

    def close(self) -> None:
        """Leave the screen in order."""

    def suspend(self) -> None:
        """Take away what is drawn again and again, until the next line."""

    @property
    def running(self) -> tuple[str, ...]:
        """Keys of the stacks under way."""
        return tuple(self._progress)

    def _start(self, key: str, resources: int) -> None:
        self._progress[key] = Progress(key, resources, self._clock.monotonic())

    def _take(self, key: str, event: StackEvent) -> Progress:
        progress = self._progress.setdefault(key, Progress(key, 0, self._clock.monotonic()))
        progress.take(event)
        return progress

    def _end(self, key: str) -> None:
        self._progress.pop(key, None)

    def _elapsed(self) -> str:
        return duration(self._clock.monotonic() - self._began)

    def _line(self, text: str) -> None:
        click.echo(text, err=True)


class LiveConsole(Console):
    """A terminal: below the lines stands one status line for each stack under way."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is drawn yet."""
        super().__init__(clock)
        self._drawn = 0

    def tick(self) -> None:
        """Draw the status anew, with the time of now."""
        self._erase()
        self._draw()

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Take the status away while a question is open."""
        self._erase()
        return question()

    def suspend(self) -> None:
        """Take the status away, until the next line."""
        self._erase()

    def close(self) -> None:
        """Take the status away for good."""
        self._erase()
        self._progress.clear()

    def _line(self, text: str) -> None:
        self._erase()
        super()._line(text)
        self._draw()

    def _erase(self) -> None:
        if self._drawn:
            sys.stderr.write(f"\x1b[{self._drawn}F\x1b[J")
            # A question may be written to the terminal by another way than this stream.
            sys.stderr.flush()
            self._drawn = 0

    def _draw(self) -> None:
        width = shutil.get_terminal_size().columns - 1
        now = self._clock.monotonic()
        lines = [
            f"{duration(now - one.began):>7}  {one.key}  {one.share}  {', '.join(one.working) or one.status}"[:width]
            for one in self._progress.values()
        ]
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.stderr.flush()
        self._drawn = len(lines)


class JsonConsole(Console):
    """A listener for programs: NDJSON on standard error."""

    def step(self, key: str, text: str) -> None:
        """Something began or was found."""
        self._line(log_json("step", key, {"text": text}))

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self._line(log_json("warning", key, {"text": text}))

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed."""
        self._start(key, resources)
        self._line(log_json("started", key, {"resources": resources}))

    def event(self, key: str, event: StackEvent) -> None:
        """One event."""
        self._take(key, event)
        self._line(event_json(key, event))

    def ended(self, result: StackResult) -> None:
        """The stack is done with."""
        self._end(result.key)
        self._line(result_json(result))


def console(clock: Clock, log_format: str) -> Console:
    """The one that fits: NDJSON when asked for, a live status on a terminal, plain lines anywhere else."""
    if log_format == "json":
        return JsonConsole(clock)
    return LiveConsole(clock) if sys.stderr.isatty() and sys.platform != "win32" else Console(clock)
