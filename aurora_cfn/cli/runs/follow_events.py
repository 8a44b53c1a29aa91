"""`events`: the events of an environment's stacks, printed or followed, and what RDS reports of its databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info, report_failure, write_stdout
from aurora_cfn.cli.terminal.open_console import print_timeline
from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.failure import failed, why_failed
from aurora_cfn.deploy.stack_status import DELETED, SUCCEEDED
from aurora_cfn.deploy.watch.events import ended, last_operation
from aurora_cfn.deploy.watch.follow import follow
from aurora_cfn.deploy.watch.record import Record
from aurora_cfn.errors import AuroraCfnError, BusyError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import StackResult
from aurora_cfn.model.stack import Stack
from aurora_cfn.operate.database_events import KEPT, database_events
from aurora_cfn.operate.metrics.reader import known_databases
from aurora_cfn.report.events import database_event_json, database_event_line, event_json
from aurora_cfn.report.text import shown

ENDED_WELL = SUCCEEDED | {DELETED}
WATCHED_AT_ONCE = 16
"""Stacks followed at a time: as many as the session keeps connections open (`aws.session.POOL`)."""

STOP_TIMEOUT = 0.8
"""Seconds that a request to stop waits for calls without an answer; a reader has nothing to close in AWS."""


class EventsRun:
    """The events of the stacks of one environment: of the last operation, or with `whole` all of them."""

    def __init__(self, target: Target, *, log_format: str, whole: bool) -> None:
        # Events are what this command is asked for: with or without --follow, a program reads them from stdout.
        self._run = Run(target, yes=False, log_format=log_format, log_to_stdout=True)
        self._json = log_format == "json"
        self._whole = whole

    def show(self, stacks: Sequence[str]) -> int:
        """Print the events to standard output; the exit code of the worst stack."""
        codes = []
        for entry in selected(self._run.target.environment, stacks):
            events = self._events(entry)
            for event in events:
                write_stdout(event_json(entry.key, event) if self._json else _line(entry.key, event))
            codes.append(_code(events))
        return max(codes, default=0)

    def follow(self, stacks: Sequence[str]) -> int:
        """Watch every stack with a running operation until that has ended; the exit code of the worst stack."""
        chosen = selected(self._run.target.environment, stacks)
        context = self._run.context()
        work = {entry.key: partial(self._followed, context, entry) for entry in chosen}
        results = self._run.in_parallel(context, work, parallel=WATCHED_AT_ONCE, timeout=STOP_TIMEOUT)
        for result in results:
            if result.exit_code:
                report_failure(result.cause, result.exit_code)
            elif not self._json:
                print_timeline(result)
        return max((result.exit_code for result in results), default=0)

    def _followed(self, context: Context, entry: EnvironmentStack) -> StackResult:
        record = Record(context.listener, entry.key)
        try:
            found = self._run.cloudformation.stack(entry.name)
            if found is None:
                context.listener.step(entry.key, f"{entry.name} is not deployed")
            else:
                self._watch(context, entry, found, record)
        except AuroraCfnError as error:
            code, events = error.exit_code, tuple(record.events)
            return StackResult(entry.key, entry.name, "failed", cause=str(error), exit_code=code, events=events)
        return StackResult(entry.key, entry.name, "unchanged", events=tuple(record.events))

    def _watch(self, context: Context, entry: EnvironmentStack, found: Stack, record: Record) -> None:
        """Record the events so far, then those to come. Raises DeployError for a failure, BusyError when stopped."""
        history = list(self._run.cloudformation.events(found.arn))
        events = last_operation(history)
        for event in events:
            record.add(event)
        end = ended(events)
        # Events may lag behind the status: an operation that has ended by its events is not waited for.
        if end is None and found.busy:
            since = history[-1].id if history else None
            end = follow(context, found.arn, since, record, past=events)
        if end is not None and end.status not in ENDED_WELL:
            raise failed(end.status, why_failed(context, entry.name, end, record.events))

    def _events(self, entry: EnvironmentStack) -> list[StackEvent]:
        found = self._run.cloudformation.stack(entry.name)
        if found is None:
            info(f"{entry.name} is not deployed")
            return []
        history = list(self._run.cloudformation.events(found.arn))
        return history if self._whole else last_operation(history)


def _line(key: str, event: StackEvent) -> str:
    reason = f"  {' '.join(event.reason.split())}" if event.reason else ""
    name = event.stack_name if event.of_stack else event.logical_id
    return shown(f"{event.at:%Y-%m-%d %H:%M:%S}  {key}  {event.status:<20}  {name}  {event.type}{reason}")


def _code(events: Sequence[StackEvent]) -> int:
    end = ended(events)
    if not events:
        return 0
    if end is None:
        return BusyError.exit_code
    return 0 if end.status in ENDED_WELL else failed(end.status, "").exit_code


LAST = timedelta(days=1)


def show_database_events(env: str, aws: AwsOptions, stacks: Sequence[str], *, whole: bool, as_json: bool) -> None:
    """Print the events of the last day, or with `whole` of all that RDS keeps.

    Raises InputError if there is no database.
    """
    access = DatabaseAccess.of(env, aws)
    target = access.target
    databases = [row for stack in stacks or (None,) for row in access.in_rds(stack)]
    keys = {row.name: row.key for row in target.environment.stacks}
    since = SystemClock().now() - (KEPT if whole else LAST)
    found = database_events(target.databases, known_databases(target.databases, databases), since)
    for stack, event in found:
        key = keys.get(stack, stack)
        write_stdout(database_event_json(key, event) if as_json else database_event_line(key, event))
    if not found:
        info(f"RDS has reported nothing since {since:%Y-%m-%d %H:%M} UTC")
