"""`aurora-cfn render`: write the template files from the blueprints."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.runs.render import check_params, rendered_blueprints
from aurora_cfn.cli.runs.rendered_files import keeps_page, refresh_page, resolve_aliases, up_to_date, write_rendered
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.errors import EXIT_NEGATIVE
from aurora_cfn.project.files import TEMPLATES


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
@click.option(
    "--all", "whole", is_flag=True, help="All templates of aurora-cfn, also those not used here, and the page."
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
    whole: bool,
    stdout: bool,
    out: Path,
    force: bool,
    resolve: tuple[Path, ...],
) -> None:
    """Write the templates from the blueprints: those that the project uses, or those named.

    Of aurora-cfn these are the templates that were rendered into templates/, that a params file names, or that have
    an overlay; in a new project all. Your own in blueprints/ come after them: this command executes them, and no
    other. overlays/NAME.yaml changes what the blueprint NAME renders. A templates/README.md of aurora-cfn is kept up to
    date with them; files that you wrote are left alone.

    Aliases: CloudFormation refuses YAML aliases (*name) and merge keys (<<). --resolve writes them out in a template
    of your own; comments and notation stay. The file is changed in place, with --stdout printed instead.

    Exit codes: 0 written or up to date, 1 with --check when a file is missing, stale, edited, copied or orphaned,
    3 there is no such blueprint, one of yours fails, an overlay changes what is gone, or a template was edited by
    hand and --force is not given: nothing is written then.

    \b
    Examples:
      aurora-cfn render
      aurora-cfn render rds-proxy
      aurora-cfn render aurora-serverless-postgres --stdout
      aurora-cfn render --check
      aurora-cfn render --resolve templates/orders.yaml
    """
    if resolve:
        if names or check or shipped or force or whole:
            raise click.UsageError("--resolve goes with --stdout only")
        resolve_aliases(resolve, stdout=stdout)
        return
    if names and whole:
        raise click.UsageError("--all goes without names")
    found, page = rendered_blueprints(names, shipped=shipped, whole=whole), not names and keeps_page(out, whole=whole)
    if check:
        if not up_to_date(found, out, everything=not names, shipped=shipped, page=page):
            raise click.exceptions.Exit(EXIT_NEGATIVE)
    elif stdout:
        write_stdout("---\n".join(row.text for row in found), nl=False)
    else:
        write_rendered(found, out, everything=not names and not shipped, force=force, page=page and not shipped)
        if names and not shipped:
            refresh_page(out, names)
    check_params(found)
