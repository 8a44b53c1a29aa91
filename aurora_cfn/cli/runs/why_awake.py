"""`why-awake`: what keeps the databases of an environment from pausing, printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aurora_cfn.aws.attachments import AwsAttachments
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudwatch import AwsLogEvents, AwsMetrics
from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.runs.prices import prices_of
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.cli.terminal.prompt import columns_of_stdout, confirmed, terminal
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.cli.times import before
from aurora_cfn.errors import EXIT_DIFFERENCES
from aurora_cfn.model.awake import AwakeReport, Reason
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.why_awake.read import WhyAwake, with_sessions
from aurora_cfn.report.awake import awake_json, awake_lines, awake_rows

WIDTH = 120
"""Columns of the text where it is not on a terminal."""


@dataclass(frozen=True, slots=True)
class WhyAwakeRun:
    """The reports of databases, in the format table, json or csv.

    `sessions` are read as asked for, never, or after a question (None); `instance_log` reads that log too.
    """

    access: DatabaseAccess
    form: str
    sessions: bool | None = None
    instance_log: bool = False

    def show(self, databases: Sequence[Database], since: timedelta | datetime, *, exit_code: bool) -> int:
        """Print the reports; EXIT_DIFFERENCES with `exit_code` if a database is kept from pausing."""
        clock, target = SystemClock(), self.access.target
        metrics, logs = AwsMetrics(target.session), AwsLogEvents(target.session)
        prices = prices_of(target.environment.region)
        reader = WhyAwake(target.databases, AwsAttachments(target.session), metrics, logs, clock, prices)
        start = before(clock.now(), since)
        reports = []
        for database in databases:
            found = reader.report(database, start, instance_log=self.instance_log)
            reports.append(self._with_sessions(self._on_this_machine(found), database))
        self._print(reports)
        return EXIT_DIFFERENCES if exit_code and any(report.blocked for report in reports) else 0

    def _on_this_machine(self, report: AwakeReport) -> AwakeReport:
        """The report of the emulator says what it cannot know."""
        if not self.access.target.local or report.state not in {"unknown", "awake", "paused"}:
            return report
        note = Reason(
            "note", "capacity: only a pause is known; a database of the emulator pauses with `aurora-cfn local pause`"
        )
        return replace(report, reasons=(*report.reasons, note))

    def _with_sessions(self, report: AwakeReport, database: Database) -> AwakeReport:
        # A paused database has none; one that cannot pause is not kept awake by them.
        if report.state not in {"awake", "unknown"}:
            return report
        if self.sessions is None and not terminal():
            text = "sessions: --sessions asks the database for them, which resumes it or keeps it awake longer"
            return replace(report, reasons=(*report.reasons, Reason("not read", text)))
        if self.sessions or (self.sessions is None and self._agreed(report)):
            return with_sessions(report, database, self.access.api(database))
        return report

    def _agreed(self, report: AwakeReport) -> bool:
        effect = "resumes it if it is paused" if report.state == "unknown" else "restarts its idle time"
        return confirmed(f"Ask {report.database} for its sessions? That {effect}.")

    def _print(self, reports: Sequence[AwakeReport]) -> None:
        if self.form == "json":
            write_stdout(awake_json(reports), nl=False, utf8=True)
        elif self.form == "csv":
            print_rows(awake_rows(reports), "csv")
        else:
            columns = columns_of_stdout() or WIDTH
            for report in reports:
                for line in awake_lines(report, columns):
                    write_stdout(line)
            if any(report.saved for report in reports):
                info("computed from connections and capacity in CloudWatch; the bill counts by the second")
