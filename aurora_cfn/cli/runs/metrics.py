"""`metrics`: what the databases of an environment use, printed once or as it continues."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsMetrics
from aurora_cfn.aws.performance_insights import AwsDatabaseLoad
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.prices import prices_of
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.cli.terminal.prompt import CLEAR, can_redraw, columns_of_stdout
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.cli.times import before
from aurora_cfn.model.database_metrics import DatabaseMetrics
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.metrics.load import LoadReader, not_known
from aurora_cfn.operate.metrics.reader import MetricsReader, known_databases
from aurora_cfn.ports import Clock
from aurora_cfn.report.metrics.data import metric_rows, metrics_json, points_of
from aurora_cfn.report.metrics.page import metrics_page
from aurora_cfn.report.metrics.plots import plot_lines
from aurora_cfn.report.text import escaped_json

EVERY = 30.0
"""Seconds between two calls of --follow: CloudWatch has a point a minute, and each metric asked for is paid."""
MOST = 10_080
"""Points of a plot of the load: 7 days by the minute."""
WIDTH = 100
"""Columns of plots that are not on a terminal."""
EMULATED = frozenset({"capacity", "connections", "cache", "storage", "transactions"})
ON_EMULATOR = (
    "capacity: not emulated, but 0 in a pause, so there is no cost and no advice; connections, cache and storage are "
    "real"
)


@dataclass(frozen=True)
class MetricsRun:
    """The metrics of those names, all if there are none, in the format table, json, csv or html."""

    access: DatabaseAccess
    names: Sequence[str]
    period: int
    form: str
    clock: Clock = field(default_factory=SystemClock)
    by_load: bool = False
    """The load from Performance Insights instead."""

    def show(self, databases: Sequence[Database], since: timedelta | datetime, *, cost: bool) -> None:
        """Print the metrics since then, with `cost` that of the month so far."""
        start = before(self.clock.now(), since)
        if self.by_load and (self.clock.now() - start).total_seconds() / self.period > MOST:
            raise click.UsageError(f"more than {MOST:,} points: give a longer --period, or a later --since")
        if self.by_load:
            self._print(self._load(databases)(start))
            return
        reader = self._reader()
        known = known_databases(reader.rds, databases)
        found = reader.read(known, start, self.period, self.names)
        if cost and not self.access.target.local:
            found = reader.with_cost(known, found)
        self._print([self._on_this_machine(row) for row in found])

    def follow(self, databases: Sequence[Database], since: timedelta | datetime) -> None:
        """Print new points each EVERY seconds, or on a terminal redraw the plots, until Ctrl-C."""
        if self.by_load and self.access.target.local:
            # There will never be a point.
            self.show(databases, since, cost=False)
            return
        read = self._load(databases) if self.by_load else self._metrics(databases)
        length = self.clock.now() - before(self.clock.now(), since)
        info(f"following, one call each {EVERY:g} s; Ctrl-C ends it")
        redraws = self.form == "table" and sys.stdout.isatty() and can_redraw()
        seen: set[tuple[object, ...]] = set()
        while True:
            found = read(self.clock.now() - length)
            if self.form == "table":
                if redraws:
                    write_stdout(CLEAR, nl=False)
                self._print([replace(self._on_this_machine(row), advice=()) for row in found])
            else:
                seen |= self._new_points(found, seen)
            self.clock.sleep(EVERY)

    def _new_points(self, results: Sequence[DatabaseMetrics], seen: set[tuple[object, ...]]) -> set[tuple[object, ...]]:
        """Print the points of periods that are over and not `seen`; their keys."""
        new: set[tuple[object, ...]] = set()
        for found in results:
            # The point of a period that still runs would change.
            over = (found.until - timedelta(seconds=found.period)).isoformat()
            for point in points_of(found):
                key = (point["source"], point["metric"], point.get("by"), point.get("of"), point["at"])
                if key not in seen and str(point["at"]) <= over:
                    write_stdout(escaped_json(point), utf8=True)
                    new.add(key)
        return new

    def _metrics(self, databases: Sequence[Database]) -> Callable[[datetime], list[DatabaseMetrics]]:
        reader = self._reader()
        known = known_databases(reader.rds, databases)
        return lambda since: reader.read(known, since, self.period, self.names)

    def _load(self, databases: Sequence[Database]) -> Callable[[datetime], list[DatabaseMetrics]]:
        """A function that reads the load since a moment. Raises InputError if Performance Insights is off."""
        if self.access.target.local:
            return lambda since: [not_known(row, since, self.clock.now(), self.period) for row in databases]
        session = self.access.target.session
        return LoadReader(self.access.target.databases, AwsDatabaseLoad(session), self.clock).of(databases, self.period)

    def _reader(self) -> MetricsReader:
        session = self.access.target.session
        prices = prices_of(self.access.target.environment.region)
        return MetricsReader(self.access.target.databases, AwsMetrics(session), self.clock, prices)

    def _on_this_machine(self, found: DatabaseMetrics) -> DatabaseMetrics:
        """Of the emulator, with what it cannot know."""
        if not self.access.target.local or not found.series:
            return found
        asked = dict.fromkeys(row.name for row in found.series)
        lacking = ", ".join(name for name in asked if name not in EMULATED)
        note = ON_EMULATOR if found.capacity else ""
        if self.names and "capacity" not in self.names:
            note = f"{lacking}: not emulated" if lacking else ""
        series = tuple(row for row in found.series if row.points or row.name in EMULATED)
        return replace(found, series=series, advice=(), notes=(*found.notes, *filter(None, (note,))))

    def _print(self, results: Sequence[DatabaseMetrics]) -> None:
        if self.form == "json":
            write_stdout(metrics_json(results), nl=False, utf8=True)
        elif self.form == "csv":
            print_rows(metric_rows(results), "csv")
        elif self.form == "html":
            write_stdout(metrics_page(results, self.access.target.environment.name), nl=False, utf8=True)
        else:
            columns = columns_of_stdout() or WIDTH
            for found in results:
                write_stdout(_writable("\n".join(plot_lines(found, columns))))
        if self.form == "csv":
            for note in (note for found in results for note in found.notes):
                info(note)
        # A note says why there are no series.
        known = [found for found in results if found.series or not found.notes]
        if known and not any(row.points for found in results for row in found.series):
            where = "Performance Insights" if self.by_load else "CloudWatch"
            info(f"{where} has no points of this time; a new database has some after a few minutes")


def _writable(text: str) -> str:
    """The text with a question mark for what the encoding of standard output does not have, such as blocks."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
