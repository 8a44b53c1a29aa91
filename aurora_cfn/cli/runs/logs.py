"""`logs`: entries of a database's log, printed once or as they arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsLogEvents, AwsLogQueries
from aurora_cfn.aws.log_files import AwsLogFiles
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.cli.times import before
from aurora_cfn.errors import AwsError
from aurora_cfn.model.log_event import LogEntry, LogEvent
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.log_entries import Wanted, log_entries
from aurora_cfn.operate.log_files import LogFileReader
from aurora_cfn.operate.log_groups import HOURS, MOST, LogReader, charge, cost, live_updates, log_group, log_type
from aurora_cfn.operate.log_query import answered, emulated, query_rows
from aurora_cfn.ports import Clock
from aurora_cfn.report.log_entries import log_json, log_lines, log_rows, repeated


@dataclass(frozen=True)
class LogsRun:
    """The entries that are `wanted`, as table, json or csv."""

    access: DatabaseAccess
    wanted: Wanted
    form: str
    clock: Clock = field(default_factory=SystemClock)
    from_instance: bool = False
    """Read the files of the instances, not CloudWatch Logs; this resumes them."""

    def show(self, database: Database, kind: str | None, since: timedelta | datetime) -> None:
        """Print the entries since then; on stderr what was read, and why there may be nothing."""
        start = before(self.clock.now(), since)
        reader = self._file_reader(database, kind) if self.from_instance else self._reader(database, kind)
        entries = self._wanted(log_entries(reader.history(start)))
        if self.form == "json":
            found = 0
            for found, entry in enumerate(entries, 1):  # noqa: B007 # counted without keeping them
                write_stdout(log_json(entry), utf8=True)
        elif self.form == "csv":
            rows = log_rows(entries)
            found = len(rows.rows)
            print_rows(rows, "csv")
        else:
            found = self._table(list(entries))
        if not found:
            info(f"no such entries since {start:%Y-%m-%d %H:%M} UTC; {self._pauses(database, start)}")
        if not found and self.wanted.slow is not None:
            info("statements are logged with their time only with log_min_duration_statement in the parameter group")
        if isinstance(reader, LogReader):
            info(f"read from {reader.group}")

    def _pauses(self, database: Database, start: datetime) -> str:
        """When the writer was paused since then, as far as RDS says so."""
        # Imported here: entries that were found need no RDS.
        from aurora_cfn.aws.attachments import AwsAttachments
        from aurora_cfn.operate.database_events import KEPT
        from aurora_cfn.operate.why_awake.history import pause_spans

        usual, target, now = "a paused database writes none", self.access.target, self.clock.now()
        if database.kind != "db-cluster":
            return usual
        try:
            cluster = target.databases.cluster(database.identifier)
            writer = cluster.writer if cluster else ""
            # From before that time too: a pause may have begun earlier.
            events = AwsAttachments(target.session).pause_events(writer, since=now - KEPT) if writer else ()
        except AwsError:
            # The log was read, and that it is empty is the answer.
            return usual
        spans = ", ".join(f"{row.start:%Y-%m-%d %H:%M} to {row.end:%H:%M}" for row in pause_spans(events, start, now))
        return f"the writer was paused {spans} UTC, and wrote none" if spans else usual

    def query(self, database: Database, kind: str | None, since: timedelta | datetime, text: str) -> None:
        """Print the rows of a query of CloudWatch Logs Insights; on stderr what it scanned."""
        group = log_group(database, kind)
        local, now = self.access.target.local, self.clock.now()
        text = emulated(text) if local else text
        queries = AwsLogQueries(self.access.target.session)
        found = answered(queries, self.clock, group, text, since=before(now, since), until=now)
        print_rows(query_rows(found), self.form)
        price = "the emulator charges nothing" if local else "CloudWatch charges"
        info(f"read from {group}; {price} for {found.scanned / 1e6:,.1f} MB that were scanned")

    def follow(self, database: Database, kind: str | None, since: timedelta | datetime) -> None:
        """Print entries as they arrive, until Ctrl-C."""
        reader = self._reader(database, kind)
        info(f"following {reader.group}, one call each 5 s; Ctrl-C ends it")
        for events in reader.follow(before(self.clock.now(), since)):
            self._arrived(events)

    def live(self, database: Database, kind: str | None) -> None:
        """Print entries as a Live Tail session sends them, until Ctrl-C or its end; on stderr what it costs."""
        # Imported here: the others need neither prices nor urllib3.
        from aurora_cfn.aws.account import StsCaller
        from aurora_cfn.aws.live_tail import AwsLiveTail
        from aurora_cfn.cli.runs.prices import prices_of

        target, group = self.access.target, log_group(database, kind)
        prices = None if target.local else prices_of(target.environment.region)
        price = "the emulator charges nothing" if prices is None else charge(prices)
        info(f"Live Tail of {group}, until Ctrl-C or for {HOURS} h; {price}")
        account, _ = StsCaller(target.session).identity()
        began, sampled = self.clock.monotonic(), False
        try:
            with closing(live_updates(AwsLiveTail(target.session, account), group)) as updates:
                for update in updates:
                    if update.sampled and not sampled:
                        many = f"more than {MOST} events a second"
                        info(f"{many}: CloudWatch Logs sends a sample; --follow has all of them")
                        sampled = True
                    self._arrived(update.events)
            info(f"AWS ended the session after {HOURS} h: run the command again for another one")
        finally:
            if prices is not None:
                info(cost(prices, self.clock.monotonic() - began))

    def _arrived(self, events: Sequence[LogEvent]) -> None:
        entries = list(self._wanted(log_entries(events)))
        if self.form == "json":
            for entry in entries:
                write_stdout(log_json(entry), utf8=True)
        else:
            self._table(entries)

    def _reader(self, database: Database, kind: str | None) -> LogReader:
        return LogReader(AwsLogEvents(self.access.target.session), log_group(database, kind), self.clock)

    def _file_reader(self, database: Database, kind: str | None) -> LogFileReader:
        chosen, session = log_type(database, kind), self.access.target.session
        members = [row.identifier for row in self.access.target.databases.members(database.identifier)]
        names = members if database.kind == "db-cluster" else [database.identifier]
        info(f"reading log files of {', '.join(names)}: paused instances are resumed for it, and stay awake longer")
        return LogFileReader(AwsLogFiles(session), names, chosen, self.clock)

    def _wanted(self, entries: Iterator[LogEntry]) -> Iterator[LogEntry]:
        return (entry for entry in entries if self.wanted.has(entry))

    def _table(self, entries: Sequence[LogEntry]) -> int:
        several = len({entry.instance for entry in entries}) > 1
        for line in log_lines(repeated(entries), instances=several):
            write_stdout(line)
        return len(entries)
