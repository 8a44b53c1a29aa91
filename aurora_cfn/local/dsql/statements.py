"""What a statement does to a transaction, and which tables it writes: as much of SQL as that takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aurora_cfn.sqltext.lexer import Token, tokens
from aurora_cfn.sqltext.statements import significant, split_statements

_NAMES = frozenset({"word", "name"})
_BEFORE = {"INTO": frozenset({"INSERT", "MERGE"}), "FROM": frozenset({"DELETE"})}
_NO_UPDATE = frozenset({"FOR", "DO", "ON", "KEY"})
"""Before these UPDATE is a lock, the action of a conflict or of a foreign key."""
_IF_EXISTS = (["ASYNC"], ["IF"], ["EXISTS"], ["ONLY"], ["TABLE"])
_LOCKS = (("FOR", "UPDATE"), ("FOR", "KEY"))
_ENDS = {"COMMIT": "commit", "END": "commit", "ROLLBACK": "rollback", "ABORT": "rollback"}
_BEGINS = frozenset({"BEGIN", "START"})
_SCHEMA = frozenset({"CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "COMMENT"})


@dataclass(frozen=True, slots=True)
class Statement:
    """`kind` is begin, commit, rollback, ddl, write, read or several; `tables` are those that it may write or lock.

    `uses` are the names of all tables in it, without their schema; of a change of the schema, those that it changes.
    """

    kind: str
    tables: tuple[str, ...] = ()
    uses: frozenset[str] = frozenset()


def read_statement(sql: str) -> Statement:
    """The statement of a query message."""
    found = [words for group in split_statements(tokens(sql, strict=False)) if (words := significant(group))]
    if len(found) != 1:
        return Statement("several" if found else "read")
    words = found[0]
    first = words[0].text.upper()
    if first in _BEGINS:
        return Statement("begin")
    if first in _ENDS:
        return Statement(_ENDS[first])
    if first in _SCHEMA:
        return Statement("ddl", uses=_bare(_changed(words)))
    written, read = tuple(_written(words)), tuple(_read(words))
    tables = written or (read if _locks(words) else ())
    return Statement("write" if tables else "read", tables, _bare((*written, *read)))


def in_private_copy(sql: str, tables: Sequence[str]) -> str:
    """The statement with the qualified names of these tables (`public.t`) turned to the session's private copies."""
    for table in tables:
        schema, name = re.escape(table.rpartition(".")[0]), re.escape(table.rpartition(".")[2])
        sql = re.sub(rf'(?<![\w"])"?{schema}"?\s*\.\s*"?{name}"?(?![\w"])', f'pg_temp."{name}"', sql)
    return sql


def _locks(words: Sequence[Token]) -> bool:
    texts = [token.text.upper() for token in words]
    return any(pair in _LOCKS for pair in pairwise(texts))


def _written(words: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(words):
        text = token.text.upper() if token.kind == "word" else ""
        before = words[place - 1].text.upper() if place else ""
        if before in _BEFORE.get(text, ()) or (text == "UPDATE" and before not in _NO_UPDATE):
            yield from _name(words, place + 1)


def _read(words: Sequence[Token]) -> Iterator[str]:
    for place, token in enumerate(words):
        if token.kind == "word" and token.text.upper() in {"FROM", "JOIN"}:
            yield from _name(words, place + 1)


def _changed(words: Sequence[Token]) -> Iterator[str]:
    """The existing tables that a change of the schema changes; no session knows a new one yet."""
    texts = [token.text.upper() for token in words]
    on_table = texts[0] in {"GRANT", "REVOKE"} or (texts[0] == "CREATE" and "INDEX" in texts[:3])
    for place, text in enumerate(texts):
        if (text == "TABLE" and texts[0] != "CREATE") or (text == "ON" and on_table):
            skipped = next(at for at in range(place + 1, len(words) + 1) if texts[at : at + 1] not in _IF_EXISTS)
            yield from _name(words, skipped)


def _bare(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.rpartition(".")[2] for name in names)


def _name(words: Sequence[Token], place: int) -> Iterator[str]:
    """The name that begins here, as PostgreSQL folds and quotes it."""
    if place < len(words) and words[place].text.upper() == "ONLY":
        place += 1
    parts = []
    while place < len(words) and words[place].kind in _NAMES:
        parts.append(_folded(words[place]))
        if place + 1 >= len(words) or words[place + 1].text != ".":
            break
        place += 2
    if parts:
        yield ".".join(parts)


def _folded(token: Token) -> str:
    return token.text if token.kind == "name" else f'"{token.text.lower()}"'
