"""The output of a run: plain lines, NDJSON, or lines above a live status (`live`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.deploy.stack_status import CANCELLABLE
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.ports import Clock
from aurora_cfn.report.events import event_json, event_line, finding_json, log_json, plan_json, result_json, result_line
from aurora_cfn.report.findings import findings_text
from aurora_cfn.report.plan import plan_text
from aurora_cfn.report.progress import Progress
from aurora_cfn.report.text import duration, shown

if TYPE_CHECKING:
    from aurora_cfn.model.finding import Finding
    from aurora_cfn.model.review import Panel, Review

COLORS = {
    "failed": "red",
    "refused": "red",
    "unread": "red",
    "skipped": "yellow",
    "detached": "yellow",
    "declined": "yellow",
}


class Console:
    """The listener of a run that writes plain lines to standard error."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._asked = 0.0
        self._executing = False
        self._progress: dict[str, Progress] = {}

    draws_resources = False
    """Whether it shows the time of each resource, so that no timeline is needed at the end."""

    def expect(self, stacks: int) -> None:
        """The run works on that many stacks."""

    def step(self, key: str, text: str) -> None:
        """Show a step of the stack."""
        self._line(self._laid_out(f"{self._elapsed():>7}  {key}  {text}"))

    def warn(self, key: str, text: str) -> None:
        """Show a warning."""
        self._line(click.style(self._laid_out(f"{self._elapsed():>7}  {key}  warning: {text}"), fg="yellow"))

    def caller(self, text: str) -> None:
        """Show the caller's identity and the environment."""
        self._line(text)

    def plan(self, plan: StackPlan) -> None:
        """Show a change set before it is approved."""
        self._line(plan_text(plan).rstrip("\n"))

    def review(self, key: str, text: str, found: Review | None = None) -> None:
        """Show the effects of the change set; without `found`, why they are unknown."""
        del key, found  # the text names its stack
        self._line(text.rstrip("\n"))

    def cost(self, key: str, panel: Panel) -> None:
        """Show how the change set changes the cost."""
        del key  # the panel names its stack
        self._line("\n".join((f"{panel.title}:", *(f"  {line}" for line in panel.lines))))

    def findings(self, found: Sequence[Finding]) -> None:
        """Show the findings of the checks before the deployment."""
        if found:
            self._line(findings_text(found).rstrip("\n"))

    def answered(self, question: str, answer: str) -> None:
        """Show a question that an option such as --yes has answered."""
        self._line(f"{question} {answer}")

    def started(self, key: str, resources: int) -> None:
        """The execution of the change set has started."""
        self._start(key, resources)

    def event(self, key: str, event: StackEvent) -> None:
        """Show one event of the stack."""
        progress = self._take(key, event)
        color = "red" if event.failed else "yellow" if "ROLLBACK" in event.status else None
        self._line(click.style(self._event_text(key, event, progress.share), fg=color))

    def ended(self, result: StackResult) -> None:
        """Show the result of a stack."""
        self._end(result.key)
        self._line(click.style(result_line(result, self._elapsed()), fg=COLORS.get(result.outcome, "green")))

    def tick(self) -> None:
        """Redraw a live status; called while there are no events."""

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A block in which a question is asked, and nothing is drawn over it; its time is not counted as elapsed."""
        began = self._clock.monotonic()
        try:
            yield
        finally:
            # The time of a stack that changes is not stopped by a question about another one.
            if not self._progress:
                self._asked += self._clock.monotonic() - began

    def close(self) -> None:
        """Remove a live status for good."""

    def suspend(self) -> None:
        """Remove a live status until the next line."""

    @property
    def running(self) -> tuple[str, ...]:
        """Keys of the stacks with a running operation."""
        return tuple(self._progress)

    @property
    def updating(self) -> tuple[str, ...]:
        """Keys of the stacks whose update can be cancelled: AWS accepts CancelUpdateStack in this status only."""
        return tuple(key for key, one in self._progress.items() if one.status == CANCELLABLE)

    def _start(self, key: str, resources: int) -> None:
        now = self._clock.monotonic()
        if not self._executing:
            # From the first execution on its time is counted: checks and questions are not part of a deployment.
            self._executing, self._began, self._asked = True, now, 0.0
        self._progress[key] = Progress(key, resources, now)

    def _take(self, key: str, event: StackEvent) -> Progress:
        progress = self._progress.setdefault(key, Progress(key, 0, self._clock.monotonic()))
        progress.take(event, self._clock.monotonic())
        return progress

    def _end(self, key: str) -> None:
        self._progress.pop(key, None)

    def _event_text(self, key: str, event: StackEvent, share: str) -> str:
        return event_line(key, event, self._elapsed(), share)

    def _laid_out(self, text: str) -> str:
        """The text on one line, since logs are read line by line."""
        line = "; ".join(line.strip() if number else line for number, line in enumerate(text.splitlines()))
        # What a colon announces follows it.
        return shown(line.replace(":; ", ": "))

    def _elapsed(self) -> str:
        return duration(self._clock.monotonic() - self._began - self._asked)

    def _line(self, text: str) -> None:
        write_stderr(text)


class JsonConsole(Console):
    """The listener of a run that writes NDJSON to standard error, or to standard output if that is the product."""

    def __init__(self, clock: Clock, *, to_stdout: bool = False) -> None:
        super().__init__(clock)
        self._to_stdout = to_stdout

    def step(self, key: str, text: str) -> None:
        """Write a step of the stack."""
        self._line(log_json("step", key, {"text": text}))

    def warn(self, key: str, text: str) -> None:
        """Write a warning."""
        self._line(log_json("warning", key, {"text": text}))

    def caller(self, text: str) -> None:
        """Write the caller's identity and the environment."""
        self._line(log_json("caller", "", {"text": text}))

    def plan(self, plan: StackPlan) -> None:
        """Write a change set before it is approved."""
        self._line(plan_json(plan))

    def review(self, key: str, text: str, found: Review | None = None) -> None:
        """Write the effects of the change set, with the document of `review --format json`."""
        from aurora_cfn.report.review.json import document

        fields = {"review": document(found)} if found else {}
        self._line(log_json("review", key, {"text": click.unstyle(text), **fields}))

    def cost(self, key: str, panel: Panel) -> None:
        """Write how the change set changes the cost."""
        text = "\n".join((f"{panel.title}:", *panel.lines))
        self._line(log_json("cost", key, {"text": text, **panel.data}))

    def findings(self, found: Sequence[Finding]) -> None:
        """Write the findings of the checks before the deployment."""
        for row in found:
            self._line(finding_json(row))

    def answered(self, question: str, answer: str) -> None:
        """Write a question that an option such as --yes has answered."""
        self._line(log_json("consent", "", {"text": question, "answer": answer}))

    def started(self, key: str, resources: int) -> None:
        """Write that the execution of the change set has started."""
        self._start(key, resources)
        self._line(log_json("started", key, {"resources": resources}))

    def event(self, key: str, event: StackEvent) -> None:
        """Write one event of the stack."""
        self._take(key, event)
        self._line(event_json(key, event))

    def ended(self, result: StackResult) -> None:
        """Write the result of a stack."""
        self._end(result.key)
        self._line(result_json(result))

    def _line(self, text: str) -> None:
        if self._to_stdout:
            write_stdout(text)
        else:
            write_stderr(text)


class QuietConsole(Console):
    """The listener of a run over so many stacks that only warnings and questions are shown of each."""

    def _nothing(self, *_: object, **__: object) -> None:
        """Shown neither: what a review refuses is in the result, and the run itself shows a line for each result."""

    step = plan = review = cost = started = event = ended = _nothing
