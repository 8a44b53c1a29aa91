"""Entries of a log as lines and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aurora_cfn.model.log_event import LogEntry
from aurora_cfn.report.log_entries import log_json, log_lines, log_rows, repeated

AT = datetime(2026, 11, 28, 14, 2, 11, tzinfo=UTC)
REFUSED = LogEntry(AT, "w", "password authentication failed", "fatal", "app", "temporal", "10.0.3.17", 4711)


def test_equal_entries_are_one_line_with_their_count() -> None:
    rows = [
        REFUSED,
        replace(REFUSED, at=AT + timedelta(seconds=5), pid=4712),
        LogEntry(AT + timedelta(seconds=1), "w", "process 12 waits", "log", more=("STATEMENT: select 1",)),
        LogEntry(AT + timedelta(days=1), "w", "process 13 waits", "log"),
        replace(REFUSED, user="report"),
    ]
    assert log_lines(repeated(rows)) == [
        "2026-11-28 14:02:11  FATAL  app@temporal     10.0.3.17  password authentication failed"
        "  (2 times, last 14:02:16)",
        "2026-11-28 14:02:11  FATAL  report@temporal  10.0.3.17  password authentication failed",
        "2026-11-28 14:02:12  LOG                                process 12 waits  (2 times, last 2026-11-29 14:02:11)",
        "    STATEMENT: select 1",
    ]


def test_instances_are_a_column_when_there_are_several() -> None:
    assert log_lines(repeated([LogEntry(AT, "db-r", "x\x1b[2J")]), instances=True) == [
        "2026-11-28 14:02:11  db-r  x\\x1b[2J"
    ]
    assert log_lines([]) == []


def test_rows_have_all_lines_of_an_entry() -> None:
    rows = log_rows([LogEntry(AT, "w", "duration: 7.5 ms", "log", more=("STATEMENT: a",))])
    assert [column.name for column in rows.columns][-2:] == ["milliseconds", "text"]
    assert rows.rows == (("2026-11-28T14:02:11+00:00", "w", "log", "", "", "", 7.5, "duration: 7.5 ms\nSTATEMENT: a"),)


def test_json_has_what_the_entry_has() -> None:
    assert json.loads(log_json(REFUSED))["client"] == "10.0.3.17"
    slow = LogEntry(AT, "w", "duration: 612.4 ms")
    assert json.loads(log_json(slow)) == {
        "at": "2026-11-28T14:02:11+00:00", "instance": "w", "text": "duration: 612.4 ms", "milliseconds": 612.4,
    }  # fmt: skip
