"""Which process made a change set: a mark in its description, by which a later run tells whether somebody still waits.

A mark says nothing of a person or a place: the machine is a digest, see `aurora_cfn.project.process`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DESCRIPTION = 1024
"""Characters that the description of a change set can have (CreateChangeSet, API reference, read 2026-11)."""
PLAN = "[plan]"
"""The mark of a change set that stays on purpose, for `deploy --apply`."""
_MAKER = re.compile(r"\[process ([0-9a-f]{12})-(\d+)-(\d*)\]$")


@dataclass(frozen=True, slots=True)
class Maker:
    """A process: digest of its machine, process id, and when it began in the machine's own count, empty if not told."""

    machine: str
    process: int
    began: str = ""

    @property
    def mark(self) -> str:
        """As it stands at the end of a description."""
        return f"[process {self.machine}-{self.process}-{self.began}]"


def marked(description: str, mark: str) -> str:
    """The description with the mark at its end, which is kept whole where all of it would be too long."""
    room = DESCRIPTION - len(mark) - 1 if mark else DESCRIPTION
    return f"{description.strip()[:room].rstrip()} {mark}".strip()


def unmarked(description: str) -> str:
    """The description without its mark."""
    return _MAKER.sub("", description).removesuffix(PLAN).rstrip()


def maker_of(description: str) -> Maker | None:
    """Who made the change set of that description; None where it does not say, or is to stay."""
    found = _MAKER.search(description)
    return Maker(found[1], int(found[2]), found[3]) if found else None
