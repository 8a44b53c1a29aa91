"""Reads why databases are awake, from what RDS and CloudWatch say; none of these calls resumes a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.facts.prices import PriceList
from aurora_cfn.model.awake import AwakeReport, Reason
from aurora_cfn.model.database_metrics import Point
from aurora_cfn.model.rds_database import DEFAULT_PAUSE_AFTER, Cluster, DatabaseEvent
from aurora_cfn.model.rows import Database, Engine, Rows
from aurora_cfn.operate.attached import Found, attached_to, read_or_note
from aurora_cfn.operate.database_events import KEPT
from aurora_cfn.operate.log_groups import LogReader, log_group
from aurora_cfn.operate.pause import RECENT, kept_period, may_pause, paused_spans, state_in, use_of
from aurora_cfn.operate.why_awake.configuration import configuration_reasons
from aurora_cfn.operate.why_awake.history import event_reasons, log_reasons, saved_pauses, state_since
from aurora_cfn.ports import Clock, DataApi, Databases
from aurora_cfn.ports.observations import LogEvents, Metrics
from aurora_cfn.ports.surroundings import Attachments
from aurora_cfn.report.text import amount, duration

MINUTES = timedelta(days=1, minutes=1)
"""Shorter times are read by the minute, also the default of a day, of which a moment has passed."""


@dataclass(frozen=True, slots=True)
class WhyAwake:
    """Reads the report of a database; `prices` are those of its region."""

    rds: Databases
    attachments: Attachments
    metrics: Metrics
    logs: LogEvents
    clock: Clock
    prices: PriceList

    def report(self, database: Database, since: datetime, *, instance_log: bool = False) -> AwakeReport:
        """The report since then, without sessions; `instance_log` reads that log in CloudWatch Logs.

        What may not be read is a reason `not read`. Raises AwsError for any other refusal.
        """
        name = database.identifier or database.stack
        plain = AwakeReport(database.stack, name, "never", self.clock.now(), since)
        if not database.identifier:
            text = "Aurora DSQL has no capacity that is kept awake: it is paid by requests and storage"
            return replace(plain, reasons=(Reason("note", text),))
        if database.kind == "db-instance":
            text = "an RDS instance does not pause; stop-db-instance stops it for at most 7 days"
            return replace(plain, reasons=(Reason("note", text),))
        cluster = self.rds.cluster(database.identifier)
        if cluster is None:
            return replace(plain, state="unknown", reasons=(Reason("not read", f"{name} does not exist any more"),))
        lacking: list[Reason] = []
        reasons = self._configuration(cluster, lacking)
        events = self._events(cluster, max(since, plain.at - KEPT), lacking)
        logged = self._instance_log(database, since, lacking) if instance_log else []
        found = replace(plain, reasons=(*reasons, *event_reasons(events), *logged))
        return self._over_time(cluster, found, events, lacking)

    def _configuration(self, cluster: Cluster, lacking: list[Reason]) -> list[Reason]:
        ask = self.attachments
        members = _read("instances", lacking, lambda: self.rds.members(cluster.identifier)) or ()
        attached = replace(
            attached_to(cluster, ask, lambda text: lacking.append(Reason("not read", text))),
            maintenance=_read("maintenance", lacking, lambda: ask.pending_maintenance(cluster.arn)) or (),
            blue_green=_read("blue/green deployments", lacking, lambda: ask.blue_green(cluster.arn)) or (),
        )
        return configuration_reasons(cluster, members, attached)

    def _events(self, cluster: Cluster, since: datetime, lacking: list[Reason]) -> Sequence[DatabaseEvent]:
        # Readers of tier 0 and 1 follow the writer, which is also resumed for every other reader.
        writer = cluster.writer or next(iter(cluster.instances), "")
        if not writer or not may_pause(cluster):
            return ()
        return _read("events", lacking, lambda: self.attachments.pause_events(writer, since=since)) or ()

    def _instance_log(self, database: Database, since: datetime, lacking: list[Reason]) -> list[Reason]:
        reader = LogReader(self.logs, log_group(database, "instance"), self.clock)
        try:
            events = _read("instance log", lacking, lambda: list(reader.history(since)))
        except InputError as error:
            lacking.append(Reason("not read", f"instance log: {error}"))
            return []
        return list(log_reasons(events or ()))

    def _over_time(
        self, cluster: Cluster, report: AwakeReport, events: Sequence[DatabaseEvent], lacking: list[Reason]
    ) -> AwakeReport:
        """The report with its state, since when, and what pauses would have saved."""
        age = report.at - report.from_
        period = kept_period(60 if age < MINUTES else 300, age)
        found = _read("metrics", lacking, lambda: use_of(cluster, self.metrics, report.from_, report.at, period))
        capacity, connections = found or ((), ())
        # A period earlier: a point has the time at which its period begins.
        start = report.at - RECENT - timedelta(seconds=period)
        state = state_in(_after(start, capacity), _after(start, connections)) if may_pause(cluster) else "never"
        pause_after = cluster.capacity.pause_after if may_pause(cluster) and cluster.capacity else 0
        item = "acu_hour_io_optimized" if cluster.storage == "aurora-iopt1" else "acu_hour"
        saved = saved_pauses(
            capacity,
            connections,
            period=period,
            pause_after=pause_after or DEFAULT_PAUSE_AFTER,
            price=self.prices.get(item),
        )
        since = state_since(state, paused_spans(capacity, period), events)
        if since is None and not any(capacity):
            # Then it is only known that it was awake when connections were counted, as in the emulator.
            since = min((row[0].at for row in connections if row), default=None)
        reasons = (*report.reasons, *lacking)
        return replace(report, state=state, since=since, pause_after=pause_after, saved=saved, reasons=reasons)


def _after(start: datetime, series: Sequence[Sequence[Point]]) -> list[list[Point]]:
    return [[point for point in row if point.at >= start] for row in series]


def with_sessions(report: AwakeReport, database: Database, api: DataApi) -> AwakeReport:
    """The report with the open sessions. This uses the database: it resumes a paused one."""
    lacking: list[Reason] = []
    try:
        found = list(session_reasons(api.execute(database, SESSIONS[database.engine]), database.engine))
    except AwsError as error:
        lacking, found = [Reason("not read", f"sessions: {error}")], []
    return replace(report, reasons=(*report.reasons, *found, *lacking))


def _read(what: str, lacking: list[Reason], ask: Callable[[], Found]) -> Found | None:
    return read_or_note(what, lambda text: lacking.append(Reason("not read", text)), ask)


SESSIONS: Mapping[Engine, str] = {
    "postgresql": """
