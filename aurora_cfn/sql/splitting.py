"""A script to its statements: the Data API takes one a call."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.rows import Engine
from aurora_cfn.sqltext.lexing import Token, tokens

_SILENT = frozenset({"space", "comment", "block"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})
_TRANSACTION = frozenset({"BEGIN", "START", "COMMIT", "END", "ABORT", "ROLLBACK"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon; `first_line` is where its text begins, `line` is that of its first word."""

    text: str
    line: int
    first_line: int
    words: tuple[str, ...]
    placeholders: frozenset[str]


def split(sql: str, engine: Engine = "postgresql", *, path: str = "") -> tuple[Statement, ...]:
    """The statements in order; comments alone are none. Raises InputError for what the Data API could not run.

    A semicolon does not end a statement inside quotes, comments and parentheses, nor inside the `BEGIN ATOMIC ... END`
    body of a routine.
    """
    breaks = [place for place, mark in enumerate(sql) if mark == "\n"]
    found = tuple(_statement(group, breaks) for group in _groups(tokens(sql, engine)) if _loud(group))
    if not found:
        raise InputError((Complaint("no SQL statement in it", path),))
    complaints = [Complaint(what, path, row.line, hint=hint) for row in found for what, hint in _refusals(row)]
    if complaints:
        raise InputError(complaints)
    return found


def _groups(stream: Iterator[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    depth = _Depth()
    for token in stream:
        if token.kind == "end" and not depth.inside:
            yield group
            group, depth = [], _Depth()
        else:
            depth.pass_by(token)
            group.append(token)
    yield group


class _Depth:
    """How deep in parentheses, and in the blocks of a routine's body that is written in SQL itself."""

    def __init__(self) -> None:
        self._parentheses = self._blocks = 0
        self._words: list[str] = []

    @property
    def inside(self) -> bool:
        return self._parentheses > 0 or self._blocks > 0

    def pass_by(self, token: Token) -> None:
        if token.kind == "open":
            self._parentheses += 1
        elif token.kind == "close":
            self._parentheses = max(0, self._parentheses - 1)
        elif token.kind == "word":
            self._word(token.text.upper())

    def _word(self, word: str) -> None:
        routine = self._words[:1] == ["CREATE"] and not _ROUTINES.isdisjoint(self._words[:4])
        if routine and not self._parentheses:
            atomic = word == "ATOMIC" and self._words[-1] == "BEGIN"
            self._blocks += atomic or (self._blocks > 0 and word == "CASE")
            self._blocks -= self._blocks > 0 and word == "END"
        self._words.append(word)


def _loud(group: Sequence[Token]) -> list[Token]:
    return [token for token in group if token.kind not in _SILENT]


def _statement(group: Sequence[Token], breaks: Sequence[int]) -> Statement:
    loud = _loud(group)
    whole = "".join(token.text for token in group)
    start = group[0].start + len(whole) - len(whole.lstrip())
    return Statement(
        text=whole.strip(),
        line=bisect_left(breaks, loud[0].start) + 1,
        first_line=bisect_left(breaks, start) + 1,
        words=_first_words(loud),
        placeholders=frozenset(token.text[1:] for token in loud if token.kind == "placeholder"),
    )


def _first_words(loud: Sequence[Token]) -> tuple[str, ...]:
    """The first two words, such as INSERT INTO; of a statement that does not begin with one, what it begins with."""
    more = [token.text for token in loud[1:2] if token.kind == "word"]
    return tuple(text.upper() for text in (loud[0].text, *more))


def _refusals(row: Statement) -> Iterator[tuple[str, str]]:
    if row.words[0] == "\\":
        yield "a psql command is not SQL", "psql itself: aurora-cfn connect"
    elif row.words[0] in _TRANSACTION and row.words[1:] != ("TO",):
        yield f"{row.words[0]} has no effect over the Data API", "use --transaction for all statements in one"
