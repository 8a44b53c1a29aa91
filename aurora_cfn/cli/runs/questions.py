"""The questions of one run, which threads of stacks ask and the main thread puts, and the request to stop it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.runs.child import SIGNALS
from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cli.terminal.prompt import answerable, chosen, confirmed, no_code, question_open, terminal
from aurora_cfn.deploy.context import Approve, Context
from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.deploy.watch.limit import cancel
from aurora_cfn.model.plan import StackPlan


class Stop:
    """Whether the run is to stop; `requested` is read by every thread, and set in the main thread."""

    def __init__(self, clock: SystemClock, wake: Callable[[], None]) -> None:
        """From now on SIGTERM requests it; so does SIGHUP, unless it was ignored beforehand (`nohup`).

        `wake` ends the wait of the main thread for calls of the others.
        """
        self.requested = False
        self._watching = False
        self._clock, self._wake = clock, wake
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._signalled)

    def __call__(self) -> bool:
        """Whether the run is to stop."""
        return self.requested

    def request(self) -> None:
        """Stop watching; the main thread and threads that sleep wake up to see it."""
        self.requested = True
        self._clock.wake()
        self._wake()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """A block in which the main thread sees the request, and threads end their work in order."""
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _signalled(self, *_: object) -> None:
        self.request()
        # An open question would wait for an answer that never comes: it ends as declined.
        if question_open():
            raise click.Abort
        # A call that is not answered would last for minutes: it ends as with Ctrl-C.
        if not self._watching:
            raise KeyboardInterrupt


Answer = TypeVar("Answer")
EXECUTE = "Execute this change set on {}?"


class Questions:
    """Yes-or-no questions, plans and MFA codes; `attended` says whether a terminal is there to ask on."""

    def __init__(self, console: Console, calls: MainThreadQueue, stop: Stop, *, yes: bool) -> None:
        """`yes` answers every yes-or-no question beforehand (`--yes`)."""
        self._console, self._calls, self._stop, self.yes = console, calls, stop, yes
        self.attended: Callable[[], bool] = terminal

    def approving(self, show: Callable[[StackPlan], None], question: str | None = EXECUTE) -> Approve:
        """An approval for any thread: in the main thread it shows the plan, then asks the question about the stack.

        Without a question the answer is yes, unless the run is to stop.
        """

        def approve(plan: StackPlan) -> bool:
            show(plan)
            if question is None:
                return not self._stop.requested
            return self.agreed(question.format(plan.desired.name))

        return lambda plan: self._calls.call(self._while_paused, approve, plan)

    def consent(self, question: str) -> bool:
        """The answer, from any thread; no where there is neither `--yes` nor a terminal."""
        agreed: bool = self._calls.call(self._while_paused, self._consented, question)
        return agreed

    def answer(self, question: Callable[[], bool]) -> bool:
        """The answer to a question of `terminal.prompt`, from any thread; Ctrl-C stops the run, and is a no."""
        answer: bool = self._calls.call(self._while_paused, self._answered, question)
        return answer

    def agreed(self, question: str) -> bool:
        """In the main thread: the answer; with `--yes` it is yes without asking."""
        if self.yes or self._stop.requested:
            return self.yes and not self._stop.requested
        return self._answered(lambda: confirmed(question))

    def mfa(self, work: Callable[[], Answer]) -> Answer:
        """The result of AWS calls that may ask for the code of an MFA device, made in the main thread.

        Raises AwsError when no code is given, which stops the run.
        """
        # A thread waits here without a lock: the main thread may need the same credentials for a call of its own.
        answer: Answer = self._calls.call(self._with_code, work)
        return answer

    def _while_paused(self, question: Callable[..., Answer], *arguments: object) -> Answer:
        with self._console.paused():
            return question(*arguments)

    def _consented(self, question: str) -> bool:
        """As `agreed`; where nothing is asked, the question and its answer are still shown."""
        if self.yes:
            self._console.answered(question, "yes")
        elif not self.attended():
            self._console.answered(question, "no: there is no terminal to ask on; --yes agrees")
            return False
        return self.agreed(question)

    def _answered(self, question: Callable[[], bool]) -> bool:
        try:
            return question()
        except click.Abort:
            self._stop.request()
            return False

    def _with_code(self, work: Callable[[], Answer]) -> Answer:
        if self._stop.requested:
            raise no_code()
        try:
            with answerable(), self._console.paused():
                return work()
        except (click.Abort, KeyboardInterrupt):
            self._stop.request()
            raise no_code() from None


@dataclass(frozen=True, slots=True)
class Interrupt:
    """What Ctrl-C does in one run; `names` are the names of the stacks by key."""

    console: Console
    questions: Questions
    stop: Stop
    context: Context
    names: Mapping[str, str]

    def __call__(self) -> None:
        """The first Ctrl-C on a terminal asks; any other stops the run."""
        running = self.console.running
        if not running or not self.questions.attended() or self.stop.requested:
            self.stop.request()
            return
        updating = self.console.updating
        self.console.suspend()
        answer = chosen(interrupt_question(running, updating), "dc" if updating else "d")
        if answer == "d":
            self.stop.request()
        elif answer == "c":
            for key in updating:
                cancel(self.context, key, self.names[key], "cancelling the update")


def interrupt_question(running: Sequence[str], updating: Sequence[str]) -> str:
    """The question of the first Ctrl-C; only updates can be cancelled (CancelUpdateStack), a creation cannot."""
    whose = f" of {', '.join(updating)}" if len(running) > 1 else ""
    cancelling = f"cancel the update{whose} (c), " if updating else ""
    return f"Leave it running (d, Ctrl-C), {cancelling}continue watching (Enter)?"
