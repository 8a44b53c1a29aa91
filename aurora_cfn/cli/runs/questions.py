"""The questions of one run. Threads of stacks ask here; the question itself is asked in the main thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from aurora_cfn.cli.runs.stop import Stop
from aurora_cfn.cli.terminal.console import Console
from aurora_cfn.cli.terminal.prompt import answerable, confirmed, no_code, terminal
from aurora_cfn.deploy.context import Approve
from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.model.plan import StackPlan

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

        return lambda plan: self._calls.call(self._undisturbed, approve, plan)

    def consent(self, question: str) -> bool:
        """The answer, from any thread; no where there is neither `--yes` nor a terminal."""
        agreed: bool = self._calls.call(self._undisturbed, self._consented, question)
        return agreed

    def answer(self, question: Callable[[], bool]) -> bool:
        """The answer to a question of `terminal.prompt`, from any thread; Ctrl-C stops the run, and is a no."""
        answer: bool = self._calls.call(self._undisturbed, self._answered, question)
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

    def _undisturbed(self, question: Callable[..., Answer], *arguments: object) -> Answer:
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
