"""A small terminal: what a person sees of what was written to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aurora_cfn.report.text import width

CODE = re.compile(r"\x1b\[(\?[\d;]*[hl]|[\d;]*)([A-Za-z]?)")


@dataclass
class _Row:
    cells: list[str] = field(default_factory=list)
    wraps: bool = False


class Screen:
    """Rows with a cursor. It knows the codes that this program writes, wraps, and reflows when it is resized."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.columns, self.rows = columns, rows
        self._rows = [_Row()]
        self._at = 0, 0

    def feed(self, text: str) -> None:
        position = 0
        while position < len(text):
            found = CODE.match(text, position)
            if found:
                self._code(found[1], found[2])
                position = found.end()
            else:
                self._put(text[position])
                position += 1

    def resize(self, columns: int) -> None:
        """As most terminals do: lines that were wrapped, or are too long now, flow anew; the cursor stays last."""
        whole: list[str] = [""]
        for row in self._rows:
            whole[-1] += "".join(row.cells)
            if not row.wraps:
                whole.append("")
        self.columns, self._rows, self._at = columns, [_Row()], (0, 0)
        self.feed("\n".join(whole[:-1]))

    @property
    def shown(self) -> list[str]:
        """All rows, those that were scrolled away too, without what is blank at the end."""
        rows = ["".join(row.cells).rstrip() for row in self._rows]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def _put(self, mark: str) -> None:
        line, column = self._at
        if mark == "\r":
            self._at = line, 0
        elif mark == "\n":
            self._move(line + 1, 0)
        elif mark in "\a\b":
            self._at = line, max(0, column - (mark == "\b"))
        else:
            if self._width(line, column) + width(mark) > self.columns:
                self._rows[line].wraps = True
                self._move(line + 1, 0)
                line, column = self._at
            cells = self._rows[line].cells
            cells[column : column + 1] = [mark]
            self._at = line, column + 1

    def _width(self, line: int, column: int) -> int:
        return width("".join(self._rows[line].cells[:column]))

    def _move(self, line: int, column: int) -> None:
        while len(self._rows) <= line:
            self._rows.append(_Row())
        self._at = line, column

    def _code(self, given: str, letter: str) -> None:
        line, column = self._at
        # The cursor stays inside the window.
        top = max(0, len(self._rows) - self.rows)
        if letter == "F":
            self._at = max(top, line - int(given or 1)), 0
        elif letter == "H" and not given:
            self._at = top, 0
        elif letter == "J" and given == "2":
            self._rows[top:] = [_Row() for _ in self._rows[top:]]
        elif letter == "J":
            self._rows[line] = _Row(self._rows[line].cells[:column])
            del self._rows[line + 1 :]
        elif letter == "K":
            self._rows[line] = _Row(self._rows[line].cells[:column])
        else:
            assert letter in "mhl", f"an unknown code: {given}{letter}"
