"""What events, the instance log and metrics say about the past."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from aurora_cfn.facts.prices import Price
from aurora_cfn.model.awake import PauseState, Reason
from aurora_cfn.model.database_metrics import Point
from aurora_cfn.model.log_event import LogEvent
from aurora_cfn.model.rds_database import DatabaseEvent
from aurora_cfn.operate.pause import Span
from aurora_cfn.operate.why_awake.history import event_reasons, log_reasons, pause_spans, saved_pauses, state_since
from tests.fakes.clock import START
from tests.operate.test_capacity_use import points, span

PRICE = Price(0.14, START.date())


def event_at(hour: int, message: str) -> DatabaseEvent:
    return DatabaseEvent("w", START + timedelta(hours=hour), message)


def test_resumes_are_listed_the_newest_first_and_canceled_pauses_delay() -> None:
    events = [
        event_at(0, "Initiated pause for the DB instance."),
        event_at(1, "Pause was canceled for the DB instance."),
        event_at(2, "Successfully paused the DB instance."),
        event_at(3, "Initiated resume for the DB instance."),
        *[event_at(hour, "Successfully resumed the DB instance.") for hour in range(4, 10)],
    ]
    resumed, canceled = event_reasons(events)
    assert resumed.effect == "resumed"
    assert resumed.text.startswith("2026-11-21 21:00, 2026-11-21 20:00")
    assert "and 1 more" in resumed.text
    assert (canceled.effect, "2026-11-21 13:00" in canceled.text) == ("delays", True)
    assert list(event_reasons([])) == []


def logged(minute: int, message: str) -> LogEvent:
    return LogEvent(str(minute), START + timedelta(minutes=minute), "w", message)


def test_the_instance_log_names_blockers_and_causes_once_each() -> None:
    text = "[INFO] Auto-pause blockers registered since 12:00: replication capability configured"
    found = list(
        log_reasons(
            [
                logged(0, text), logged(10, text), logged(20, "[INFO] No auto-pause blockers registered since 12:20"),
                logged(30, "[INFO] Unable to pause database due to a new database activity"),
                logged(40, "[INFO] Database resumed due to user activity"),
            ]
        )
    )  # fmt: skip
    times = "2026-11-21 12:10, 2026-11-21 12:00 UTC"
    assert found == [
        Reason("delays", f"instance log: replication capability configured, {times}"),
        Reason("delays", "instance log: new activity while it was pausing, 2026-11-21 12:30 UTC"),
        Reason("resumed", "instance log: user activity, 2026-11-21 12:40 UTC"),
    ]


@pytest.mark.parametrize(
    ("state", "paused", "since"),
    [
        ("awake", [span(0, 2)], span(2, 3).start),
        ("paused", [span(0, 2), span(4, 6)], span(4, 6).start),
        ("awake", [], None),
        ("never", [span(0, 2)], None),
    ],
)
def test_a_state_begins_where_the_last_pause_ends(
    state: PauseState, paused: list[Span], since: datetime | None
) -> None:
    assert state_since(state, paused) == since


HOUR = 12  # periods of five minutes


@pytest.mark.parametrize(
    ("capacity", "connections", "found"),
    [
        # Two idle hours at 2 ACU, the wait of five minutes taken off.
        (points(*[2] * 2 * HOUR), points(*[0] * 2 * HOUR), (1, 2 * 115 / 60, 0)),
        # A proxy's two connections, and one of a client for an hour in the middle.
        (points(*[2] * 3 * HOUR), points(*[2] * HOUR, *[3] * HOUR, *[2] * HOUR),
         (2, 2 * 2 * 55 / 60, 2)),
        # While it was paused, CloudWatch has capacity 0 and no connections.
        (points(*[0] * HOUR), [], None),
        (points(*[0] * HOUR), points(*[0] * HOUR), None),
        # As long as the wait, and the minutes that a pause may take, there is nothing to save.
        (points(*[2] * 5), points(*[0] * 5), None),
        ([], [], None),
    ],
)  # fmt: skip
def test_what_pauses_would_have_saved(
    capacity: list[Point], connections: list[Point], found: tuple[int, float, int] | None
) -> None:
    saved = saved_pauses([capacity], [connections], period=300, pause_after=300)
    assert (saved and (saved.pauses, round(saved.acu_hours, 6), saved.connections)) == (
        found and (found[0], round(found[1], 6), found[2])
    )


def test_it_has_a_price_where_one_is_known() -> None:
    hours = points(*[2] * 2 * HOUR)
    saved = saved_pauses([hours], [points(*[0] * 2 * HOUR)], period=300, pause_after=300, price=PRICE)
    assert saved is not None
    assert saved.dollars == pytest.approx(0.14 * 2 * 115 / 60)
    assert saved.priced == str(START.date())


@pytest.mark.parametrize(
    ("state", "messages", "hour"),
    [
        ("paused", ["Successfully resumed", "Initiated pause", "Successfully paused"], 2),
        ("awake", ["Successfully paused", "Initiated resume", "Successfully resumed", "Pause was canceled"], 2),
        # RDS may leave an event out, so that the capacity knows better.
        ("awake", ["Successfully resumed", "Successfully paused"], None),
        ("paused", [], None),
        ("unknown", ["Successfully paused"], None),
    ],
)
def test_the_last_event_says_since_when_more_exactly(state: PauseState, messages: list[str], hour: int | None) -> None:
    events = [event_at(number, f"{message} the DB instance.") for number, message in enumerate(messages)]
    assert state_since(state, [], events) == (None if hour is None else events[hour].at)


@pytest.mark.parametrize(
    ("messages", "hours"),
    [
        (["Successfully paused", "Successfully resumed"], []),
        (["", "Successfully paused", "Initiated resume", "", "Successfully resumed"], [(2, 4)]),
        (["", "", "", "Successfully paused", "", "", "", "", "", "Successfully resumed", "Successfully paused"],
         [(3, 9), (10, 12)]),
        # RDS keeps events for 14 days, so that the pause of this resume is not known.
        (["", "", "", "", "Successfully resumed"], []),
    ],
)  # fmt: skip
def test_pauses_by_events_are_cut_to_the_time_asked_for(messages: list[str], hours: list[tuple[int, int]]) -> None:
    events = [event_at(hour, f"{message} the DB instance.") for hour, message in enumerate(messages)]
    since, until = event_at(2, "").at, event_at(12, "").at
    assert [(row.start, row.end) for row in pause_spans(events, since, until)] == [
        (event_at(start, "").at, event_at(end, "").at) for start, end in hours
    ]
