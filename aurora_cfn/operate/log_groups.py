"""The log group of a database in CloudWatch Logs: read page by page, followed, or sent by Live Tail."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from aurora_cfn.errors import NOT_FOUND, AwsError, InputError
from aurora_cfn.facts.prices import Price, PriceList, price_list
from aurora_cfn.model.log_event import LiveUpdate, LogEvent, LogPage
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.rows import Database, Engine
from aurora_cfn.ports import Clock
from aurora_cfn.ports.observations import LiveTail, LogEvents

TYPES: Mapping[Engine, tuple[str, ...]] = {
    "postgresql": ("postgresql", "instance", "iam-db-auth-error", "upgrade"),
    "mysql": ("error", "slowquery", "general", "audit", "instance", "iam-db-auth-error"),
}
"""Logs that RDS exports to CloudWatch (ModifyDBCluster, CloudwatchLogsExportConfiguration), the default first."""
ONLY: Mapping[str, EventSource] = {"instance": "db-cluster", "upgrade": "db-instance"}
"""Logs that only clusters, or only RDS instances without a cluster, export."""
EVERY = 5.0
"""Seconds between two calls while following: the account shares a quota of FilterLogEvents calls a second."""
LATE = timedelta(seconds=60)
"""How much earlier than the newest event one may still arrive: instances send their logs independently."""


def log_type(database: Database, kind: str | None) -> str:
    """The log, by default the usual one. Raises InputError for one that the engine does not have, and for DSQL."""
    if not database.identifier:
        raise InputError(f"{database.stack} is Aurora DSQL, which writes no log to CloudWatch Logs")
    types = [name for name in TYPES[database.engine] if ONLY.get(name, database.kind) == database.kind]
    chosen = kind or types[0]
    if chosen not in types:
        raise InputError(
            f"{database.stack} is {database.engine}, which has no log {chosen}; it has: {', '.join(types)}"
        )
    return chosen


def log_group(database: Database, kind: str | None) -> str:
    """The name of the group. Raises InputError as `log_type` does."""
    chosen = log_type(database, kind)
    place = "cluster" if database.kind == "db-cluster" else "instance"
    return f"/aws/rds/{place}/{database.identifier}/{chosen}"


@dataclass(frozen=True, slots=True)
class LogReader:
    """Reads one log group; the database is never asked, so that a paused one stays paused."""

    logs: LogEvents
    group: str
    clock: Clock

    def history(self, since: datetime) -> Iterator[LogEvent]:
        """All events from that moment on. Raises InputError if there is no such group."""
        token = ""
        while True:
            page = self.logs.log_page(self.group, since=since, token=token)
            if page is None:
                raise InputError(no_group(self.group))
            yield from page.events
            # A page may be empty and have a token: the call has looked at 1 MB without a match.
            if not page.token:
                return
            token = page.token

    def follow(self, since: datetime) -> Iterator[Sequence[LogEvent]]:
        """New events without end, one call each EVERY seconds; a throttled call is repeated at the next turn."""
        seen: dict[str, datetime] = {}
        newest, token = since, ""
        while True:
            page = self._turn(max(since, newest - LATE), token)
            new = [event for event in page.events if event.id not in seen]
            seen |= {event.id: event.at for event in new}
            yield new
            if not page.token:
                newest = max((newest, *seen.values()))
                seen = {name: at for name, at in seen.items() if at >= newest - LATE}
            token = page.token
            self.clock.sleep(EVERY)

    def _turn(self, since: datetime, token: str) -> LogPage:
        try:
            # A group that is not there yet is made with the first line of the log.
            return self.logs.log_page(self.group, since=since, token=token) or LogPage()
        except AwsError as error:
            if error.throttled or error.unanswered:
                return LogPage(token=token)
            raise


def no_group(group: str) -> str:
    """Why there may be no such log group, and what makes it."""
    export = group.rpartition("/")[2]
    what = f"there is no log group {group}: the database has written nothing yet, or it does not export this log"
    return f"{what} (EnableCloudwatchLogsExports: [{export}])"


ITEM = "live_tail_minute"
ELSEWHERE = "us-east-1"
"""A region whose price is named where that of the region is not known."""
FREE_MINUTES = 1800
"""Minutes a month that an account does not pay (CloudWatch pricing page, read 2026-11)."""
HOURS = 3
"""AWS ends a session after so long, and sends at most MOST events a second (StartLiveTail, read 2026-11)."""
MOST = 500


def live_updates(tail: LiveTail, group: str) -> Generator[LiveUpdate]:
    """What a session of the group sends; close the generator to end it. Raises InputError if there is no such group."""
    try:
        yield from tail.live_updates(group)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        raise InputError(no_group(group)) from error


def charge(prices: PriceList) -> str:
    """What a session costs, in words."""
    price = prices.get(ITEM)
    if price:
        amount = _a_minute(price)
    else:
        other = price_list(ELSEWHERE).get(ITEM)
        amount = "by the minute" + (f" ({ELSEWHERE}: {_a_minute(other)})" if other else "")
    return f"CloudWatch charges {amount}; {FREE_MINUTES:,} minutes a month are free"


def cost(prices: PriceList, seconds: float) -> str:
    """How long a session was open, and its cost at the list price, empty where that is not known."""
    minutes, price = ceil(seconds / 60), prices.get(ITEM)
    amount = f", at most {minutes * price.dollars:.2f} USD" if price else ""
    return f"the session was open for {minutes} min{amount}"


def _a_minute(price: Price) -> str:
    return f"{price.dollars:g} USD a minute at the list price of {price.day}"
