"""Entries of a database's log as lines, with counts of those that repeat, and as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aurora_cfn.model.log_event import LogEntry
from aurora_cfn.model.rows import Rows
from aurora_cfn.report.text import escaped_json, shown

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Repeated:
    """The first of several entries that differ in time, process and numbers only, how many, and when the last was."""

    entry: LogEntry
    count: int
    last: datetime


def repeated(entries: Iterable[LogEntry]) -> list[Repeated]:
    """The entries with equal ones counted, in the order of the first of each."""
    found: dict[tuple[str, ...], Repeated] = {}
    for entry in entries:
        plain = _DIGITS.sub("0", entry.text)
        key = (entry.instance, entry.level, entry.user, entry.database, entry.client, plain)
        before = found.get(key)
        found[key] = Repeated(before.entry, before.count + 1, entry.at) if before else Repeated(entry, 1, entry.at)
    return sorted(found.values(), key=lambda row: row.entry.at)


def log_lines(rows: Sequence[Repeated], *, instances: bool = False) -> list[str]:
    """The lines, in columns; those that belong to an entry are indented below it. `instances` adds that column."""
    cells = [_cells(row.entry, instances=instances) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row, texts in zip(rows, cells, strict=True):
        padded = "  ".join(text.ljust(size) for text, size in zip(texts, widths, strict=True) if size)
        lines.append(f"{padded}  {shown(row.entry.text)}{_times(row)}".rstrip())
        lines += [f"    {shown(line)}" for line in row.entry.more]
    return lines


def log_rows(entries: Iterable[LogEntry]) -> Rows:
    """A row for each entry; the lines that belong to one are after its text, as it was written."""
    names = ("at", "instance", "level", "user", "database", "client", "milliseconds", "text")
    rows = (
        (row.at.isoformat(), row.instance, row.level, row.user, row.database, row.client, row.milliseconds,
         "\n".join([row.text, *row.more]))
        for row in entries
    )  # fmt: skip
    return Rows.of(names, rows, milliseconds="float8")


def log_json(entry: LogEntry) -> str:
    """The entry as a JSON object on one line; what it does not have is left out."""
    fields = {
        "at": entry.at.isoformat(), "instance": entry.instance, "level": entry.level, "user": entry.user,
        "database": entry.database, "client": entry.client, "text": entry.text, "more": list(entry.more),
        "milliseconds": entry.milliseconds,
    }  # fmt: skip
    kept = {key: value for key, value in fields.items() if value not in ("", None, [])}
    return escaped_json(kept)


def _cells(entry: LogEntry, *, instances: bool) -> tuple[str, ...]:
    who = "@".join(part for part in (entry.user, entry.database) if part)
    moment = f"{entry.at:%Y-%m-%d %H:%M:%S}"
    return moment, shown(entry.instance) if instances else "", entry.level.upper(), shown(who), shown(entry.client)


def _times(row: Repeated) -> str:
    if row.count == 1:
        return ""
    # On the same day the date of the last one is that of the first.
    form = "%H:%M:%S" if row.last.date() == row.entry.at.date() else "%Y-%m-%d %H:%M:%S"
    return f"  ({row.count} times, last {row.last:{form}})"
