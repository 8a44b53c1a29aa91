"""What took how long, below the name of its stack, and the last word on a stack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.model.event import STACK_TYPE, StackEvent
from aurora_cfn.model.plan import Outcome, StackResult
from aurora_cfn.report.events import result_line
from aurora_cfn.report.progress import headed_timeline, timeline
from aurora_cfn.report.text import width

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ROOT = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1"
NESTED = "arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev-Data-2/2"


def event(status: str, after: float, name: str = "Writer", stack: str = ROOT) -> StackEvent:
    at = START + timedelta(seconds=after)
    kind = STACK_TYPE if name in {"Data", "stack"} else "AWS::RDS::DBInstance"
    physical = {"Data": NESTED, "stack": stack}.get(name, "w-1")
    return StackEvent(f"e{after}", stack, stack.split("/")[1], name, physical, kind, status, at)


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        (90, f"db, slowest resources:\n  Writer   1m30s  {'#' * 32}\n  in all   1m30s\n"),
        (0.5, ""),
        (None, ""),
    ],
)
def test_bars_stand_below_the_name_of_their_stack(seconds: float | None, message: str) -> None:
    events = [event("CREATE_IN_PROGRESS", 0), event("CREATE_COMPLETE", seconds)] if seconds else []
    assert headed_timeline("db", events) == message


@pytest.mark.parametrize(
    ("rows", "pieces"),
    [
        # AWS has the beginning of a creation twice, the second time with the physical id.
        ([("CREATE_IN_PROGRESS", 1, "A"), ("CREATE_IN_PROGRESS", 2, "A"), ("CREATE_COMPLETE", 9, "A")], [("A", 1, 8)]),
        ([("CREATE_IN_PROGRESS", 1, "A"), ("CREATE_IN_PROGRESS", 2, "B"), ("CREATE_COMPLETE", 3, "B")], [("B", 2, 1)]),
        (
            [("CREATE_IN_PROGRESS", 1, "A"), ("CREATE_FAILED", 5, "A"), ("ROLLBACK_IN_PROGRESS", 6, "stack"),
             ("DELETE_IN_PROGRESS", 60, "A"), ("DELETE_COMPLETE", 70, "A"), ("ROLLBACK_COMPLETE", 71, "stack")],
            [("A", 1, 4), ("A (rollback)", 60, 10)],
        ),
        (
            [("UPDATE_IN_PROGRESS", 1, "A"), ("UPDATE_COMPLETE", 5, "A"),
             ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", 6, "stack"), ("DELETE_IN_PROGRESS", 7, "A"),
             ("DELETE_COMPLETE", 9, "A")],
            [("A", 1, 4), ("A (clean-up)", 7, 2)],
        ),
        ([("DELETE_COMPLETE", 9, "A")], []),
    ],
)  # fmt: skip
def test_every_piece_of_work_has_its_own_time(
    rows: list[tuple[str, float, str]], pieces: list[tuple[str, float, float]]
) -> None:
    events = [event("X_IN_PROGRESS", 0, "stack"), *(event(*row) for row in rows)]
    assert [(work.name, work.start, work.length) for work in timeline(events)] == pieces


def test_a_resource_of_a_nested_stack_is_shown_with_its_place() -> None:
    events = [
        event("CREATE_IN_PROGRESS", 0, "stack"),
        event("CREATE_IN_PROGRESS", 1, "Data"),
        event("CREATE_IN_PROGRESS", 2, "stack", NESTED),
        event("CREATE_IN_PROGRESS", 3, "Writer", NESTED),
        event("CREATE_COMPLETE", 5, "Writer", NESTED),
        event("CREATE_COMPLETE", 8, "Data"),
    ]
    assert [work.name for work in timeline(events)] == ["Data", "Data/Writer"]


@given(st.integers(20, 200), st.lists(st.tuples(st.integers(1, 60), st.integers(0, 500), st.integers(1, 5000))))
def test_no_bar_is_wider_than_its_room(columns: int, rows: list[tuple[int, int, int]]) -> None:
    events = [
        event(status, after, "W" * length + str(number))
        for number, (length, begin, took) in enumerate(rows)
        for status, after in (("CREATE_IN_PROGRESS", begin), ("CREATE_COMPLETE", begin + took))
    ]
    lines = headed_timeline("", events, columns).splitlines()[1:]
    assert all(width(line) <= columns for line in lines)


@pytest.mark.parametrize(
    ("outcome", "cause", "line"),
    [
        ("skipped", "waits for db", "   1.0s  watch  skipped: waits for db"),
        ("failed", "no capacity", "   1.0s  watch  failed"),
        ("updated", "", "   1.0s  watch  updated"),
        # A stack whose deletion was refused is deployed.
        ("refused", "no", "   1.0s  watch  not carried out"),
        ("unread", "no answer", "   1.0s  watch  not known: its state cannot be read"),
    ],
)
def test_the_last_word_on_a_stack(outcome: Outcome, cause: str, line: str) -> None:
    assert result_line(StackResult("watch", "watch-dev", outcome, cause=cause), "1.0s") == line
