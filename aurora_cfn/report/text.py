"""Text for terminals: widths, escapes of control characters, line breaks, counts, durations, trees."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""Zero-width joiners, needed for Persian, Indic scripts and emoji; harmless to terminals."""
_WORDS = re.compile(r"(\s*)(\S+)")
_LONE_CR = re.compile("\r(?!\n)")
# The runner reads lines with .NET, for which a lone CR ends one too; colours may stand before the colons.
_COMMAND = re.compile(r"((?:^|\r)\s*(?:\x1b\[[\d;]*m)*\s*)::", re.MULTILINE)
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def shown(text: str) -> str:
    """The text on one line, with control characters and marks of writing direction as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_NAMED.get(char) or (_python(char) if _is_control(char) else char) for char in text)


def escaped(text: str, *, form: Literal["text", "json"] = "text") -> str:
    """The text with control characters as escapes, except line ends and tabs; a lone CR is no line end.

    In form `json` the escapes are JSON's, so that the document has the same value.
    """
    if text.isascii() and text.isprintable():
        return text
    escape = _json if form == "json" else _python
    written = "".join(escape(char) if char not in "\r\n\t" and _is_control(char) else char for char in text)
    return _LONE_CR.sub("\\\\r", written) if "\r" in written else written


def escaped_json(value: object, *, indent: int | None = None) -> str:
    """The value as JSON with control characters as escapes; on one line without `indent`."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=indent), form="json")


def without_commands(text: str, *, form: Literal["text", "json"] = "text") -> str:
    """The text in which no line is a workflow command of GitHub Actions; JSON keeps its value.

    The runner reads `::error::` at the beginning of a line, after white space, and `##[error]` anywhere in it
    (src/Runner.Common/ActionCommand.cs of github.com/actions/runner, commit 079cdb1, read 2026-11-28).
    """
    if "::" not in text and "##[" not in text:
        return text
    plain = text.replace("##[", "#\\u0023[")
    return plain if form == "json" else _COMMAND.sub(r"\1\\x3a:", plain)


def width(text: str) -> int:
    """The columns of the text: East Asian wide characters have two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """The longest beginning of the text with at most that many columns."""
    if width(text) <= columns:
        return text
    taken = 0
    for place, char in enumerate(text):
        taken += _columns(char)
        if taken > columns:
            return text[:place]
    return text


def folded(text: str, columns: int, indent: str = "") -> str:
    """The text in lines of at most that many columns, broken between words; lines after the first are indented.

    A word that is longer than a line stays whole, so that URLs and ARNs can be copied.
    """
    lines, line = [], ""
    for gap, word in _WORDS.findall(text):
        if line.strip() and width(line + gap + word) > columns:
            lines.append(line)
            line = indent + word
        else:
            line += gap + word
    return "\n".join([*lines, line])


def _columns(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in _UNSEEN and char not in _JOINERS


def _python(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json(char: str) -> str:
    # JSON escapes characters beyond the 16-bit range as a surrogate pair.
    code = ord(char)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def amount(count: int, noun: str) -> str:
    """`1 template`, `2 templates`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def round_up(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    # A little less, as floats are not exact: 0.1 + 0.2 is still no more than 0.3.
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= value * 0.999999)


def cents(amount: float | None) -> float | None:
    """The amount of money with two digits; None where it is not known."""
    return None if amount is None else round(amount, 2)


INDENT = "  "


@dataclass(frozen=True, slots=True)
class Branch:
    """One running operation: its seconds so far, a text about it, and the operations below it."""

    name: str
    seconds: float
    text: str = ""
    below: tuple[Branch, ...] = ()


def tree_lines(branches: Sequence[Branch], columns: int, rows: int) -> list[str]:
    """At most `rows` lines of at most `columns` columns.

    If not all fit, the deepest are left out first, of one depth the last ones; the last line has their number.
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
    text = f"{duration(branch.seconds):>7}{INDENT * (depth + 1)}{branch.name}  {branch.text}"
    yield depth, shown(text.rstrip())
    for one in branch.below:
        yield from _lines(one, depth + 1)
