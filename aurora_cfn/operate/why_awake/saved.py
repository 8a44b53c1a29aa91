"""What pauses would have saved, from connections and capacity in the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aurora_cfn.facts.prices import Price
from aurora_cfn.model.awake import SavedPauses
from aurora_cfn.model.metric import Point
from aurora_cfn.operate.capacity_use import idle_spans, summed

MARGIN = 1200
"""Seconds that an idle time must be longer than the wait: after maintenance Aurora waits so long (same guide)."""


def saved_pauses(
    capacity: Sequence[Sequence[Point]],
    connections: Sequence[Sequence[Point]],
    *,
    period: int,
    pause_after: int,
    price: Price | None = None,
) -> SavedPauses | None:
    """Pauses that fit between the connections, and what they save; None if there are none, or no points.

    Connections that were open all the time, such as those of a proxy, are taken to do nothing.
    """
    opened, used = summed(connections), summed(capacity)
    awake = {at: count for at, count in opened.items() if used.get(at, 0) > 0}
    if not awake:
        return None
    always = min(awake.values())
    wait = timedelta(seconds=pause_after)
    found = [span for span in idle_spans(awake, always, period) if span.seconds > pause_after + MARGIN]
    hours = sum(
        value * period / 3600 for at, value in used.items() if any(row.start + wait <= at < row.end for row in found)
    )
    if not hours:
        return None
    dollars = hours * price.dollars if price else None
    return SavedPauses(len(found), hours, round(always), dollars, str(price.day) if price else "")
