"""`aurora-cfn render`: write the template files from the blueprints."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.errors import EXIT_NEGATIVE, Complaint, InputError
from aurora_cfn.project.files import TEMPLATES, read_text, write_text
from aurora_cfn.project.templates import template_names
from aurora_cfn.render import Reason, hand_edit, render, stale, template
from aurora_cfn.report.docs import PAGE, templates_page
from aurora_cfn.template.header import header_of


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; fail with a diff where a file is not what would be written."
)
@click.option("--stdout", is_flag=True, help="Print the templates instead of writing them.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=TEMPLATES, show_default=True,
              help="Folder to write to, or to check.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite templates that were edited by hand.")
def command(names: tuple[str, ...], check: bool, stdout: bool, out: Path, force: bool) -> None:
    """Write the templates from the blueprints: all of them and their README.md, or those named.

    Exit codes: 0 written or up to date, 1 with --check when a file is missing, stale, edited or orphaned, 3 there is
    no such blueprint, or a template was edited by hand and --force is not given: nothing is written then.

    \b
    Examples:
      aurora-cfn render
      aurora-cfn render aurora-serverless-postgres --stdout
      aurora-cfn render --check
    """
    blueprints = _chosen(names)
    if check and not names and not _rendered(out):
        click.echo(f"{out}: no template here is rendered from a blueprint", err=True)
    elif check:
        _check(blueprints, out, everything=not names)
    elif stdout:
        click.echo("---\n".join(render(blueprint) for blueprint in blueprints), nl=False)
    else:
        _write(blueprints, out, everything=not names, force=force)


def _chosen(names: Sequence[str]) -> list[Blueprint]:
    for name in names:
        if name not in BY_NAME:
            close = get_close_matches(name, BY_NAME, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(BY_NAME)}"
            raise InputError(f"no blueprint is named {name!r}; {meant}")
    return [BY_NAME[name] for name in dict.fromkeys(names or BY_NAME)]


def _rendered(folder: Path) -> bool:
    """Whether the folder has a rendered template, or no template at all."""
    texts = _committed(folder)
    return not texts or any(header_of(text) for text in texts.values())


def _committed(folder: Path) -> dict[str, str]:
    page = folder / PAGE
    files = [*template_names(folder).values(), *([page] if page.is_file() else [])]
    return {path.relative_to(folder).as_posix(): read_text(path) for path in files}


def pages(blueprints: Sequence[Blueprint]) -> dict[str, str]:
    """The pages that are written when all templates are, by file name."""
    return {PAGE: templates_page([(blueprint, template(blueprint)) for blueprint in blueprints])}


_RENDER = "run: aurora-cfn render"
_REMEDIES: dict[Reason, str] = {
    "orphaned": "no blueprint renders it: delete it",
    "edited": "run: aurora-cfn render --force, or delete the lines of its header to make it yours",
    "not rendered": "it has the name of a blueprint: rename it, or run: aurora-cfn render --force",
}


def _check(blueprints: Sequence[Blueprint], folder: Path, *, everything: bool) -> None:
    found = stale(blueprints, _committed(folder), pages(blueprints) if everything else None)
    found = [item for item in found if everything or item.reason != "orphaned"]
    for item in found:
        click.echo(item.diff, nl=False)
    for item in found:
        click.echo(f"{folder / item.name}: {item.reason}; {_REMEDIES.get(item.reason, _RENDER)}", err=True)
    if found:
        raise click.exceptions.Exit(EXIT_NEGATIVE)
    click.echo(f"{len(blueprints)} templates are what the blueprints render", err=True)


def _write(blueprints: Sequence[Blueprint], folder: Path, *, everything: bool, force: bool) -> None:
    texts = {f"{blueprint.name}.yaml": render(blueprint) for blueprint in blueprints}
    committed = _committed(folder)
    edited = [name for name, text in texts.items() if name in committed and hand_edit(committed[name], text)]
    if edited and not force:
        what = "was edited by hand, or was not rendered by aurora-cfn, and would be overwritten"
        hint = "--force overwrites it; nothing was written"
        raise InputError([Complaint(what, str(folder / name), hint=hint) for name in edited])
    texts |= pages(blueprints) if everything else {}
    for name, text in texts.items():
        state = "written" if write_text(folder / name, text) else "unchanged"
        click.echo(f"{folder / name}: {state}", err=True)
    if everything:
        for name in sorted(name for name, text in committed.items() if name not in texts and header_of(text)):
            click.echo(f"{folder / name}: orphaned; {_REMEDIES['orphaned']}", err=True)
