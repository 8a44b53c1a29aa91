"""Which removed and added resources are one resource under a new logical id."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aurora_cfn.review.compare import leaves
from aurora_cfn.template.resources import Resource

ALIKE = 0.6
"""Share of equal properties from which a removal and an addition of one type are told as a rename."""


def renames(before: Mapping[str, Resource], after: Mapping[str, Resource]) -> dict[str, str]:
    """New logical id to old, best likeness first; each id is used once."""
    gone = [resource for name, resource in before.items() if name not in after]
    new = [resource for name, resource in after.items() if name not in before]
    pairs = [(_likeness(old, one), old.logical_id, one.logical_id) for old in gone for one in new]
    found: dict[str, str] = {}
    for likeness, old, one in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if likeness >= ALIKE and one not in found and old not in found.values():
            found[one] = old
    return found


def _likeness(old: Resource, new: Resource) -> float:
    if old.type != new.type:
        return 0.0
    left, right = _flat(old), _flat(new)
    if not left and not right:
        return 1.0
    same = sum(1 for key, value in left.items() if right.get(key) == value)
    return same / max(len(left), len(right))


def _flat(resource: Resource) -> dict[str, str]:
    return {json.dumps(keys): json.dumps(value, sort_keys=True) for keys, value in leaves(resource.properties)}
