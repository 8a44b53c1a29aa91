"""`logs`: entries of a database's log, printed once or as they arrive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsLogEvents
from aurora_cfn.cli.moments import before
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.sql import Layout, print_rows
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.model.log_event import LogEntry
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.log_entries import Wanted, log_entries
from aurora_cfn.operate.log_groups import LogReader, log_group
from aurora_cfn.ports import Clock
from aurora_cfn.report.log_entries import log_json, log_lines, log_rows, repeated


@dataclass(frozen=True)
class LogsRun:
    """The entries that are `wanted`, as table, json or csv."""

    access: DatabaseAccess
    wanted: Wanted
    form: str
    clock: Clock = field(default_factory=SystemClock)

    def show(self, database: Database, kind: str | None, since: timedelta | datetime) -> None:
        """Print the entries since then; on stderr what was read, and why there may be nothing."""
        reader, start = self._reader(database, kind), before(self.clock.now(), since)
        entries = self._wanted(log_entries(reader.history(start)))
        if self.form == "json":
            found = 0
            for found, entry in enumerate(entries, 1):  # noqa: B007 # counted without keeping them
                write_stdout(log_json(entry), utf8=True)
        elif self.form == "csv":
            rows = log_rows(entries)
            found = len(rows.rows)
            print_rows(rows, Layout("csv"))
        else:
            found = self._table(list(entries))
        if not found:
            info(f"no such entries since {start:%Y-%m-%d %H:%M} UTC; a paused database writes none")
        if not found and self.wanted.slow is not None:
            info("statements are logged with their time only with log_min_duration_statement in the parameter group")
        info(f"read from {reader.group}")

    def follow(self, database: Database, kind: str | None, since: timedelta | datetime) -> None:
        """Print entries as they arrive, until Ctrl-C."""
        reader = self._reader(database, kind)
        info(f"following {reader.group}, one call each 5 s; Ctrl-C ends it")
        for events in reader.follow(before(self.clock.now(), since)):
            entries = list(self._wanted(log_entries(events)))
            if self.form == "json":
                for entry in entries:
                    write_stdout(log_json(entry), utf8=True)
            else:
                self._table(entries)

    def _reader(self, database: Database, kind: str | None) -> LogReader:
        return LogReader(AwsLogEvents(self.access.target.session), log_group(database, kind), self.clock)

    def _wanted(self, entries: Iterator[LogEntry]) -> Iterator[LogEntry]:
        return (entry for entry in entries if self.wanted.has(entry))

    def _table(self, entries: Sequence[LogEntry]) -> int:
        several = len({entry.instance for entry in entries}) > 1
        for line in log_lines(repeated(entries), instances=several):
            write_stdout(line)
        return len(entries)
