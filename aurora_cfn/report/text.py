"""Text for a terminal: the width of characters, control characters removed, counts in words, trees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Needed to write Persian, Indic scripts and joined emoji; they steer nothing."""
_WORDS = re.compile(r"(\s*)(\S+)")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def shown(text: str) -> str:
    """One line in which every control character and every sign that turns the writing direction is an escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_NAMED.get(mark) or (_python(mark) if _steers(mark) else mark) for mark in text)


def escaped(text: str, *, form: Literal["text", "json"] = "text") -> str:
    """The same text with escapes for what could steer a terminal; line ends and tabs stay.

    In form `json` the escapes are JSON's own, so that a document stays the same document.
    """
    if text.isascii() and text.isprintable():
        return text
    escape = _json if form == "json" else _python
    return "".join(escape(mark) if mark not in "\r\n\t" and _steers(mark) else mark for mark in text)


def width(text: str) -> int:
    """Columns that the text takes: East Asian wide characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """The longest beginning of the text that takes at most so many columns."""
    if width(text) <= columns:
        return text
    taken = 0
    for place, mark in enumerate(text):
        taken += _columns(mark)
        if taken > columns:
            return text[:place]
    return text


def folded(text: str, columns: int, indent: str = "") -> str:
    """The text in lines of at most so many columns, broken between words; every line but the first is indented.

    A word that is longer than a line stays whole, so that an address can still be copied.
    """
    lines, line = [], ""
    for gap, word in _WORDS.findall(text):
        if line.strip() and width(line + gap + word) > columns:
            lines.append(line)
            line = indent + word
        else:
            line += gap + word
    return "\n".join([*lines, line])


def _columns(mark: str) -> int:
    if unicodedata.category(mark) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(mark) in {"W", "F"} else 1


def _steers(mark: str) -> bool:
    return unicodedata.category(mark) in _UNSEEN and mark not in _JOINERS


def _python(mark: str) -> str:
    code = ord(mark)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json(mark: str) -> str:
    code = ord(mark)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def amount(count: int, noun: str) -> str:
    """`1 template`, `2 templates`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


INDENT = "  "


@dataclass(frozen=True, slots=True)
class Branch:
    """One thing under way: how long already, in seconds, what is told of it, and what is under way below it."""

    name: str
    seconds: float
    told: str = ""
    below: tuple[Branch, ...] = ()


def tree_lines(branches: Sequence[Branch], columns: int, rows: int) -> list[str]:
    """At most `rows` lines of at most `columns` columns.

    Where not all fit, what is deepest goes first, and of one depth what comes last; the last line says how many.
    """
    every = [line for branch in branches for line in _lines(branch, 0)]
    if len(every) <= rows:
        return [cut(text, columns) for _, text in every]
    first = sorted(range(len(every)), key=lambda number: (every[number][0], number))[: max(0, rows - 1)]
    kept = [every[number][1] for number in sorted(first)]
    more = f"{'':>7}{INDENT}and {len(every) - len(kept)} more"
    return [cut(text, columns) for text in [*kept, more][:rows]]


def duration(seconds: float) -> str:
    """`0.4s`, `12s`, `3m05s`, `1h02m`."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"


def _lines(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    text = f"{duration(branch.seconds):>7}{INDENT * (depth + 1)}{branch.name}  {branch.told}"
    yield depth, shown(text.rstrip())
    for one in branch.below:
        yield from _lines(one, depth + 1)
