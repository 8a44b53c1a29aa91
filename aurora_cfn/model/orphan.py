"""A stack of this project that no params file has any more, and that still runs."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.model.stack import Stack


@dataclass(frozen=True, slots=True)
class Orphan:
    """The stack, the environment in its tags, and `costs` such as `USD 44 to 350 a month`, empty if unknown.

    `file_exists` says whether that environment still has a params file.
    """

    stack: Stack
    environment: str
    file_exists: bool = True
    costs: str = ""

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.stack.name
