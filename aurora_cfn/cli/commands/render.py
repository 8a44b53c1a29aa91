"""`aurora-cfn render`: write the template files from the blueprints."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from aurora_cfn.cli.runs.render import check_params, pages, rendered_blueprints
from aurora_cfn.cli.runs.resolve_aliases import resolve_aliases
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.errors import EXIT_NEGATIVE, Complaint, InputError
from aurora_cfn.project.files import TEMPLATES, read_text, write_text
from aurora_cfn.project.own_blueprints import blueprint_files
from aurora_cfn.project.templates import template_names
from aurora_cfn.render import Reason, Rendered, Staleness, hand_edit, stale
from aurora_cfn.report.docs import PAGE
from aurora_cfn.template.header import header_of


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; fail with a diff where a file is not what would be written."
)
@click.option(
    "--shipped",
    is_flag=True,
    help="Execute no blueprint of this project; with --check, hold their templates to their checksums.",
)
@click.option("--stdout", is_flag=True, help="Print the templates instead of writing them.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=TEMPLATES, show_default=True,
              help="Folder to write to, or to check.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite templates that were edited by hand.")
@click.option("--resolve", "resolve", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", multiple=True,
              help="Write out the YAML aliases and merge keys of this template, in place (repeatable).")  # fmt: skip
def command(
    names: tuple[str, ...],
    check: bool,
    shipped: bool,
    stdout: bool,
    out: Path,
    force: bool,
    resolve: tuple[Path, ...],
) -> None:
    """Write the templates from the blueprints: all of them and their README.md, or those named.

    The blueprints of aurora-cfn come first, then your own in blueprints/, which this command executes and no
    other. overlays/NAME.yaml changes what the blueprint NAME renders.

    Aliases: CloudFormation refuses YAML aliases (*name) and merge keys (<<). --resolve writes them out in a template
    of your own; comments and notation stay. The file is changed in place, with --stdout printed instead.

    Exit codes: 0 written or up to date, 1 with --check when a file is missing, stale, edited, copied or orphaned,
    3 there is no such blueprint, one of yours fails, an overlay changes what is gone, or a template was edited by
    hand and --force is not given: nothing is written then.

    \b
    Examples:
      aurora-cfn render
      aurora-cfn render aurora-serverless-postgres --stdout
      aurora-cfn render --check
      aurora-cfn render --resolve templates/orders.yaml
    """
    if resolve:
        if names or check or shipped or force:
            raise click.UsageError("--resolve goes with --stdout only")
        resolve_aliases(resolve, stdout=stdout)
        return
    found = rendered_blueprints(names, shipped=shipped)
    if check and not names and not _rendered(out):
        write_stderr(f"{out}: no template here is rendered from a blueprint")
    elif check:
        _check(found, out, everything=not names, shipped=shipped)
    elif stdout:
        write_stdout("---\n".join(row.text for row in found), nl=False)
    else:
        _write(found, out, everything=not names and not shipped, force=force)
    check_params(found)


def _rendered(folder: Path) -> bool:
    """Whether the project has a blueprint of its own or a rendered template, or no template at all."""
    texts = _committed(folder)
    return not texts or bool(blueprint_files()) or any(header_of(text) for text in texts.values())


def _committed(folder: Path) -> dict[str, str]:
    page = folder / PAGE
    files = [*template_names(folder).values(), *([page] if page.is_file() else [])]
    return {path.relative_to(folder).as_posix(): read_text(path) for path in files}


def _texts(found: Sequence[Rendered], *, everything: bool) -> dict[str, str]:
    texts = {f"{row.blueprint.name}.yaml": row.text for row in found}
    return texts | (pages(found) if everything else {})


_RENDER = "run: aurora-cfn render"
_OWN = "delete the comment at its top to make it yours"
_REMEDIES: dict[Reason, str] = {
    "orphaned": f"no blueprint renders it any more: delete it, or {_OWN}",
    "copied": f"it is a copy of a rendered template: {_OWN}",
    "edited": f"run: aurora-cfn render --force, or give it another name and {_OWN}",
    "not rendered": "it has the name of a blueprint: rename it, or run: aurora-cfn render --force",
}


def _check(rendered: Sequence[Rendered], folder: Path, *, everything: bool, shipped: bool) -> None:
    own = blueprint_files() if shipped else {}
    committed = _committed(folder)
    # The page describes the project's own templates too, which are not rendered here.
    found = stale(_texts(rendered, everything=everything and not own), committed)
    found = [item for item in found if everything or item.reason not in {"orphaned", "copied"}]
    found = [judged for item in found if (judged := _by_checksum(item, committed, own))]
    for item in found:
        write_stdout(item.diff, nl=False)
    for item in found:
        write_stderr(f"{folder / item.name}: {item.reason}; {_REMEDIES.get(item.reason, _RENDER)}")
    if found:
        raise click.exceptions.Exit(EXIT_NEGATIVE)
    write_stderr(f"{len(rendered)} templates are what the blueprints render")


def _by_checksum(item: Staleness, committed: Mapping[str, str], own: Collection[str]) -> Staleness | None:
    """The same, unless it is rendered from one of the blueprints `own`, which are not executed: None or `edited`."""
    header = header_of(committed.get(item.name, ""))
    if header is None or header.blueprint not in own or item.name != f"{header.blueprint}.yaml":
        return item
    return replace(item, reason="edited") if header.edited else None


def _write(rendered: Sequence[Rendered], folder: Path, *, everything: bool, force: bool) -> None:
    texts = _texts(rendered, everything=everything)
    committed = _committed(folder)
    edited = [name for name, text in texts.items() if name in committed and hand_edit(committed[name], text)]
    if edited and not force:
        what = "was edited by hand, or was not rendered by aurora-cfn, and would be overwritten"
        hint = "--force overwrites it; nothing was written"
        raise InputError([Complaint(what, str(folder / name), hint=hint) for name in edited])
    for name, text in texts.items():
        state = "written" if write_text(folder / name, text) else "unchanged"
        write_stderr(f"{folder / name}: {state}")
    for item in stale(texts, committed) if everything else ():
        if item.reason in {"orphaned", "copied"}:
            write_stderr(f"{folder / item.name}: {item.reason}; {_REMEDIES[item.reason]}")
