"""The folders with handlers of the project's own that a params file names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging import Placement, placements
from aurora_cfn.project.local_files import folder_files
from aurora_cfn.template.summary import TemplateSummary


def code_placements(
    environment: Environment,
    stacks: Sequence[EnvironmentStack],
    templates: Mapping[str, TemplateSummary],
    *,
    region: str,
) -> dict[str, Placement]:
    """As `placements`, with the stacks' own handlers read from their folders. Raises InputError."""
    return placements(environment, stacks, templates, region=region, own=handler_files(environment, stacks))


def handler_files(environment: Environment, stacks: Iterable[EnvironmentStack]) -> dict[str, dict[str, bytes]]:
    """The files of each stack's `handlers` by stack key, for the stacks that name a folder. Raises InputError."""
    found: dict[str, dict[str, bytes]] = {}
    complaints: list[Complaint] = []
    for row in stacks:
        try:
            found |= {row.key: folder_files(row.handlers)} if row.handlers else {}
        except InputError as error:
            where = Complaint("", environment.path, row.line, f"stacks.{row.key}.handlers")
            complaints += [replace(where, what=f"{one.path} {one.what}", hint=one.hint) for one in error.complaints]
    if complaints:
        raise InputError(complaints)
    return found
