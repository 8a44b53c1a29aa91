"""The tags of a stack that name its project and environment, and the process that owns a change set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

PROJECT, ENVIRONMENT = "aurora-cfn:project", "aurora-cfn:environment"
PREFIX = "aurora-cfn:"
"""The prefix of the tags that this tool writes; a params file cannot set them."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """A project, and the environment of it; `project` is empty where nothing is tagged or checked."""

    project: str
    environment: str

    @property
    def tags(self) -> dict[str, str]:
        """The tags of a stack that belongs to it; CloudFormation passes them on to the resources."""
        return {PROJECT: self.project, ENVIRONMENT: self.environment} if self.project else {}

    def __str__(self) -> str:
        """`project shop, environment dev`."""
        return f"project {self.project}, environment {self.environment}"


def ownership_of(tags: Mapping[str, str]) -> Ownership | None:
    """Whose stack has these tags; None without the tag of a project."""
    return Ownership(tags[PROJECT], tags.get(ENVIRONMENT, "")) if PROJECT in tags else None


def without_ownership(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a params file sets."""
    return {key: value for key, value in tags.items() if not key.startswith(PREFIX)}


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
