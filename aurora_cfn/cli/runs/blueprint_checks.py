"""The Checks of the project's own blueprints over its params files."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping

from aurora_cfn.cli.runs.target import project_templates
from aurora_cfn.environment import load
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.files import environment_file, read_text
from aurora_cfn.project.overlays import overlay_of
from aurora_cfn.render import Rendered, summary


def complaints_about(environment: str, checked: Mapping[str, Rendered]) -> Iterator[Complaint]:
    """What is wrong in the environment's params file, where it names one of the rendered blueprints."""
    path = environment_file(environment)
    text = read_text(path)
    if not any(name in text for name in checked):
        return
    summaries = {name: summary(row.blueprint, overlay_of(name)) for name, row in checked.items()}
    try:
        load(text, str(path), environment, ChainMap(summaries, project_templates()))  # type: ignore[arg-type]
    except InputError as error:
        yield from error.complaints
