"""What an update in place does to those who are connected: restarts, failovers, clients that are cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, TypeAlias

from aurora_cfn.facts import read_facts

How: TypeAlias = Literal["restart", "failover", "pending-reboot", "connections", "none"]
"""`connections`: nothing restarts, but some clients are cut off or cannot log in any more."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """What a change of one property does while CloudFormation says `no replacement`."""

    how: How
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Interruptions:
    """The table; `properties` goes by type and property.

    `connection_parameters` are engine parameters that shut clients out at once. `in_place_when` says when a
    conditionally replacing property does not replace; `never` is what the service refuses to change.
    """

    properties: Mapping[str, Mapping[str, Interruption]]
    connection_parameters: frozenset[str]
    in_place_when: Mapping[str, Mapping[str, str]]
    never: Mapping[str, Mapping[str, str]]

    def of(self, kind: str, name: str) -> Interruption | None:
        """The row for a property of a type, None when nothing is known to be interrupted."""
        return self.properties.get(kind, {}).get(name)


@cache
def interruptions() -> Interruptions:
    """The table; its sources and the day of reading stand in `interruptions.json`."""
    raw = read_facts("interruptions")
    return Interruptions(
        properties={
            kind: {name: Interruption(**row) for name, row in rows.items()} for kind, rows in raw["types"].items()
        },
        connection_parameters=frozenset(raw["connection_parameters"]),
        in_place_when=raw["in_place_when"],
        never=raw["never_updatable"],
    )
