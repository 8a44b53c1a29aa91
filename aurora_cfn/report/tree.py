"""Work under way as lines of a terminal: a tree by indentation, never wider nor higher than there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aurora_cfn.report.characters import cut, shown

INDENT = "  "


@dataclass(frozen=True, slots=True)
class Branch:
    """One thing under way: how long already, in seconds, what is told of it, and what is under way below it."""

    name: str
    seconds: float
    told: str = ""
    below: tuple[Branch, ...] = ()


def tree_lines(branches: Sequence[Branch], columns: int, rows: int) -> list[str]:
    """At most `rows` lines of at most `columns` columns.

    Where not all fit, what is deepest goes first, and of one depth what comes last; the last line says how many.
    """
    every = [line for branch in branches for line in _lines(branch, 0)]
    if len(every) <= rows:
        return [cut(text, columns) for _, text in every]
    first = sorted(range(len(every)), key=lambda number: (every[number][0], number))[: max(0, rows - 1)]
    kept = [every[number][1] for number in sorted(first)]
    more = f"{'':>7}{INDENT}and {len(every) - len(kept)} more"
    return [cut(text, columns) for text in [*kept, more][:rows]]


def duration(seconds: float) -> str:
    """`0.4s`, `12s`, `3m05s`, `1h02m`."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f}s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}m{rest:02d}s" if minutes else f"{rest}s"
    return f"{minutes // 60}h{minutes % 60:02d}m"


def _lines(branch: Branch, depth: int) -> Iterator[tuple[int, str]]:
    text = f"{duration(branch.seconds):>7}{INDENT * (depth + 1)}{branch.name}  {branch.told}"
    yield depth, shown(text.rstrip())
    for one in branch.below:
        yield from _lines(one, depth + 1)
