"""A Live Tail session, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.errors import AwsError, InputError
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.log_event import LiveUpdate
from aurora_cfn.operate.log_groups import ITEM, charge, cost, live_updates
from tests.fakes.observations import FakeLiveTail

KNOWN = price_list("eu-west-1").with_prices({ITEM: 0.01}, date(2026, 8, 6))
UNKNOWN = price_list("xx-nowhere-1")


def test_updates_until_the_end_and_an_early_end() -> None:
    tail = FakeLiveTail({"/g": [LiveUpdate(), LiveUpdate(sampled=True)]})
    assert [row.sampled for row in live_updates(tail, "/g")] == [False, True]
    opened = live_updates(tail, "/g")
    next(opened)
    opened.close()
    assert tail.closed == ["/g", "/g"]


@pytest.mark.parametrize(
    ("tail", "error", "message"),
    [
        (FakeLiveTail(), InputError, r"no log group /g.*EnableCloudwatchLogsExports"),
        (FakeLiveTail({"/g": [AwsError("not you", code="AccessDeniedException")]}), AwsError, "not you"),
    ],
)
def test_a_session_that_does_not_begin(tail: FakeLiveTail, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        list(live_updates(tail, "/g"))


def test_the_price_is_said_and_never_guessed() -> None:
    assert charge(KNOWN) == (
        "CloudWatch charges 0.01 USD a minute at the list price of 2026-08-06; 1,800 minutes a month are free"
    )
    assert "charges by the minute (us-east-1: 0.01 USD a minute at" in charge(UNKNOWN)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "1 min, at most 0.01 USD"), (60, "1 min, at most 0.01 USD"), (61, "2 min, at most 0.02 USD"),
     (10800, "180 min, at most 1.80 USD")],
)  # fmt: skip
def test_minutes_are_rounded_up(seconds: float, text: str) -> None:
    assert cost(KNOWN, seconds) == f"the session was open for {text}"
    assert cost(UNKNOWN, seconds) == f"the session was open for {text.partition(',')[0]}"
