"""Stateful resource types: what is lost when such a resource is replaced or deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from aurora_cfn.facts import read_facts


@dataclass(frozen=True, slots=True)
class StatefulType:
    """What one type keeps.

    `noun` and `loses` are words for sentences. `snapshot` says whether the policy Snapshot works on it;
    `default_deletion` is its DeletionPolicy where the template gives none. The rest are property names, empty where
    the type has none: `protection` refuses deletion, `retention` is a time, `member_of` makes it a mere part of
    another resource that holds the data, `restored_from` must be kept for life, `copied_from` says by property
    what a new one holds instead of nothing, `replica_of` makes it a copy of a database that continues. `keeps_data` is
    False for what others depend on without being data itself, such as a subnet group; `takes_over` is True where the
    new one does all that the old one did, so that only a removal loses something; `records` is True for logs, whose
    loss is less than that of a database.
    """

    noun: str
    loses: str
    snapshot: bool = False
    default_deletion: str = "Delete"
    protection: str = ""
    retention: str = ""
    member_of: str = ""
    restored_from: str = ""
    copied_from: Mapping[str, str] = field(default_factory=dict)
    replica_of: tuple[str, ...] = ()
    keeps_data: bool = True
    takes_over: bool = False
    records: bool = False


@cache
def stateful_types() -> Mapping[str, StatefulType]:
    """All of them by type name; the sources and the day of reading are in `stateful.json`."""
    rows = read_facts("stateful")["types"].items()
    return {name: StatefulType(**{**row, "replica_of": tuple(row.get("replica_of", ()))}) for name, row in rows}


def made_type(kind: str) -> str:
    """The type that a resource has once SAM has run: another one only for the types of SAM."""
    return str(read_facts("stateful")["made_by_sam"].get(kind, kind))


def replaced_by_sam(kind: str) -> Sequence[str]:
    """Properties whose change replaces what SAM makes of the type; types of SAM have no schema that says so."""
    found: Sequence[str] = read_facts("stateful")["replaced_by_sam"].get(kind, ())
    return found


_MODULE: Final = StatefulType("module", "everything in it; its own policies decide, and are not seen from here")


def stateful_type(kind: str) -> StatefulType | None:
    """What resources of a type keep, those of SAM and of modules as what they become; None when they keep nothing."""
    if kind.endswith("::MODULE"):
        return _MODULE
    return stateful_types().get(made_type(kind))
