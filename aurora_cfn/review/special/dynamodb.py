"""DynamoDB tables: one global index, or one replica, comes or goes in an update, and no index is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Value, member
from aurora_cfn.review.special.context import Context

_TABLES: Final = frozenset({"AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"})
_INDEXES: Final = "GlobalSecondaryIndexes"
_FIXED: Final = ("KeySchema", "Projection")
"""Parts of an index that cannot be changed; its throughput can. Source: CloudFormation reference, Update requires."""


def indexes(context: Context) -> Effect | None:
    """An update that DynamoDB refuses: two indexes that come or go, or another key or projection of one that stays.

    Source: CloudFormation reference, AWS::DynamoDB::Table, GlobalSecondaryIndexes.
    """
    difference = context.difference
    if context.type not in _TABLES or difference.top != _INDEXES:
        return None
    before, after = (_by(side.properties.get(_INDEXES), "IndexName") for side in (context.before, context.after))
    if before is None or after is None:
        return None
    moved = sorted(before.keys() ^ after.keys())
    # With lists of one length the differences are inside the items: the names carry the first message, the rest the
    # second, so that neither is said for each line of an index.
    whole = len(difference.keys) == 1
    if len(moved) > 1 and (whole or difference.keys[-1] == "IndexName"):
        return _refused(
            f"DynamoDB makes or deletes one global index in an update, not {len(moved)} ({', '.join(moved)})",
            "deploy one index after the other",
        )
    changed = [name for name in before if name in after and _fixed(before[name]) != _fixed(after[name])]
    if changed and (whole or difference.keys[2:3] in [(key,) for key in _FIXED]):
        return _refused(
            f"DynamoDB refuses another key or projection of a global index that exists ({', '.join(changed)})",
            "add an index with another name, and remove this one in the deployment after that",
        )
    return None


def replicas(context: Context) -> Effect | None:
    """Regions that leave a global table, or more of them at once than DynamoDB takes.

    Source: CloudFormation reference, AWS::DynamoDB::GlobalTable, Replicas.
    """
    difference = context.difference
    if context.type != "AWS::DynamoDB::GlobalTable" or difference.top != "Replicas":
        return None
    before, after = (_by(side.properties.get("Replicas"), "Region") for side in (context.before, context.after))
    # Once for the list, not for each line of a replica.
    if before is None or after is None or not (len(difference.keys) == 1 or difference.keys[-1] == "Region"):
        return None
    moved, gone = sorted(before.keys() ^ after.keys()), sorted(before.keys() - after.keys())
    if len(moved) > 1:
        return _refused(
            f"DynamoDB makes or deletes one replica in an update, not {len(moved)} ({', '.join(moved)})",
            "deploy one replica after the other",
        )
    if not gone:
        return None
    sentence = f"the replica in {gone[0]} is deleted: its clients lose the table, and the other regions keep the items"
    return Effect(Verdict.INTERRUPTION, sentence, remedy="let its clients move to another region first", alert=True)


def _refused(sentence: str, remedy: str) -> Effect:
    return Effect(Verdict.IN_PLACE, sentence, remedy=remedy, fails=True, alert=True)


def _by(items: Value, key: str) -> dict[str, Mapping[str, Value]] | None:
    """The items by the text under `key`; None when one is known only at the deployment."""
    found: dict[str, Mapping[str, Value]] = {}
    for item in items if isinstance(items, list) else () if items is None else (items,):
        name = member(item, key)
        if not isinstance(item, Mapping) or not isinstance(name, str):
            return None
        found[name] = item
    return found


def _fixed(index: Mapping[str, Value]) -> list[Value]:
    return [index.get(key) for key in _FIXED]
