"""The packaged templates of the stacks of an environment, and the folders of handlers that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging import Placement, no_bucket, placements, upload_bucket
from aurora_cfn.project.files import read_text
from aurora_cfn.project.local_files import Destination, PackagedTemplate, folder_files, packaged_template
from aurora_cfn.template.local_paths import local_paths
from aurora_cfn.template.summary import TemplateSummary


def packaged_stacks(
    environment: Environment,
    stacks: Iterable[EnvironmentStack],
    templates: Mapping[str, TemplateSummary],
    url: Callable[[str, str], str],
    *,
    region: str = "",
) -> dict[str, PackagedTemplate]:
    """The packaged templates by stack key, for stacks whose templates name local files.

    `url` gives the HTTPS address of a bucket and a key. Raises InputError as `placements` and `packaged_template` do.
    """
    needing = [row for row in stacks if local_paths(templates[row.template].template)]
    bucket = upload_bucket(environment, region=region)
    if needing and bucket is None:
        raise InputError(
            [no_bucket(environment, row, "the local files that {} names need a bucket") for row in needing]
        )
    made = {name: _packaged(templates[name], str(bucket), url) for name in {row.template for row in needing}}
    return {row.key: made[row.template] for row in needing}


def _packaged(template: TemplateSummary, bucket: str, url: Callable[[str, str], str]) -> PackagedTemplate:
    path = Path(template.path)
    return packaged_template(path, read_text(path), Destination(template.name, bucket, partial(url, bucket)))


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
