"""SQL that runs on MariaDB only, which Aurora MySQL refuses, and SQL that a local MariaDB refuses.

Only statements are reported that the other server certainly refuses: a text that merely looks like one is left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from aurora_cfn.facts import read_facts
from aurora_cfn.sqltext.lexer import Token, line_of, tokens
from aurora_cfn.sqltext.statements import significant, split_statements

Server: TypeAlias = Literal["mysql", "mariadb"]
_REFUSED_BY: Final = {"mysql": "mariadb_only", "mariadb": "mysql_only"}
_SAID: Final = {
    "mysql": "runs on MariaDB only, and Aurora MySQL refuses it",
    "mariadb": "runs on Aurora MySQL, and the MariaDB of this machine refuses it",
}
_QUOTED: Final = {"text": "''", "escaped": "''", "name": "''", "tick": "``"}
MOST_FILES: Final = 500
"""Files of a folder that are read at most: a command line may name a folder of dumps."""


@dataclass(frozen=True, slots=True)
class _Row:
    what: str
    outside: bool
    pattern: re.Pattern[str]
    instead: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A statement that a server refuses: the line that it begins in, and what is wrong with it."""

    line: int
    what: str


def refused(sql: str, server: Server) -> Iterator[Refused]:
    """Each statement of MySQL or MariaDB that `server` refuses."""
    for group in split_statements(tokens(sql, "mysql", strict=False)):
        found = significant(group)
        if not found:
            continue
        whole, outside = _plain(found), _plain(_outside(found))
        for row in _rows(server):
            if row.pattern.search(outside if row.outside else whole):
                instead = f": {row.instead}" if row.instead else ""
                yield Refused(line_of(sql, found[0].start), f"{row.what} {_SAID[server]}{instead}")


def sql_files(words: Sequence[str], root: Path) -> list[Path]:
    """The SQL files that the words of a command name below `root`, themselves or by their folder."""
    found: list[Path] = []
    for word in words:
        path = root / word.rpartition("=")[2]
        if path.suffix == ".sql" and path.is_file():
            found.append(path)
        elif word.rpartition("=")[2] not in {"", ".", "/"} and path.is_dir():
            found += sorted(path.glob("*.sql"))
    return list(dict.fromkeys(found))[:MOST_FILES]


@cache
def _rows(server: Server) -> tuple[_Row, ...]:
    rows = read_facts("mysql_dialects")[_REFUSED_BY[server]]
    return tuple(_Row(row["what"], row["outside"], re.compile(row["pattern"]), row["instead"]) for row in rows)


def _plain(found: Sequence[Token]) -> str:
    return " ".join(_QUOTED.get(token.kind, token.text.upper()) for token in found)


def _outside(found: Sequence[Token]) -> list[Token]:
    """The tokens that stand in no parentheses, and the outermost parentheses themselves."""
    depth, kept = 0, []
    for token in found:
        depth -= token.kind == "close" and depth > 0
        if depth == 0:
            kept.append(token)
        depth += token.kind == "open"
    return kept


_STATEMENT = re.compile(r"\s*(select|insert|update|delete|replace|create|alter|drop|analyze|with)\s", re.IGNORECASE)
_VALUE = "''"
"""In place of what an f-string inserts."""


def statements_in(code: str) -> Iterator[str]:
    """Each text that begins as a statement of SQL, after as many line breaks as lines are above it; none of docstrings.

    Nothing comes of code that Python cannot read.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return
    # A text that stands alone is a docstring or a comment, and is not executed as SQL.
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in alone | parts:
            text = _text(node)
            if _STATEMENT.match(text):
                yield "\n" * (node.lineno - 1) + text


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else _VALUE for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
