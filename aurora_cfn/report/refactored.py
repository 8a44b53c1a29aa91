"""What a stack refactor would do, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_cfn.model.stack_refactor import RefactorAction


def refactor_text(name: str, actions: Sequence[RefactorAction]) -> str:
    """The stack, and a line for each action of CloudFormation."""
    return "\n".join(_lines(name, actions)) + "\n"


def _lines(name: str, actions: Sequence[RefactorAction]) -> Iterator[str]:
    count = f"{len(actions)} resource{'s' * (len(actions) != 1)}"
    yield f"{name}: {count} to rename or move; no resource is created, changed or deleted"
    for row in actions:
        yield f"  > {_what(row)}  {row.physical_id}".rstrip()


def _what(row: RefactorAction) -> str:
    move = row.move
    if move is None:
        return f"{row.action} {row.entity}: {row.description}"
    if move.renames:
        return f"{move.source.logical_id} -> {move.destination.logical_id}"
    new = f"{move.destination.stack}.{move.destination.logical_id}"
    return f"{move.source.stack}.{move.source.logical_id} -> {new}"
