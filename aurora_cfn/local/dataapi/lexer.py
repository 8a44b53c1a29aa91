"""Find `:name` parameters in a statement, as little of SQL's lexical rules as that takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"""
      (?P<dollar>\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    | (?P<escape>\b[eE]'(?:[^'\\]|''|\\.)*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<line>--[^\n]*)
    | (?P<cast>::)
    | (?P<parameter>(?<![\w:]):(?P<name>[A-Za-z_]\w*))
    | (?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)


def parts(sql: str) -> Iterator[tuple[str, str]]:
    """The statement cut up: ("text", piece), ("parameter", name) and ("end", ";") in order."""
    place = 0
    while place < len(sql):
        comment = sql.find("/*", place)
        match = TOKEN.search(sql, place)
        if comment >= 0 and (match is None or comment < match.start()):
            after = _end_of_comment(sql, comment)
            yield "text", sql[place:after]
            place = after
            continue
        if match is None:
            break
        yield "text", sql[place : match.start()]
        place = match.end()
        if match["name"]:
            yield "parameter", match["name"]
        else:
            yield ("end" if match["end"] else "text"), match[0]
    yield "text", sql[place:]


def statements(sql: str) -> int:
    """How many statements the text has."""
    found, blank = 0, True
    for kind, text in parts(sql):
        if kind == "end":
            blank = True
        elif blank and (kind == "parameter" or _says_something(text)):
            found, blank = found + 1, False
    return found


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.lstrip().startswith(("--", "/*"))


def _end_of_comment(sql: str, start: int) -> int:
    depth, place = 0, start
    for match in re.compile(r"/\*|\*/").finditer(sql, start):
        depth += 1 if match[0] == "/*" else -1
        place = match.end()
        if depth == 0:
            return place
    return len(sql)
