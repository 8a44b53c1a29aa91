"""A lexer for SQL: only the kinds of token that decide where a statement ends.

PostgreSQL: quotes are doubled inside of quotes, `E''` strings have backslashes, `$tag$` quotes any text, comments nest
(manual of PostgreSQL 17, section 4.1). MySQL: backslashes in both kinds of quotes, backticks, `#` comments, and a space
after `--` (manual of MySQL 8.4, sections 11.1 and 11.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Engine

_WORD = r"(?P<word>[A-Za-z_\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*)"
_COMMON = (
    r"(?P<space>\s+)",
    r"(?P<block>/\*)",
    r"(?P<cast>::)",
    # A colon after a word is a slice, as in a[lo:hi], not a parameter. Clients of the Data API may name them 1, 2, ...
    r"(?P<placeholder>(?<![\w:]):(?:[A-Za-z_]\w*|\d+)(?!\w))",
    r"(?P<end>;)",
    r"(?P<open>[(\[])",
    r"(?P<close>[)\]])",
    r"(?P<number>\d[\w.]*)",
    _WORD,
    r"(?P<other>.)",
)
_POSTGRESQL = (
    r"(?P<comment>--[^\n]*)",
    r"(?P<escaped>[eE]'(?:[^'\\]|''|\\.)*(?P<escaped_end>'?))",
    r"(?P<text>'(?:[^']|'')*(?P<text_end>'?))",
    r'(?P<name>"(?:[^"]|"")*(?P<name_end>"?))',
    r"(?P<dollar>\$(?:[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*)?\$)",
)
_MYSQL = (
    r"(?P<comment>(?:--(?=[\s]|$)|\#)[^\n]*)",
    r"(?P<text>'(?:[^'\\]|''|\\.)*(?P<text_end>'?))",
    r'(?P<name>"(?:[^"\\]|""|\\.)*(?P<name_end>"?))',
    r"(?P<tick>`(?:[^`]|``)*(?P<tick_end>`?))",
)
_DIALECTS: dict[Engine, tuple[str, ...]] = {"postgresql": (*_POSTGRESQL, *_COMMON), "mysql": (*_MYSQL, *_COMMON)}
_QUOTED = {"escaped": "string", "text": "string", "name": "quoted name", "tick": "quoted name"}
_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `kind` is the name of the group that matched, `start` its offset in the text."""

    kind: str
    text: str
    start: int


def tokens(sql: str, engine: Engine = "postgresql", *, strict: bool = True) -> Iterator[Token]:
    """The tokens of the text, without a gap.

    An unterminated quote or comment raises InputError; if not `strict` it extends to the end of the text, and the
    database reports the error.
    """
    pattern, position = _pattern(engine), 0
    while found := pattern.match(sql, position):
        kind = str(found.lastgroup).removesuffix("_end")
        end = _end(sql, kind, found, nests=engine == "postgresql")
        if end is None:
            if strict:
                raise InputError(_unterminated(sql, found, kind))
            end = len(sql)
        yield Token(kind, sql[position:end], position)
        position = end


@cache
def _pattern(engine: Engine) -> re.Pattern[str]:
    # Compiled on first use: each takes 10 ms, and most commands split no SQL.
    return re.compile("|".join(_DIALECTS[engine]), re.DOTALL)


def line_of(sql: str, position: int) -> int:
    """The line, from 1, of the character at `position`."""
    return sql.count("\n", 0, position) + 1


def _end(sql: str, kind: str, found: re.Match[str], *, nests: bool) -> int | None:
    """End of the token, None if its closing quote is missing."""
    if kind == "block":
        return _comment_end(sql, found.start(), nests=nests)
    if kind == "dollar":
        end = sql.find(found.group(), found.end())
        return end + len(found.group()) if end >= 0 else None
    if kind in _QUOTED and not found.group(f"{kind}_end"):
        return None
    return found.end()


def _comment_end(sql: str, start: int, *, nests: bool) -> int | None:
    depth = 0
    for edge in _EDGE.finditer(sql, start):
        depth += 1 if edge.group() == "/*" and (nests or not depth) else -(edge.group() == "*/")
        if not depth:
            return edge.end()
    return None


def _unterminated(sql: str, found: re.Match[str], kind: str) -> str:
    what = {**_QUOTED, "block": "comment"}.get(kind, f"{found.group()} quote")
    start = found.start()
    return f"line {line_of(sql, start)}: the {what} that begins here has no end: {sql[start : start + 30]!r}"
