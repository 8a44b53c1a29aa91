"""Calls that AWS refuses because the machine's clock is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_WORDS = ("Signature expired", "Signature not yet current")
_SKEWED = "RequestTimeTooSkewed"
_MOMENT = re.compile(r"\b\d{8}T\d{6}Z\b")
"""A moment as signatures have it; the first of a message is that of the call, the last one is AWS's."""


def clock_skew(error: Mapping[str, Any], code: str) -> str:
    """What is wrong with the clock, and by how much as far as AWS says; empty if that is not the reason.

    The messages are those of Signature Version 4: `Signature expired: 20261128T190000Z is now earlier than
    20261128T194000Z (20261128T194500Z - 5 min.)`. S3 has the two moments in fields of its own.
    """
    message = str(error.get("Message", ""))
    if code != _SKEWED and not message.startswith(_WORDS):
        return ""
    moments = [_moment(found) for found in _MOMENT.findall(message)]
    if "ServerTime" in error and "RequestTime" in error:
        moments = [_moment(error["RequestTime"]), _moment(error["ServerTime"])]
    by = f" by {_amount(moments[-1] - moments[0])}" if len(moments) > 1 else ""
    return f"the clock of this machine is wrong{by}: set it, for example with NTP, and run the command again"


def _moment(text: str) -> datetime:
    # Both forms occur in S3's answers: that of signatures, and ISO 8601.
    if _MOMENT.fullmatch(text):
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.fromisoformat(text)


def _amount(late: timedelta) -> str:
    minutes = round(abs(late) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    size = f"{minutes} minutes" if not hours else f"{hours} h {rest} min"
    return f"{size} (it is {'slow' if late > timedelta(0) else 'fast'})"
