"""What RDS events, the instance log and the capacity say about past pauses, and what more of them would have saved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from aurora_cfn.facts.prices import Price
from aurora_cfn.model.awake import PauseState, Reason, SavedPauses
from aurora_cfn.model.database_metrics import Point
from aurora_cfn.model.log_event import LogEvent
from aurora_cfn.model.rds_database import DatabaseEvent
from aurora_cfn.operate.pause import Span, idle_spans, summed

# RDS-EVENT-0372, 0371 and 0374. DescribeEvents has no event ids, so the messages are compared (Aurora user guide, "DB
# instance events", read 2026-11).
PAUSED, CANCELED, RESUMED = "Successfully paused", "Pause was canceled", "Successfully resumed"
SHOWN = 5
"""Times that are listed; the others are counted."""
_BLOCKERS = re.compile(r"Auto-pause blockers registered since (?P<since>.*?): (?P<list>.+)")
_UNABLE = "Unable to pause database due to a new database activity"
_RESUMES = re.compile(r"\b(user|background) activity\b")


def event_reasons(events: Sequence[DatabaseEvent]) -> Iterator[Reason]:
    """When the instance was resumed, and how often a pause was canceled."""
    resumed = [event.at for event in events if event.message.startswith(RESUMED)]
    canceled = [event.at for event in events if event.message.startswith(CANCELED)]
    if resumed:
        yield Reason("resumed", f"{_times(resumed)}, by a connection, an administrative action or maintenance")
    if canceled:
        yield Reason("delays", f"a pause was canceled because of new activity: {_times(canceled)}")


def log_reasons(events: Iterable[LogEvent]) -> Iterator[Reason]:
    """What the instance log names as blockers, as canceled pauses and as causes of a resume; equal texts once."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for event in events:
        blockers = _BLOCKERS.search(event.message)
        resume = _RESUMES.search(event.message)
        if blockers:
            found.setdefault(("delays", blockers["list"].strip()), []).append(event.at)
        elif _UNABLE in event.message:
            found.setdefault(("delays", "new activity while it was pausing"), []).append(event.at)
        elif resume:
            found.setdefault(("resumed", resume[0]), []).append(event.at)
    for (effect, text), times in found.items():
        line = f"instance log: {text}, {_times(times)}"
        yield Reason("resumed" if effect == "resumed" else "delays", line)


def state_since(state: PauseState, paused: Sequence[Span], events: Sequence[DatabaseEvent] = ()) -> datetime | None:
    """When that state began: by the last event, else by the spans; None if it began before both."""
    if state not in {"awake", "paused"}:
        return None
    # To the second, while the capacity has a point a minute.
    last = [event for event in events if event.message.startswith((PAUSED, RESUMED))][-1:]
    if last and last[0].message.startswith(PAUSED if state == "paused" else RESUMED):
        return last[0].at
    if not paused:
        return None
    return paused[-1].end if state == "awake" else paused[-1].start


def pause_spans(events: Sequence[DatabaseEvent], since: datetime, until: datetime) -> list[Span]:
    """The pauses by events of one instance, oldest first, cut to that time."""
    found: list[Span] = []
    began: datetime | None = None
    for event in events:
        if event.message.startswith(PAUSED):
            began = event.at
        elif event.message.startswith(RESUMED) and began is not None:
            found.append(Span(began, event.at))
            began = None
    if began is not None:
        found.append(Span(began, until))
    return [Span(max(row.start, since), row.end) for row in found if row.end > since]


def _times(moments: Sequence[datetime]) -> str:
    listed = ", ".join(f"{at:%Y-%m-%d %H:%M}" for at in sorted(moments, reverse=True)[:SHOWN])
    more = f" and {len(moments) - SHOWN} more" if len(moments) > SHOWN else ""
    return f"{listed} UTC{more}"


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
    # A connection pool or a proxy holds as many all the time; whether they alone would keep it awake is said elsewhere.
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
