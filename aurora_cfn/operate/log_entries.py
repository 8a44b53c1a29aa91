"""Entries of a database server's log: events parsed, with the lines that belong to them, and filtered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aurora_cfn.model.log_event import LEVELS, LogEntry, LogEvent

# log_line_prefix of RDS: %t:%r:%u@%d:[%p]: (Aurora user guide, "Aurora PostgreSQL database log files", read 2026-11).
_POSTGRESQL = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?P<zone>[^:\s]+):(?P<client>.*?):(?P<user>[^:@]*)@"
    r"(?P<database>[^:]*):\[(?P<pid>\d+)\]:(?P<level>[A-Z]+\d?):\s+(?P<text>.*)",
    re.DOTALL,
)
# Older versions write the hour with one digit, and a space in place of the T.
# 2026-11-28T14:02:11.123456Z 12 [Warning] [MY-010068] [Server] text
_MYSQL = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ]+\d?\d:\d\d:\d\d(?:\.\d+)?)(?P<zone>Z|) (?P<pid>\d+) \[(?P<level>\w+)\] (?P<text>.*)",
    re.DOTALL,
)
_BELONGING = frozenset({"DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY", "LOCATION"})
"""Labels of lines that say more about the entry before them."""
_SPELLED = {"note": "info", "system": "info"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: at least this level, with a match in any line, of statements that ran at least so long (ms)."""

    level: str = ""
    pattern: re.Pattern[str] | None = None
    slow: float | None = None

    def has(self, entry: LogEntry) -> bool:
        """Whether the entry is one of them."""
        if self.level and (not entry.level or LEVELS.index(entry.level) < LEVELS.index(self.level)):
            return False
        if self.slow is not None and (entry.milliseconds is None or entry.milliseconds < self.slow):
            return False
        return self.pattern is None or any(self.pattern.search(line) for line in (entry.text, *entry.more))


def log_entries(events: Iterable[LogEvent]) -> Iterator[LogEntry]:
    """The entries of the events, each with its DETAIL, STATEMENT and unlabelled lines, one stream not with another's.

    An entry is returned when the next one of its stream begins, and at the end: so those of two streams may be out of
    order by one.
    """
    opened: dict[str, LogEntry] = {}
    for event in events:
        found = _entry(event)
        before = opened.get(event.stream)
        if before is not None and _belongs(found, before):
            label = f"{found.level.upper()}: " if found.level else ""
            opened[event.stream] = replace(before, more=(*before.more, f"{label}{found.text}", *found.more))
            continue
        if before is not None:
            yield before
        opened[event.stream] = found
    yield from sorted(opened.values(), key=lambda entry: entry.at)


def _belongs(entry: LogEntry, before: LogEntry) -> bool:
    if not entry.level:
        return bool(before.level)
    return entry.level.upper() in _BELONGING and entry.pid == before.pid


def _entry(event: LogEvent) -> LogEntry:
    # RDS names a stream after its instance, with a number behind it where the log is written by several.
    instance = re.sub(r"\.\d+$", "", event.stream)
    message = event.message.rstrip("\n")
    found = _POSTGRESQL.fullmatch(message) or _MYSQL.fullmatch(message)
    if found is None:
        return LogEntry(event.at, instance, message.lstrip("\t"))
    part = found.groupdict()
    lines = part["text"].splitlines() or [""]
    return LogEntry(
        at=_moment(part["time"], part["zone"], event.at),
        instance=instance,
        text=lines[0],
        level=_level(part["level"]),
        user=part.get("user", ""),
        database=part.get("database", ""),
        # %r is the address and, in parentheses, the port, which differs with each connection.
        client=re.sub(r"\(\d+\)$", "", part.get("client", "")),
        pid=int(part["pid"]),
        more=tuple(line.lstrip("\t") for line in lines[1:]),
    )


def _moment(text: str, zone: str, otherwise: datetime) -> datetime:
    """The time of the line, if its zone is UTC; else that of the event."""
    if zone not in {"UTC", "GMT", "Z"}:
        return otherwise
    return datetime.fromisoformat(re.sub(r"[T ]+", " ", text)).replace(tzinfo=UTC)


def _level(label: str) -> str:
    plain = label.lower()
    if plain.startswith("debug"):
        return "debug"
    return _SPELLED.get(plain, plain)
