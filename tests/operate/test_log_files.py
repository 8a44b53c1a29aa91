"""Log files as events, over a fake."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.model.log_event import LogFile
from aurora_cfn.operate.log_entries import log_entries
from aurora_cfn.operate.log_files import TRIES, LogFileReader
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeLogFiles

FILE = LogFile("error/postgresql.log.2026-11-21-1200", START)
PREFIX = f"{START:%Y-%m-%d %H:%M:%S} UTC:10.0.3.17(41234):app@temporal:[4711]:"
EARLY = PREFIX.replace("12:00", "09:00")
PORTIONS = [
    f"{EARLY}LOG:  old\n{PREFIX}ERROR:  dead",
    f"lock\n{PREFIX}STATEMENT:  update a\n\tset b = 1\n{PREFIX}LOG:  last",
]


def reader(files: FakeLogFiles, kind: str = "postgresql") -> LogFileReader:
    return LogFileReader(files, ["w", "r"], kind, FakeClock())


def test_lines_without_a_time_belong_to_the_line_before_and_old_ones_are_left_out() -> None:
    table = LogFile(f"{FILE.name}.csv", START)
    files = FakeLogFiles({"w": {FILE: PORTIONS, table: ["no"]}, "r": {FILE: [f"{PREFIX}FATAL:  x"]}})
    events = list(reader(files).history(START - timedelta(hours=1)))
    assert len({event.id for event in events}) == 4
    found = [(row.instance, row.level, row.text, row.more) for row in log_entries(events)]
    assert sorted(found) == [
        ("r", "fatal", "x", ()),
        ("w", "error", "deadlock", ("STATEMENT: update a", "set b = 1")),
        ("w", "log", "last", ()),
    ]


def test_lines_with_no_time_at_all_have_that_of_their_file() -> None:
    (event,) = reader(FakeLogFiles({"w": {LogFile("instance/x.log", START): ["a\n", "b"]}}), "instance").history(START)
    assert (event.message, event.at) == ("a\nb", START)


@pytest.mark.parametrize(("refusals", "code", "works"), [
    (2, "DBInstanceNotReady", True), (TRIES, "DBInstanceNotReady", False), (1, "AccessDenied", False),
])  # fmt: skip
def test_a_paused_instance_is_waited_for(refusals: int, code: str, works: bool) -> None:
    reading = reader(FakeLogFiles(trouble=[AwsError("not ready", code=code) for _ in range(refusals)]))
    if works:
        assert list(reading.history(START)) == []
    else:
        with pytest.raises(AwsError, match="not ready"):
            list(reading.history(START))
