"""The resource types whose replacement or removal takes something away that cannot be rendered again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from aurora_cfn.facts import read_facts


@dataclass(frozen=True, slots=True)
class StatefulType:
    """What one type keeps.

    `noun` and `loses` are words for sentences. `snapshot` says whether the policy Snapshot works on it;
    `default_deletion` is its DeletionPolicy where the template gives none. The rest are property names, empty where
    the type has none: `protection` refuses deletion, `retention` is a time, `member_of` makes it a mere part of
    another resource that holds the data, `restored_from` must be kept for life. `keeps_data` is False for what others
    depend on without being data itself, such as a subnet group.
    """

    noun: str
    loses: str
    snapshot: bool = False
    default_deletion: str = "Delete"
    protection: str = ""
    retention: str = ""
    member_of: str = ""
    restored_from: str = ""
    keeps_data: bool = True


@cache
def stateful_types() -> Mapping[str, StatefulType]:
    """All of them by type name; the sources and the day of reading stand in `stateful.json`."""
    return {name: StatefulType(**row) for name, row in read_facts("stateful")["types"].items()}
