"""Environments of the project: from a name to the checked params file."""

from __future__ import annotations

import re
from pathlib import Path

import click

from aurora_cfn.cli.project import PARAMS, read_text
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment

ENDING = ".yaml"
EXAMPLES = "examples"
"""Folder inside the params folder: whole systems to try and to copy from, apart from the project's own stages."""


def environment_names(folder: Path = PARAMS) -> list[str]:
    """Names of the params files in the folder, and then of the examples in it."""
    from aurora_cfn.environment.naming import ENVIRONMENT_NAME

    folders = [place for place in (folder, folder / EXAMPLES) if place.is_dir()]
    found = (name for place in folders for name in sorted(path.stem for path in place.glob(f"*{ENDING}")))
    return [name for name in dict.fromkeys(found) if re.fullmatch(ENVIRONMENT_NAME, name)]


def environment_files(name: str, folder: Path = PARAMS) -> tuple[Path, Path]:
    """Where the params file of that name may be: among the stages, or else among the examples.

    Raises InputError when it is no name.
    """
    from aurora_cfn.environment import check_environment_name

    file = f"{check_environment_name(name)}{ENDING}"
    return folder / file, folder / EXAMPLES / file


def environment_file(name: str, folder: Path = PARAMS) -> Path:
    """The params file of that name; raises InputError with what may have been meant when there is none."""
    stage, example = environment_files(name, folder)
    found = next((path for path in (stage, example) if path.exists()), None)
    if found is None:
        raise InputError((_missing(name, stage, folder),))
    return found


def read_environment(name: str, folder: Path = PARAMS) -> Environment:
    """The environment of that name, with its warnings told on stderr; raises InputError with every complaint."""
    from aurora_cfn.blueprints import BY_NAME
    from aurora_cfn.environment import load

    path = environment_file(name, folder)
    environment = load(read_text(path), str(path), name, BY_NAME)
    for warning in environment.warnings:
        where = f"{warning.path}:{warning.line}: {warning.key}"
        click.echo(f"{click.style('warning:', fg='yellow')} {where}: {warning.message}", err=True)
    return environment


def _missing(name: str, path: Path, folder: Path) -> Complaint:
    from aurora_cfn.environment.shapes import suggestion

    other = path.with_suffix(".yml")
    if other.exists():
        return Complaint("does not exist", str(path), hint=f"rename {other} to {path.name}")
    names = environment_names(folder)
    hint = suggestion(name, names) or "run the command in the project's folder, which holds params/"
    return Complaint("there is no such environment", str(path), hint=hint)
