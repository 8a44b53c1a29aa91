"""The block of a live console: all running stacks, each with a line for each of its resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import click

from aurora_cfn.cli.terminal.messages import masked
from aurora_cfn.model.event import StackEvent
from aurora_cfn.report.progress import Progress
from aurora_cfn.report.resource_lines import Line, Signs, fitted, resource_lines, stack_line, whole_line
from aurora_cfn.report.resource_rows import ResourceRows
from aurora_cfn.report.text import cut


@dataclass(slots=True)
class ResourceBlock:
    """The rows of each stack by its key; `ended` of `stacks` have ended."""

    signs: Signs
    stacks: int = 0
    ended: int = 0
    _rows: dict[str, ResourceRows] = field(default_factory=dict)
    _began: float | None = None

    def take(self, key: str, event: StackEvent) -> None:
        """Take one event of the stack or of one nested in it."""
        self._rows.setdefault(key, ResourceRows()).take(_masked(event))

    def pinned(self, key: str, text: str) -> bool:
        """Whether the message is about a running resource of the stack, and is now in its line."""
        return key in self._rows and self._rows[key].pinned(masked(text))

    def lines(self, running: Sequence[Progress], now: float, columns: int, rows: int) -> list[Line]:
        """The running stacks in at most `rows` lines of at most `columns` columns."""
        if not running:
            return []
        if self._began is None:
            self._began = min(now - one.elapsed(now) for one in running)
        head = [whole_line(self.ended, self.stacks, now - self._began, columns)] if self.stacks > 1 else []
        every = [line for one in running for line in self._stack(one, now, columns)]
        return [_cut(line, columns) for line in fitted([*head, *every], rows)]

    def stack_lines(self, progress: Progress, now: float, columns: int) -> list[Line]:
        """The lines of a stack that has ended, all of them; its rows are forgotten."""
        found = self._rows.pop(progress.key, ResourceRows())
        return resource_lines(found, progress, now, columns, self.signs)

    def clear(self) -> None:
        """Forget all rows."""
        self._rows.clear()

    def _stack(self, progress: Progress, now: float, columns: int) -> list[Line]:
        rows = self._rows.get(progress.key, ResourceRows())
        return [
            stack_line(progress, now, columns, self.signs),
            *resource_lines(rows, progress, now, columns, self.signs),
        ]


def painted(line: Line) -> str:
    """The line with its colours: a sign has its own, a line without a sign has it as a whole."""
    if line.sign:
        return f"{line.lead}{click.style(line.sign, fg=line.colour)}{line.text}"
    return click.style(line.plain, fg=line.colour) if line.colour else line.plain


def _cut(line: Line, columns: int) -> Line:
    lead = cut(line.lead, columns)
    sign = line.sign if len(lead) + len(line.sign) <= columns else ""
    return replace(line, lead=lead, sign=sign, text=cut(line.text, max(0, columns - len(lead) - len(sign))))


def _masked(event: StackEvent) -> StackEvent:
    # Before lines are cut: of a secret that is cut, no mask would find the rest.
    return replace(event, reason=masked(event.reason)) if event.reason else event
