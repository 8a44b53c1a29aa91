"""The condition functions of CloudFormation in three values: true, false, not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aurora_cfn.lint.found import Unknown, scalar_text
from aurora_cfn.lint.intrinsics import Surroundings


def decide(node: Any, world: Surroundings) -> bool | None:
    """Whether a condition or an assertion holds; None when that depends on something unknown."""
    if isinstance(node, bool):
        return node
    if not isinstance(node, Mapping) or len(node) != 1:
        return None
    ((name, argument),) = node.items()
    if name == "Condition":
        return world.condition(argument)
    rows = argument if isinstance(argument, list) else []
    if name == "Fn::Not":
        inner = decide(rows[0], world) if len(rows) == 1 else None
        return None if inner is None else not inner
    if name in {"Fn::And", "Fn::Or"}:
        return _combined([decide(row, world) for row in rows], name == "Fn::Or")
    if len(rows) != 2:
        return None
    return _compared(str(name), rows, world)


def _combined(sides: list[bool | None], decisive: bool) -> bool | None:
    """Or is decided by one true side, And by one false side."""
    if decisive in sides:
        return decisive
    return None if None in sides or not sides else not decisive


def _compared(name: str, rows: list[Any], world: Surroundings) -> bool | None:
    # Nodes of the template live as long as the world does, so their ids tell them apart.
    left, right = (world.resolve(row, ("condition", id(row))).value for row in rows)
    if name == "Fn::Equals":
        return _equal(left, right)
    if name in {"Fn::Contains", "Fn::EachMemberIn"}:
        members, allowed = (right, left) if name == "Fn::Contains" else (left, right)
        return _all_in(members if isinstance(members, list) else [members], allowed)
    return None


def _equal(left: Any, right: Any) -> bool | None:
    texts = scalar_text(left), scalar_text(right)
    if None not in texts:
        return texts[0] == texts[1]
    sides = (left, right)
    told_apart = any(isinstance(side, Unknown) and side.parameter for side in sides)
    return False if told_apart and any(text is not None for text in texts) else None


def _all_in(members: list[Any], allowed: Any) -> bool | None:
    if not isinstance(allowed, list):
        return None
    wanted, known = [scalar_text(row) for row in members], [scalar_text(row) for row in allowed]
    if None in wanted or None in known:
        return None
    return set(wanted) <= set(known)
