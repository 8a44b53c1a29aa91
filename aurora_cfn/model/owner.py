"""The process that owns a change set, written as a suffix of its description.

A later run reads the suffix to decide whether that process still waits for approval or was killed. The suffix holds no
name of a person or host: the machine is a digest, see `aurora_cfn.project.process`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DESCRIPTION = 1024
"""The maximum length of a change set's description (CreateChangeSet, API reference, read 2026-11)."""
PLAN_SUFFIX = "[plan]"
"""The suffix of a change set that stays on purpose, for `deploy --apply`."""
# At the end only: before it the description is the user's text, which could look the same.
_OWNER = re.compile(r"\[process ([0-9a-f]{12})-(\d+)-(\d*)\]$")


@dataclass(frozen=True, slots=True)
class Owner:
    """A process: digest of its machine, process id, and start time in the machine's own ticks, empty if unknown."""

    machine: str
    process: int
    began: str = ""

    @property
    def suffix(self) -> str:
        """The end of a description, such as `[process 0123456789ab-4711-99]`."""
        return f"[process {self.machine}-{self.process}-{self.began}]"


def with_suffix(description: str, suffix: str) -> str:
    """The description with the suffix; the description is shortened where both together would be too long."""
    room = DESCRIPTION - len(suffix) - 1 if suffix else DESCRIPTION
    return f"{description.strip()[:room].rstrip()} {suffix}".strip()


def without_suffix(description: str) -> str:
    """The description without its suffix."""
    return _OWNER.sub("", description).removesuffix(PLAN_SUFFIX).rstrip()


def owner_of(description: str) -> Owner | None:
    """The process that owns the change set of that description; None for a plan or a change set of another tool."""
    found = _OWNER.search(description)
    return Owner(found[1], int(found[2]), found[3]) if found else None
