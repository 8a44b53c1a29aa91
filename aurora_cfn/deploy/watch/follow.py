"""Watch an operation for a run until it has ended: its events, its status, and RDS while it sends no events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.stack_status import CLEANING_UP
from aurora_cfn.deploy.watch.events import EventTree, OperationFilter
from aurora_cfn.deploy.watch.limit import Limit
from aurora_cfn.deploy.watch.operation import StatusCheck, Watch
from aurora_cfn.deploy.watch.record import Record, WatchedRecord
from aurora_cfn.errors import BusyError
from aurora_cfn.model.event import StackEvent

if TYPE_CHECKING:
    from aurora_cfn.deploy.watch.rds import RdsWatch


def follow(
    context: Context,
    stack_arn: str,
    since: str | None,
    record: Record,
    *,
    token: str = "",
    expected: Iterable[str] = (),
    past: Sequence[StackEvent] = (),
    limit: Limit | None = None,
    stop_at_cleanup: bool = False,
) -> StackEvent:
    """The event that ended the operation on the stack; `record` has all its events after `since`.

    `token` is the ClientRequestToken of the call that started it, empty to take every event. `expected` names the
    resources that it changes, empty when they are unknown. `past` are its events up to `since`, which are recorded
    already. With `stop_at_cleanup` an update counts as ended while its clean-up still runs. Raises BusyError, with the
    command that re-attaches, and AwsError when an emulator has ended.
    """
    key = record.key
    rds_watch = _rds_watch(context, key, frozenset(expected))
    # In the clean-up the update has succeeded already: a failed deletion does not roll it back.
    early = frozenset({CLEANING_UP} if stop_at_cleanup else ())
    recorded = WatchedRecord(record, rds_watch)
    ports = context.read_ports
    tree = EventTree(ports.cloudformation, stack_arn, since, recorded.add, OperationFilter(token), early)
    # Not recorded again, but nested stacks that have begun are in them.
    tree.take_over(past)
    if rds_watch is not None:
        rds_watch.take_over(past)
    watch = Watch(
        tree,
        StatusCheck(ports.cloudformation, context.clock, stack_arn),
        context.clock,
        warn=partial(context.listener.warn, key),
        rds_watch=rds_watch,
        rounds=[limit.check] if limit else [],
        stopping=context.stopping,
        interference=context.watching.poller.interference,
        local=context.environment.local,
    )
    try:
        return context.watching.poller.until_end(watch, context.clock)
    except BusyError as error:
        command = f"aurora-cfn events {context.env_option} --stack {key} --follow"
        raise BusyError(f"{key}: {error}; `{command}` shows it") from error


def _rds_watch(context: Context, key: str, expected: frozenset[str]) -> RdsWatch | None:
    """The watch on RDS; None for the emulator, whose databases are ready when CloudFormation says so."""
    databases = context.read_ports.databases
    if databases is None or context.environment.local:
        return None
    from aurora_cfn.deploy.watch.rds import RdsWatch

    return RdsWatch(databases, context.clock, partial(context.listener.step, key), expected)
