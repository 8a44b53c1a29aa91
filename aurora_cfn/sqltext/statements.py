"""Where a statement of a script ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.sqltext.lexer import Token

_SILENT = frozenset({"space", "comment", "block"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE"})


def grouped(stream: Iterator[Token]) -> Iterator[list[Token]]:
    """The tokens of each statement, without the semicolon that ends it.

    A semicolon does not end a statement inside parentheses, nor inside the `BEGIN ATOMIC ... END` body of a routine.
    """
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


def loud(group: Sequence[Token]) -> list[Token]:
    """The tokens that say something: neither space nor comment."""
    return [token for token in group if token.kind not in _SILENT]
