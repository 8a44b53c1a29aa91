"""The statements of a script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.sqltext.lexer import Token

_IGNORED = frozenset({"space", "comment", "block"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})


def split_statements(stream: Iterator[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement, without the semicolon at its end.

    A semicolon in parentheses or in the `BEGIN ATOMIC ... END` body of a routine does not end the statement.
    """
    group: list[Token] = []
    nesting = _Nesting()
    for token in stream:
        if token.kind == "end" and not nesting.inside:
            yield group
            group, nesting = [], _Nesting()
        else:
            nesting.count(token)
            group.append(token)
    yield group


class _Nesting:
    """Depth of parentheses, and of blocks in the body of a routine written in SQL."""

    def __init__(self) -> None:
        self._parentheses = self._blocks = 0
        self._words: list[str] = []

    @property
    def inside(self) -> bool:
        return self._parentheses > 0 or self._blocks > 0

    def count(self, token: Token) -> None:
        if token.kind == "open":
            self._parentheses += 1
        elif token.kind == "close":
            self._parentheses = max(0, self._parentheses - 1)
        elif token.kind == "word":
            self._word(token.text.upper())

    def _word(self, word: str) -> None:
        routine = self._words[:1] == ["CREATE"] and not _ROUTINES.isdisjoint(self._words[:4])
        if routine and not self._parentheses:
            # CASE ends with END too, so inside of a body it counts as a block.
            atomic = word == "ATOMIC" and self._words[-1] == "BEGIN"
            self._blocks += atomic or (self._blocks > 0 and word == "CASE")
            self._blocks -= self._blocks > 0 and word == "END"
        self._words.append(word)


def significant(group: Sequence[Token]) -> list[Token]:
    """The tokens without space and comments."""
    return [token for token in group if token.kind not in _IGNORED]
