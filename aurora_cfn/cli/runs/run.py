"""The run of a command that works on stacks: its ports, its threads, and the main thread that prints and asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from secrets import token_hex

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Session
from aurora_cfn.cli.runs.questions import Interrupt, Questions, Stop
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.console import QuietConsole
from aurora_cfn.cli.terminal.open_console import console
from aurora_cfn.deploy.context import Check, Choices, Context, ReadPorts, RunEnvironment, RunId, Watching
from aurora_cfn.deploy.main_thread import MainThreadQueue, QueuedListener
from aurora_cfn.deploy.schedule import Schedule
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.model.plan import StackResult
from aurora_cfn.ports import Clock, Databases, DatabaseSizes, Snapshots
from aurora_cfn.project.process import is_dead, this_process

TIMEOUT = 8.0
"""Seconds in which stacks close what they opened after a request to stop: CI ends a job for good after 7.5 to 10."""


@dataclass(frozen=True, slots=True)
class SessionRds:
    """RDS for a run; `snapshots` only where the run is to `take_snapshots`.

    Each port is imported and made when it is first read: a new stack on the emulator needs none of them.
    """

    session: Session
    clock: Clock
    take_snapshots: bool

    @property
    def databases(self) -> Databases:
        """Statuses, events and descriptions."""
        from aurora_cfn.aws.rds import AwsDatabases

        return AwsDatabases(self.session)

    @property
    def snapshots(self) -> Snapshots | None:
        """Snapshots to be taken."""
        if not self.take_snapshots:
            return None
        from aurora_cfn.aws.rds import AwsSnapshots

        return AwsSnapshots(self.session)

    @property
    def sizes(self) -> DatabaseSizes:
        """Sizes and restore points."""
        from aurora_cfn.aws.database_sizes import AwsDatabaseSizes

        return AwsDatabaseSizes(self.session, self.clock)


class Run:
    """One run of a command on the stacks of an environment."""

    def __init__(
        self,
        target: Target,
        *,
        yes: bool,
        log_format: str = "text",
        log_to_stdout: bool = False,
        events: bool = False,
        quiet: bool = False,
    ) -> None:
        """Nothing is called yet; `log_to_stdout` is for NDJSON that is the product, `quiet` shows warnings only.

        With `events` each event is a line on a terminal too.
        """
        self.target = target
        self.clock = SystemClock()
        self.console = (
            QuietConsole(self.clock)
            if quiet
            else console(self.clock, log_format, to_stdout=log_to_stdout, events=events)
        )
        self._calls = MainThreadQueue()
        # Putting into this queue is safe in a signal handler too.
        self.stop = Stop(self.clock, lambda: self._calls.post(lambda: None))
        self.questions = Questions(self.console, self._calls, self.stop, yes=yes)

    @property
    def interrupted(self) -> bool:
        """Whether the run was stopped: by Ctrl-C, by a signal, or by a question without an answer."""
        return self.stop.requested

    def for_target(self, target: Target) -> Run:
        """The same run for another target: one console, one request to stop, one thread that asks."""
        made = copy(self)
        made.target = target
        return made

    @property
    def cloudformation(self) -> AwsCloudFormation:
        """The port on the target's session."""
        return self.target.cloudformation

    def context(
        self,
        choices: Choices | None = None,
        *,
        origin: str = "",
        owner: str | None = None,
        uploads: Uploads | None = None,
        check: Check = lambda _: None,
    ) -> Context:
        """The context of this run; change sets belong to this process, or to `owner`."""
        choices = choices or Choices()
        session, environment = self.target.session, self.target.environment
        # Watching reads again anyway, so a call that hangs must not cost a minute.
        fast = session.short_timeouts
        reading = replace(self.target.cloudformation, session=fast)
        rds = SessionRds(session, self.clock, choices.snapshot)
        suffix = this_process().suffix if owner is None else owner
        return Context(
            self.cloudformation,
            self.clock,
            QueuedListener(self._calls, self.console),
            # The time can be read, and the random part distinguishes two runs that start in the same second.
            RunId(f"{self.clock.now():%Y%m%dT%H%M%S}-{token_hex(4)}", origin, suffix, is_dead),
            RunEnvironment(
                environment.name,
                self.target.options.spelled,
                environment.role_arn,
                self.target.local,
                self.target.project,
            ),
            self.questions.consent,
            choices,
            self.stop,
            rds,
            uploads,
            check,
            Watching(ReadPorts(reading, None if self.target.local else replace(rds, session=fast).databases)),
        )

    def exit_code(self, results: Sequence[StackResult], *, shown: bool = False) -> int:
        """The exit code of the run, as `results.exit_code`."""
        from aurora_cfn.cli.runs.results import exit_code

        return exit_code(results, interrupted=self.interrupted, shown=shown)

    def work_through(
        self,
        waits: Mapping[str, frozenset[str]],
        work: Mapping[str, Callable[[], StackResult]],
        context: Context,
        parallel: int = 8,
        timeout: float = TIMEOUT,
        skipped_because: str = "waits for {}",
    ) -> list[StackResult]:
        """Results of all stacks, each worked on in a thread of its own; the live status is removed afterwards.

        After a request to stop, `timeout` is how long it waits for threads without news (seconds). A stack that waits
        for a failed one is skipped: `{}` in `skipped_because` are the keys of the failed ones.
        """
        self.console.expect(len(waits))
        names = {row.key: row.name for row in self.target.environment.stacks}

        def skip(key: str, failed: Sequence[str]) -> StackResult:
            cause = skipped_because.format(", ".join(failed))
            result = StackResult(key, names.get(key, key), "skipped", cause=cause)
            self.console.ended(result)
            return result

        interrupt = Interrupt(self.console, self.questions, self.stop, context, names)
        schedule = Schedule(waits, work, skip, interrupt, self._calls, parallel, self.console.tick, self.stop, timeout)
        try:
            with self.target.session.asking_on(self.questions.mfa), self.stop.watching():
                return schedule.run()
        finally:
            self.console.close()

    def in_parallel(
        self,
        context: Context,
        work: Mapping[str, Callable[[], StackResult]],
        parallel: int = 8,
        timeout: float = TIMEOUT,
    ) -> list[StackResult]:
        """Results of work on stacks that wait for nothing, by key."""
        return self.work_through(dict.fromkeys(work, frozenset[str]()), work, context, parallel, timeout)
