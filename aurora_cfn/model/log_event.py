"""What CloudWatch Logs returns: events of a log group, pages of them, and entries of a database in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

LEVELS = ("debug", "log", "info", "notice", "warning", "error", "fatal", "panic")
"""Least severe first. log_min_messages puts LOG above ERROR, but its lines are routine: connections, checkpoints."""


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event; `at` is UTC. A database server's message may have several lines."""

    id: str
    at: datetime
    stream: str
    message: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """Events in the order of their times, and the token of the next page, empty on the last; a page may be empty."""

    events: tuple[LogEvent, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class LiveUpdate:
    """What a Live Tail session sends each second; `sampled` means that CloudWatch Logs left events out."""

    events: tuple[LogEvent, ...] = ()
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class LogQuery:
    """A query of CloudWatch Logs Insights: its status, the fields of each row so far, and the bytes that it scanned."""

    status: str
    rows: tuple[Mapping[str, str], ...] = ()
    scanned: float = 0


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file of an instance, and when it was last written, in UTC."""

    name: str
    written: datetime


_DURATION = re.compile(r"duration: (\d+(?:\.\d+)?) ms")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry; `level` is in small letters, empty where the line has none. `more` are the lines that belong to it."""

    at: datetime
    instance: str
    text: str
    level: str = ""
    user: str = ""
    database: str = ""
    client: str = ""
    pid: int = 0
    more: tuple[str, ...] = ()

    @property
    def milliseconds(self) -> float | None:
        """How long the statement ran, where the entry says so."""
        found = _DURATION.search(self.text)
        return float(found[1]) if found else None
