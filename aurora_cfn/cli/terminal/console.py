"""What a run looks like: plain lines, NDJSON, or lines above a status that is drawn again and again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from aurora_cfn.cli.terminal.messages import masked, write_stderr
from aurora_cfn.cli.terminal.prompt import draws, is_terminal
from aurora_cfn.deploy.stack_status import CANCELLABLE
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.model.review import Panel, Review
from aurora_cfn.ports import Clock
from aurora_cfn.report.events import event_json, event_line, finding_json, log_json, plan_json, result_json, result_line
from aurora_cfn.report.findings import findings_text
from aurora_cfn.report.plan import plan_text
from aurora_cfn.report.progress import Progress
from aurora_cfn.report.text import duration, shown

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
        self._line(self._laid_out(f"{self._elapsed():>7}  {key}  {text}"))

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self._line(click.style(self._laid_out(f"{self._elapsed():>7}  {key}  warning: {text}"), fg="yellow"))

    def caller(self, text: str) -> None:
        """Who works on which environment."""
        self._line(text)

    def plan(self, plan: StackPlan) -> None:
        """A change set that waits for its approval."""
        self._line(plan_text(plan).rstrip("\n"))

    def review(self, key: str, text: str, found: Review | None = None) -> None:
        """What the change set means for what is deployed; without `found`, why that is not known."""
        del key, found  # the text names its stack
        self._line(text.rstrip("\n"))

    def cost(self, key: str, panel: Panel) -> None:
        """What the change set moves in the bill."""
        del key  # the panel names its stack
        self._line("\n".join((f"{panel.title}:", *(f"  {line}" for line in panel.lines))))

    def findings(self, found: Sequence[Finding]) -> None:
        """What was found before anything is sent."""
        if found:
            self._line(findings_text(found).rstrip("\n"))

    def answered(self, question: str, answer: str) -> None:
        """A question that nobody is asked, and what goes for the answer."""
        self._line(f"{question} {answer}")

    def started(self, key: str, resources: int) -> None:
        """The change set is being executed."""
        self._start(key, resources)

    def event(self, key: str, event: StackEvent) -> None:
        """One event."""
        progress = self._take(key, event)
        color = "red" if event.failed else "yellow" if "ROLLBACK" in event.status else None
        self._line(click.style(self._event_text(key, event, progress.share), fg=color))

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

    @property
    def updating(self) -> tuple[str, ...]:
        """Keys of the stacks under way whose update can be cancelled: only this status takes CancelUpdateStack."""
        return tuple(key for key, one in self._progress.items() if one.status == CANCELLABLE)

    def _start(self, key: str, resources: int) -> None:
        self._progress[key] = Progress(key, resources, self._clock.monotonic())

    def _take(self, key: str, event: StackEvent) -> Progress:
        progress = self._progress.setdefault(key, Progress(key, 0, self._clock.monotonic()))
        progress.take(event, self._clock.monotonic())
        return progress

    def _end(self, key: str) -> None:
        self._progress.pop(key, None)

    def _event_text(self, key: str, event: StackEvent, share: str) -> str:
        return event_line(key, event, self._elapsed(), share)

    def _laid_out(self, text: str) -> str:
        """One line, whatever the text has: logs are read line by line."""
        return shown("; ".join(line.strip() if number else line for number, line in enumerate(text.splitlines())))

    def _elapsed(self) -> str:
        return duration(self._clock.monotonic() - self._began)

    def _line(self, text: str) -> None:
        write_stderr(text)


class JsonConsole(Console):
    """A listener for programs: NDJSON on standard error, or on standard output where it is what was asked for."""

    def __init__(self, clock: Clock, *, to_stdout: bool = False) -> None:
        """Count time from now on."""
        super().__init__(clock)
        self._to_stdout = to_stdout

    def step(self, key: str, text: str) -> None:
        """Something began or was found."""
        self._line(log_json("step", key, {"text": text}))

    def warn(self, key: str, text: str) -> None:
        """Something that a person should know."""
        self._line(log_json("warning", key, {"text": text}))

    def caller(self, text: str) -> None:
        """Who works on which environment."""
        self._line(log_json("caller", "", {"text": text}))

    def plan(self, plan: StackPlan) -> None:
        """A change set that waits for its approval."""
        self._line(plan_json(plan))

    def review(self, key: str, text: str, found: Review | None = None) -> None:
        """What the change set means for what is deployed, with the document of `review --format json`."""
        from aurora_cfn.report.review.json import document

        told = {"review": document(found)} if found else {}
        self._line(log_json("review", key, {"text": click.unstyle(text), **told}))

    def cost(self, key: str, panel: Panel) -> None:
        """What the change set moves in the bill."""
        text = "\n".join((f"{panel.title}:", *panel.lines))
        self._line(log_json("cost", key, {"text": text, **panel.data}))

    def findings(self, found: Sequence[Finding]) -> None:
        """What was found before anything is sent, one by one."""
        for row in found:
            self._line(finding_json(row))

    def answered(self, question: str, answer: str) -> None:
        """A question that nobody is asked, and what goes for the answer."""
        self._line(log_json("consent", "", {"text": question, "answer": answer}))

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

    def _line(self, text: str) -> None:
        if self._to_stdout:
            click.echo(masked(text))
        else:
            write_stderr(text)


def console(clock: Clock, log_format: str, *, to_stdout: bool = False) -> Console:
    """The one that fits: NDJSON when asked for, a live status on a terminal, plain lines anywhere else."""
    if log_format == "json":
        return JsonConsole(clock, to_stdout=to_stdout)
    if not is_terminal(sys.stderr) or sys.platform == "win32" or not draws():
        return Console(clock)
    from aurora_cfn.cli.terminal.live import LiveConsole, window

    color = click.globals.resolve_color_default() is not False
    return LiveConsole(clock, sys.stderr, window, color=color)
