"""Lines of database logs as entries."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from aurora_cfn.model.log_event import LogEntry, LogEvent
from aurora_cfn.operate.log_entries import Wanted, log_entries

SENT = datetime(2026, 11, 28, 14, 5, tzinfo=UTC)
AT = datetime(2026, 11, 28, 14, 2, 11, tzinfo=UTC)
PREFIX = "2026-11-28 14:02:11 UTC:10.0.3.17(41234):app@temporal:[4711]:"


def entries(*messages: str, stream: str = "w.0") -> list[LogEntry]:
    return list(log_entries(LogEvent(str(number), SENT, stream, text) for number, text in enumerate(messages)))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (PREFIX + "ERROR:  deadlock detected",
         LogEntry(AT, "w", "deadlock detected", "error", "app", "temporal", "10.0.3.17", 4711)),
        ("2026-11-28 14:02:11 UTC::@:[12]:LOG:  checkpoint starting: time",
         LogEntry(AT, "w", "checkpoint starting: time", "log", pid=12)),
        ("2026-11-28 14:02:11 UTC:::1(5432):app@temporal:[9]:FATAL:  no",
         LogEntry(AT, "w", "no", "fatal", "app", "temporal", "::1", 9)),
        ("2026-11-28 14:02:11 CET:[local]:app@t:[9]:DEBUG2:  x",
         LogEntry(SENT, "w", "x", "debug", "app", "t", "[local]", 9)),
        ("2026-11-28T14:02:11.000000Z 12 [Warning] [MY-010068] [Server] CA is self signed",
         LogEntry(AT, "w", "[MY-010068] [Server] CA is self signed", "warning", pid=12)),
        ("2026-11-28T14:02:11.000000Z 0 [System] [MY-1] ready", LogEntry(AT, "w", "[MY-1] ready", "info")),
        ("2026-11-28 14:02:11 0 [Note] ready", LogEntry(SENT, "w", "ready", "info")),
        ("No auto-pause blockers registered since", LogEntry(SENT, "w", "No auto-pause blockers registered since")),
    ],
)  # fmt: skip
def test_a_line_is_read_into_its_parts(message: str, expected: LogEntry) -> None:
    assert entries(message) == [expected]


def test_lines_that_belong_to_an_entry_stay_with_it() -> None:
    (found,) = entries(
        PREFIX + "ERROR:  deadlock detected\n\tat once",
        PREFIX + "DETAIL:  Process 1 waits",
        "\tProcess 2 waits",
        PREFIX + "STATEMENT:  update t\n\tset a = 1",
    )
    assert found.text == "deadlock detected"
    assert found.more == ("at once", "DETAIL: Process 1 waits", "Process 2 waits", "STATEMENT: update t", "set a = 1")


def test_lines_of_another_process_or_instance_do_not_belong_to_it() -> None:
    other = PREFIX.replace("4711", "4712")
    assert [row.more for row in entries(PREFIX + "ERROR:  a", other + "DETAIL:  b")] == [(), ()]
    events = [LogEvent("1", SENT, "w", PREFIX + "ERROR:  a"), LogEvent("2", SENT, "r", "\tof the reader")]
    assert [(row.instance, row.text, row.more) for row in log_entries(events)] == [
        ("w", "a", ()), ("r", "of the reader", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (Wanted(), ["connection", "duration: 612.400 ms", "relation t"]),
        (Wanted("warning"), ["relation t"]),
        (Wanted("log"), ["connection", "duration: 612.400 ms", "relation t"]),
        (Wanted(pattern=re.compile("^select")), ["relation t"]),
        (Wanted(slow=500), ["duration: 612.400 ms"]),
        (Wanted(slow=612.5), []),
        (Wanted("error", re.compile("nothing")), []),
    ],
)
def test_what_is_wanted(wanted: Wanted, kept: list[str]) -> None:
    rows = [
        LogEntry(AT, "w", "connection", "log"),
        LogEntry(AT, "w", "duration: 612.400 ms", "log"),
        LogEntry(AT, "w", "relation t", "error", more=("select * from t",)),
    ]
    assert [row.text for row in rows if wanted.has(row)] == kept


def test_a_line_without_a_level_is_of_no_level() -> None:
    assert not Wanted("debug").has(LogEntry(AT, "w", "plain"))