select usename as role, application_name as program, count(*) as sessions,
       max(extract(epoch from now() - state_change))::bigint as seconds,
       count(*) filter (where state <> 'idle') as busy
from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid() and usename <> 'rdsadmin'
group by usename, application_name order by count(*) desc, usename, application_name limit 20""",
    "mysql": """
select user as role, '' as program, count(*) as sessions, max(time) as seconds, sum(command <> 'Sleep') as busy
from information_schema.processlist
where id <> connection_id() and user not in ('rdsadmin', 'event_scheduler', 'system user')
group by user order by count(*) desc, user limit 20""",
}
"""Sessions of clients but for the one that asks, by role and program; `seconds` since their state changed."""
_TIMEOUT: Mapping[Engine, str] = {
    "postgresql": "close them, or idle_session_timeout = 30min (PostgreSQL 14 and later)",
    "mysql": "close them, or a shorter wait_timeout",
}


def session_reasons(rows: Rows, engine: Engine) -> Iterator[Reason]:
    """A reason for each role and program, or a note that there is no session."""
    if not rows.rows:
        yield Reason("note", "no session is open besides the one that asked")
    for role, program, count, seconds, busy in rows.rows:
        number, working = int(str(count)), int(float(str(busy or 0)))
        who = f"{role!s} ({program!s})" if program else str(role)
        what = f"{working} at work" if working else f"idle for {duration(float(str(seconds or 0)))}"
        yield Reason("delays", f"{amount(number, 'session')} of {who}, {what}", "" if working else _TIMEOUT[engine])
