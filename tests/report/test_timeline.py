"""What took how long, below the name of its stack, and the last word on a stack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.plan import Outcome, StackResult
from aurora_cfn.report.events import result_line
from aurora_cfn.report.timeline import headed_timeline

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def event(status: str, after: float) -> StackEvent:
    at = START + timedelta(seconds=after)
    return StackEvent(f"e{after}", "arn:1", "db-dev", "Writer", "w-1", "AWS::RDS::DBInstance", status, at)


@pytest.mark.parametrize(
    ("seconds", "start"), [(90, "db took its time for:\n  Writer   1m30s  ####"), (0.5, ""), (None, "")]
)
def test_bars_stand_below_the_name_of_their_stack(seconds: float | None, start: str) -> None:
    events = [event("CREATE_IN_PROGRESS", 0), event("CREATE_COMPLETE", seconds)] if seconds else []
    told = headed_timeline("db", events)
    assert (told.startswith(start), bool(told)) == (True, bool(start))


@pytest.mark.parametrize(
    ("outcome", "cause", "line"),
    [
        ("skipped", "waits for db", "   1.0s  watch  skipped: waits for db"),
        ("failed", "no capacity", "   1.0s  watch  failed"),
        ("updated", "", "   1.0s  watch  updated"),
    ],
)
def test_the_last_word_on_a_stack(outcome: Outcome, cause: str, line: str) -> None:
    assert result_line(StackResult("watch", "watch-dev", outcome, cause=cause), "1.0s") == line
