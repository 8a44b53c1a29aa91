"""The tags of a stack that name the project and the environment it belongs to."""

from __future__ import annotations

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
