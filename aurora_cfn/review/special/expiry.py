"""Lifecycle rules of a bucket that delete more objects than before, or earlier."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Value, member
from aurora_cfn.review.special.context import Context
from aurora_cfn.template.forms import number_of

_ABOUT: Final = "LifecycleConfiguration"
_DAYS: Final[Mapping[tuple[str, ...], str]] = {
    ("ExpirationInDays",): "objects",
    ("NoncurrentVersionExpiration", "NoncurrentDays"): "old versions",
    ("NoncurrentVersionExpirationInDays",): "old versions",
}
"""Where a rule gives an age in days, and what it deletes."""
_WHICH: Final = ("Filter", "Prefix", "TagFilters", "ObjectSizeGreaterThan", "ObjectSizeLessThan")


def objects_deleted(context: Context) -> Effect | None:
    """An enabled rule that deletes objects which none did before, or did later."""
    if context.type != "AWS::S3::Bucket" or context.difference.top != _ABOUT:
        return None
    before, after = (_limits(side.properties.get(_ABOUT)) for side in (context.before, context.after))
    found = sorted({(what, days) for (what, which), days in after.items() if days < _least(before, what, which)})
    if not found:
        return None
    said = " and ".join(f"{what} after {days:g} days" for what, days in found)
    return Effect(
        Verdict.IN_PLACE,
        f"a lifecycle rule deletes {said}, also those that are there already",
        remedy="look which objects are that old; copy those that are still needed first",
        alert=True,
    )


def _least(limits: Mapping[tuple[str, str], float], what: str, which: str) -> float:
    """The age at which such objects were deleted until now, infinite where they were kept."""
    return min(limits.get((what, one), float("inf")) for one in (which, "{}"))


def _limits(configuration: Value) -> dict[tuple[str, str], float]:
    """Days by what is deleted and by the filter of the rule, as JSON text."""
    found: dict[tuple[str, str], float] = {}
    for rule in _rules(configuration):
        which = json.dumps({key: rule[key] for key in _WHICH if rule.get(key) not in (None, "", {})}, sort_keys=True)
        for path, what in _DAYS.items():
            days = number_of(member(rule, *path))
            if days is not None:
                found[what, which] = min(days, found.get((what, which), days))
    return found


def _rules(configuration: Value) -> Iterator[Mapping[str, Value]]:
    rules = member(configuration, "Rules")
    for rule in rules if isinstance(rules, list) else ():
        if isinstance(rule, Mapping) and rule.get("Status") == "Enabled":
            yield rule
