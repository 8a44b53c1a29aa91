"""The run of a command that works on stacks: clock, console, threads, Ctrl-C, and how it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from secrets import token_hex
from typing import TypeVar

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.database_sizes import AwsDatabaseSizes
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.console import console
from aurora_cfn.cli.terminal.messages import report_failure
from aurora_cfn.cli.terminal.prompt import answerable, asking, confirmed, no_code, question_open, terminal
from aurora_cfn.deploy.context import Choices, Engine, Eyes
from aurora_cfn.deploy.schedule import Desk, Relay, Schedule
from aurora_cfn.deploy.watch.follow import cancel
from aurora_cfn.errors import EXIT_INTERRUPTED, EXIT_NEGATIVE, DeployError, StuckError
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.ports import Snapshots
from aurora_cfn.project.process import is_dead, this_process

Answer = TypeVar("Answer")
LEAVING = ("SIGTERM", "SIGHUP")
"""Signals that leave a run as Ctrl-C does without a terminal: the end of a job, and of a terminal (not on Windows)."""


class Run:
    """What threads and the main thread share; `interrupted` says that the person has left, `attended` whether one is
    there who can be asked.
    """

    def __init__(
        self, target: Target, choices: Choices, *, yes: bool, log_format: str = "text", log_to_stdout: bool = False
    ) -> None:
        """Nothing is called yet; `log_to_stdout` is for NDJSON that is the product itself.

        From now on SIGTERM leaves the run as Ctrl-C does without a terminal; so does SIGHUP, unless it was ignored
        beforehand (`nohup`).
        """
        self.target, self.choices, self.yes = target, choices, yes
        self.interrupted = False
        self.attended: Callable[[], bool] = terminal
        self.clock = SystemClock()
        self.console = console(self.clock, log_format, to_stdout=log_to_stdout)
        self.desk = Desk()
        for name in LEAVING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._told_to_leave)

    @cached_property
    def cloudformation(self) -> AwsCloudFormation:
        """The port on the target's session."""
        return AwsCloudFormation(self.target.session)

    def engine(self, approve: Callable[[StackPlan], bool] = lambda _: False) -> Engine:
        """The engine of this run; `approve` is called in the main thread."""
        return Engine(
            self.cloudformation,
            self.clock,
            Relay(self.desk, self.console),
            approve=lambda plan: self.desk.ask(lambda: self.console.ask(lambda: approve(plan))),
            consent=lambda question: self.desk.ask(lambda: self.console.ask(lambda: self.consented(question))),
            run=f"{self.clock.now():%Y%m%dT%H%M%S}-{token_hex(4)}",
            environment=self.target.environment.name,
            choices=self.choices,
            stopping=lambda: self.interrupted,
            role_arn=self.target.environment.role_arn,
            way=self.target.options.spelled,
            databases=AwsDatabases(self.target.session),
            local=self.target.local,
            snapshots=self._snapshots(),
            watching=Eyes(
                AwsCloudFormation(self.target.session.short_timeouts), AwsDatabases(self.target.session.short_timeouts)
            ),
            holdings=AwsDatabaseSizes(self.target.session, self.clock),
            mark=this_process().suffix,
            gone=is_dead,
        )

    def work_through(
        self,
        waits: Mapping[str, frozenset[str]],
        work: Callable[[str], StackResult],
        skip: Callable[[str, Sequence[str]], StackResult],
        engine: Engine,
        parallel: int = 8,
    ) -> list[StackResult]:
        """Results of all stacks; the screen is in order afterwards."""
        schedule = Schedule(waits, work, skip, lambda: self._interrupt(engine), self.desk, parallel, self.console.tick)
        try:
            with self.target.session.asking_on(self._by_main_thread):
                return schedule.run()
        finally:
            self.console.close()

    def side_by_side(self, engine: Engine, work: Mapping[str, Callable[[], StackResult]]) -> list[StackResult]:
        """Results of work on stacks that wait for nothing, by key."""
        waits = dict.fromkeys(work, frozenset[str]())
        return self.work_through(waits, lambda key: work[key](), _nothing_failed, engine)

    def consented(self, question: str) -> bool:
        """As `agreed`, of a move that the question itself names: where nobody is asked, it is told all the same."""
        if self.yes:
            self.console.answered(question, "yes")
        elif not self.attended():
            self.console.answered(question, "not without --yes, where there is no terminal to ask on")
            return False
        return self.agreed(question)

    def agreed(self, question: str) -> bool:
        """The person's answer; yes without asking when that was said beforehand."""
        if self.yes or self.interrupted:
            return self.yes and not self.interrupted
        return self.answered(lambda: confirmed(question))

    def answered(self, question: Callable[[], bool]) -> bool:
        """The answer to a question that click asks; who does not answer leaves the run, and that is a no."""
        try:
            return question()
        except click.Abort:
            self.leave()
            return False

    def _by_main_thread(self, work: Callable[[], Answer]) -> Answer:
        """What came of work that may ask for the code of an MFA device; who does not answer leaves the run."""

        def answered() -> Answer:
            if self.interrupted:
                raise no_code()
            try:
                with answerable():
                    return self.console.ask(work)
            except (click.Abort, KeyboardInterrupt):
                self.leave()
                raise no_code() from None

        # A thread waits here without any lock, so that the main thread is free to call AWS itself meanwhile.
        return answered() if threading.current_thread() is threading.main_thread() else self.desk.ask(answered)

    def leave(self) -> None:
        """Stop watching; whatever runs in AWS goes on."""
        self.interrupted = True
        self.clock.wake()

    def _told_to_leave(self, *_: object) -> None:
        """A question that is open then is answered by nobody: it ends as if it had been left."""
        self.leave()
        if question_open():
            raise click.Abort

    def _interrupt(self, engine: Engine) -> None:
        """The first Ctrl-C on a terminal asks; any other leaves."""
        running = self.console.running
        if not running or not self.attended() or self.interrupted:
            self.leave()
            return
        updating = self.console.updating
        answer = self._asked(interrupt_question(running, updating), "dc" if updating else "d")
        if answer == "d":
            self.leave()
        elif answer == "c":
            names = {row.key: row.name for row in self.target.environment.stacks}
            for key in updating:
                cancel(engine, key, names[key], "cancelling the update")

    def _asked(self, question: str, letters: str) -> str:
        self.console.suspend()
        kind = click.Choice([*letters, ""])
        try:
            with asking():
                said = click.prompt(question, default="", type=kind, show_default=False, show_choices=False, err=True)
            return str(said)
        except (click.Abort, KeyboardInterrupt):
            return "d"

    def _snapshots(self) -> Snapshots | None:
        return AwsSnapshots(self.target.session) if self.choices.snapshot else None


