"""The statements of a script, since the Data API takes one per call."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.rows import Engine
from aurora_cfn.sqltext.lexer import Token, tokens
from aurora_cfn.sqltext.statements import significant, split_statements

_TRANSACTION = frozenset({"BEGIN", "START", "COMMIT", "END", "ABORT", "ROLLBACK"})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon; `first_line` is the line of its text, `line` that of its first word.

    `numbered` are placeholders such as `:1`, which count only if such a parameter is given: `[:2]` is a slice.
    """

    text: str
    line: int
    first_line: int
    words: tuple[str, ...]
    placeholders: frozenset[str]
    numbered: frozenset[str]


def split(sql: str, engine: Engine = "postgresql", *, path: str = "") -> tuple[Statement, ...]:
    """The statements in order, without comments between them. Raises InputError for what the Data API cannot run."""
    breaks = [place for place, character in enumerate(sql) if character == "\n"]
    found = tuple(_statement(group, breaks) for group in split_statements(tokens(sql, engine)) if significant(group))
    if not found:
        raise InputError((Complaint("there is no SQL statement in it", path),))
    complaints = [Complaint(what, path, row.line, hint=hint) for row in found for what, hint in _refusals(row)]
    if complaints:
        raise InputError(complaints)
    return found


def _statement(group: Sequence[Token], breaks: Sequence[int]) -> Statement:
    words = significant(group)
    whole = "".join(token.text for token in group)
    start = group[0].start + len(whole) - len(whole.lstrip())
    return Statement(
        text=whole.strip(),
        line=bisect_left(breaks, words[0].start) + 1,
        first_line=bisect_left(breaks, start) + 1,
        words=_first_words(words),
        placeholders=frozenset(name for name in _placeholders(words) if not name.isdigit()),
        numbered=frozenset(name for name in _placeholders(words) if name.isdigit()),
    )


def _placeholders(words: Sequence[Token]) -> Iterator[str]:
    return (token.text[1:] for token in words if token.kind == "placeholder")


def _first_words(words: Sequence[Token]) -> tuple[str, ...]:
    """The first two words, such as INSERT INTO; or the first token if it is not a word."""
    more = [token.text for token in words[1:2] if token.kind == "word"]
    return tuple(text.upper() for text in (words[0].text, *more))


def _refusals(row: Statement) -> Iterator[tuple[str, str]]:
    if row.words[0] == "\\":
        yield "a psql command is not SQL", "for psql use: aurora-cfn connect"
    # ROLLBACK TO is for a savepoint, which works within --transaction.
    elif row.words[0] in _TRANSACTION and row.words[1:] != ("TO",):
        yield f"{row.words[0]} has no effect over the Data API", "use --transaction to run all statements in one"
