"""The ports of a fleet: the claims on clients' names, and the stacks of one region."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from aurora_cfn.ports.surroundings import Databases

if TYPE_CHECKING:
    from aurora_cfn.model.stack import Stack


class Claims(Protocol):
    """Names that can be taken once: texts under paths, in one place for all regions."""

    def put(self, path: str, value: str) -> bool:
        """Whether the path was free and has the value now: of several callers exactly one gets True."""

    def get(self, path: str) -> str | None:
        """The value, None when the path is free."""

    def under(self, path: str) -> Mapping[str, str]:
        """Values by the part of their paths after that path."""

    def identity(self, path: str) -> str:
        """A text that differs for each time that the path was taken; empty when it is free."""

    def remove(self, path: str, identity: str) -> bool:
        """Whether the path was still taken as that, and is free now.

        Systems Manager has no conditional deletion: the path is read and then deleted, so a deletion and a new claim
        by others between these two calls would lose the new claim.
        """


class Stacks(Protocol):
    """The stacks of one region."""

    def stack(self, name: str) -> Stack | None:
        """The stack of that name or ARN; None when there is none."""

    def root_stacks(self) -> Sequence[Stack]:
        """All stacks with their tags, without nested ones."""


@dataclass(frozen=True, slots=True)
class RegionPorts:
    """What a fleet reads in one region."""

    stacks: Stacks
    databases: Databases


Regions: TypeAlias = Callable[[str], RegionPorts]
"""The ports of a region by its name; may be called from several threads."""
