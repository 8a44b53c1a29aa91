"""Whether one stack is another one under a new key: what would be created has the resources of what is left behind."""

from __future__ import annotations

from collections.abc import Mapping

from aurora_cfn.template.side import Side

ALIKE = 0.8
"""The share of resources, of all in either template, that two templates of one stack have in common."""


def alike(old: Side, new: Side) -> bool:
    """Whether the two templates have most of their resources in common, by logical id and type."""
    left, right = _resources(old), _resources(new)
    return bool(left & right) and len(left & right) >= ALIKE * len(left | right)


def _resources(side: Side) -> set[tuple[str, str]]:
    rows = side.section("Resources")
    return {(name, str(row.get("Type"))) for name, row in rows.items() if isinstance(row, Mapping)}
