"""Whether a stack to be created is an orphaned one under a new key: their templates have the same resources."""

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
