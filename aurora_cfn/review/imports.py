"""What the stacks import from one another, found by the name of an export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import joined_parts
from aurora_cfn.template.resources import imported_names
from aurora_cfn.template.side import Side


@dataclass(frozen=True, slots=True)
class Import:
    """An export that another stack imports: its name in normal form, and the name of that stack."""

    name: Value
    by: str


def imports(side: Side, by: str) -> tuple[Import, ...]:
    """Everything that a side imports; `by` names it in messages."""
    return tuple(Import(name, by) for name in imported_names(Evaluator(side)))


class Imports:
    """Imports to be asked by the name of an export, without those of the stack `apart`."""

    def __init__(self, rows: Iterable[Import], apart: str = "") -> None:
        self.apart = apart
        self.known: dict[str, dict[str, None]] = {}
        self.unknown: list[Import] = []
        self.stacks: set[str] = set()
        for row in rows:
            self.stacks.add(row.by)
            if isinstance(row.name, str):
                self.known.setdefault(row.name, {})[row.by] = None
            else:
                self.unknown.append(row)

    def without(self, stack: str) -> Imports:
        """The same imports without those of that stack; nothing is copied."""
        found = Imports((), stack)
        found.known, found.unknown, found.stacks = self.known, self.unknown, self.stacks
        return found

    def __bool__(self) -> bool:
        return bool(self.stacks - {self.apart})

    def users(self, name: Value) -> list[str]:
        """The stacks that import what may be the export of that name, sorted."""
        found = set() if name is None else set(self._users(name))
        return sorted(found - {self.apart})

    def _users(self, name: Value) -> Iterator[str]:
        if isinstance(name, str):
            yield from self.known.get(name, ())
        else:
            yield from (by for wanted, stacks in self.known.items() if _alike(name, wanted) for by in stacks)
        yield from (row.by for row in self.unknown if _alike(name, row.name))


def _alike(export: Value, wanted: Value) -> bool:
    """Whether two names can be equal although one is not fully known: both end alike after the stack's name."""
    # Names are mostly `${Stack}-Output`: with the stack's name unknown, the end is what can be compared.
    left, right = _end(export), _end(wanted)
    return bool(left and right) and (left.endswith(right) or right.endswith(left))


def _end(name: Value) -> str:
    if isinstance(name, str):
        return name
    parts = joined_parts(name)
    return parts[-1] if parts and isinstance(parts[-1], str) else ""


def importing(users: list[str]) -> str:
    """`db imports`, or `api, db import`."""
    return f"{', '.join(users)} {'imports' if len(users) == 1 else 'import'}"
