"""An import as text: what a person reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.change import Change
from aurora_cfn.model.change_set import ImportedResource
from aurora_cfn.model.review import Review, StackReview
from aurora_cfn.report.review.text import text


def import_text(name: str, rows: Sequence[ImportedResource], *, new: bool) -> str:
    """The stack, and one line a resource with what identifies it."""
    return "\n".join(_lines(name, rows, new=new)) + "\n"


def _lines(name: str, rows: Sequence[ImportedResource], *, new: bool) -> Iterator[str]:
    where = "a new stack" if new else "the stack"
    yield f"{name}: import {len(rows)} resource{'s' * (len(rows) != 1)} into {where}"
    width = max(len(row.logical_id) for row in rows)
    for row in rows:
        told = ", ".join(f"{key} {value}" for key, value in row.identifier.items())
        yield f"  < {row.logical_id:<{width}}  {row.type}  {told}"


def differences_text(name: str, template: str, changes: Sequence[Change]) -> str:
    """What the next deployment would still change on the imported resources; one line when nothing differs."""
    if not changes:
        return f"{name}: the imported resources are as {template} says\n"
    stack = StackReview(name, template, tuple(changes), compared="deployed template")
    return text(Review("as imported", "as written", (stack,)))