def interrupt_question(running: Sequence[str], updating: Sequence[str]) -> str:
    """What the first Ctrl-C asks; nothing is offered that CloudFormation refuses, such as cancelling a creation."""
    whose = f" of {', '.join(updating)}" if len(running) > 1 else ""
    cancelling = f"cancel the update{whose} (c), " if updating else ""
    return f"Leave it running (d, Ctrl-C), {cancelling}go on watching (Enter)?"


def _nothing_failed(key: str, failed: Sequence[str]) -> StackResult:
    raise AssertionError(f"{key} waits for nothing, not for {failed}")


def empty_code(results: Sequence[StackResult], *, fail: bool) -> int:
    """The exit code of a run in which no stack changes, where somebody expects a change; 0 for any other."""
    if not fail or any(result.outcome != "unchanged" for result in results):
        return 0
    report_failure("nothing to change (--fail-on-empty)", EXIT_NEGATIVE)
    return EXIT_NEGATIVE


def exit_code(results: Sequence[StackResult], *, interrupted: bool, told: bool = False) -> int:
    """Say why, for each stack that did not get there, unless that is `told` already; the exit code of the worst."""

    for result in results:
        if result.exit_code and not told:
            report_failure(result.cause, result.exit_code)
    codes = [result.exit_code for result in results if result.exit_code]
    for worst in (StuckError.exit_code, DeployError.exit_code):
        if worst in codes:
            return worst
    declined = any(result.outcome == "declined" for result in results)
    return next(iter(codes), EXIT_INTERRUPTED if interrupted else EXIT_NEGATIVE if declined else 0)
