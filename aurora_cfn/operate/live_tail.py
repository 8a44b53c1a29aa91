"""Live Tail of a log group: what it sends, and what it costs."""

from __future__ import annotations

from collections.abc import Generator
from math import ceil

from aurora_cfn.errors import NOT_FOUND, AwsError, InputError
from aurora_cfn.facts.prices import Price, PriceList, price_list
from aurora_cfn.model.log_event import LiveUpdate
from aurora_cfn.operate.log_groups import no_group
from aurora_cfn.ports.observations import LiveTail

ITEM = "live_tail_minute"
ELSEWHERE = "us-east-1"
"""A region whose price is named where that of the region is not known."""
FREE = 1800
"""Minutes a month that an account does not pay (CloudWatch pricing page, read 2026-11)."""
HOURS = 3
"""AWS ends a session after so long, and sends at most MOST events a second (StartLiveTail, read 2026-11)."""
MOST = 500


def live_updates(tail: LiveTail, group: str) -> Generator[LiveUpdate]:
    """What a session of the group sends; close the generator to end it. Raises InputError if there is no such group."""
    try:
        yield from tail.live_updates(group)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise
        raise InputError(no_group(group)) from error


def charge(prices: PriceList) -> str:
    """What a session costs, in words."""
    price = prices.get(ITEM)
    if price:
        amount = _a_minute(price)
    else:
        other = price_list(ELSEWHERE).get(ITEM)
        amount = "by the minute" + (f" ({ELSEWHERE}: {_a_minute(other)})" if other else "")
    return f"CloudWatch charges {amount}; {FREE:,} minutes a month are free"


def cost(prices: PriceList, seconds: float) -> str:
    """How long a session was open, and its cost at the list price, empty where that is not known."""
    minutes, price = ceil(seconds / 60), prices.get(ITEM)
    amount = f", at most {minutes * price.dollars:.2f} USD" if price else ""
    return f"the session was open for {minutes} min{amount}"


def _a_minute(price: Price) -> str:
    return f"{price.dollars:g} USD a minute at the list price of {price.day}"
