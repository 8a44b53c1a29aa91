"""`aurora-cfn render`: blueprints to the template files that are committed and reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.errors import InputError
from aurora_cfn.project.files import TEMPLATES, read_text, templates_in, write_text
from aurora_cfn.render import render, stale, template
from aurora_cfn.report.docs import PAGE, templates_page


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; fail with a diff where a file is not what would be written."
)
@click.option("--stdout", is_flag=True, help="Print the templates instead of writing them.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=TEMPLATES, show_default=True,
              help="Folder to write to, or to check.")  # fmt: skip
def command(names: tuple[str, ...], check: bool, stdout: bool, out: Path) -> None:
    """Write the templates from the blueprints: all of them and their README.md, or those named.

    Exit codes: 0 written or up to date, 1 with --check when a file is missing, stale, edited or orphaned, 3 there is
    no such template.

    \b
    Examples:
      aurora-cfn render
      aurora-cfn render aurora-serverless-postgres --stdout
      aurora-cfn render --check
    """
    blueprints = _chosen(names)
    if check:
        _check(blueprints, out, everything=not names)
    elif stdout:
        click.echo("---\n".join(render(blueprint) for blueprint in blueprints), nl=False)
    else:
        _write(blueprints, out, everything=not names)


def _chosen(names: Sequence[str]) -> list[Blueprint]:
    for name in names:
        if name not in BY_NAME:
            close = get_close_matches(name, BY_NAME, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(BY_NAME)}"
            raise InputError(f"no blueprint is named {name!r}; {meant}")
    return [BY_NAME[name] for name in dict.fromkeys(names or BY_NAME)]


def _committed(folder: Path) -> dict[str, str]:
    files = templates_in(folder) if folder.is_dir() else []
    page = folder / PAGE
    return {path.name: read_text(path) for path in [*files, *([page] if page.is_file() else [])]}


def pages(blueprints: Sequence[Blueprint]) -> dict[str, str]:
    """What is written beside the templates when all are."""
    return {PAGE: templates_page([(blueprint, template(blueprint)) for blueprint in blueprints])}


def _check(blueprints: Sequence[Blueprint], folder: Path, *, everything: bool) -> None:
    found = stale(blueprints, _committed(folder), pages(blueprints) if everything else None)
    found = [item for item in found if everything or item.reason != "orphaned"]
    for item in found:
        click.echo(item.diff, nl=False)
    for item in found:
        remedy = "delete it" if item.reason == "orphaned" else "run: aurora-cfn render"
        click.echo(f"{folder / item.name}: {item.reason}; {remedy}", err=True)
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"{len(blueprints)} templates are what the blueprints render", err=True)


def _write(blueprints: Sequence[Blueprint], folder: Path, *, everything: bool) -> None:
    texts = {f"{blueprint.name}.yaml": render(blueprint) for blueprint in blueprints}
    texts |= pages(blueprints) if everything else {}
    for name, text in texts.items():
        state = "written" if write_text(folder / name, text) else "unchanged"
        click.echo(f"{folder / name}: {state}", err=True)
    if everything:
        for name in sorted(set(_committed(folder)) - set(texts)):
            click.echo(f"{folder / name}: orphaned, no blueprint renders it; delete it", err=True)
