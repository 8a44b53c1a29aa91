"""`aurora-cfn review`: show the effects of a branch's changes on the stacks, offline."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from aurora_cfn.cli.options import environments
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import EXIT_DIFFERENCES
from aurora_cfn.model.review import Review
from aurora_cfn.project.git import WORKTREE, default_base, resolve, revision
from aurora_cfn.report.review import FORMATS


@click.command()
@click.option("--base", metavar="REV", help="Revision before the change. Default: where this branch left the main one.")
@click.option("--head", metavar="REV", default=WORKTREE, show_default=True, help="Revision after the change.")
@click.option(
    "--env",
    "-e",
    "envs",
    metavar="ENV",
    multiple=True,
    shell_complete=environments,
    help="Only this environment (repeatable).",
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to show it."
)
@click.option(
    "--allow-replace", metavar="LOGICAL_ID", multiple=True, help="Allow this resource to be replaced (repeatable)."
)
@click.option(
    "--try-anyway", metavar="LOGICAL_ID", multiple=True, help="Do not end with 11 for this change (repeatable)."
)
@click.option("--exit-code", is_flag=True, help="End with 8 when there are differences.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json.")
@click.pass_context
def command(
    ctx: click.Context,
    base: str | None,
    head: str,
    envs: tuple[str, ...],
    form: str,
    allow_replace: tuple[str, ...],
    try_anyway: tuple[str, ...],
    exit_code: bool,
    schema: bool,
) -> None:
    """Show what the changes between two git revisions do: data loss, failure, replacement, interruption, in place.

    It reads templates/ and params/ with git and needs no credentials, so it works for the pull request of a fork.

    Without --env it reviews each environment whose params file or templates changed; an emulated one (endpoint:
    local) only when its params file changed. A changed template that no environment uses is reviewed with its
    defaults. The same change in several environments is shown once, with how they differ.

    Exit codes: 0 nothing is lost, 3 wrong params, 6 a resource that holds data would be replaced or removed and was
    not allowed by name, 8 with --exit-code when there are differences, 11 AWS is known to refuse a change. With both
    6 and 11 it is 6, as data comes first.

    \b
    Examples:
      aurora-cfn review
      aurora-cfn review --base v1.4 --head v1.5 --env production
      aurora-cfn review --format markdown > comment.md
    """
    from aurora_cfn.project.review import reviewed

    if schema:
        from aurora_cfn.report.review.json import schema_text

        click.echo(schema_text(), nl=False)
        return
    chosen = base or _default_base()
    before, after = revision(chosen, strict=False), revision(head)
    before.label = base or resolve(chosen)[:12]
    today = datetime.now(UTC).date()
    review = reviewed(before, after, envs, allow_replace, today, try_anyway)
    finish(ctx, review, form, exit_code=exit_code)


def _default_base() -> str:
    """The merge base with the main branch; without a main branch the last commit, with a message."""
    found = default_base()
    if found is None:
        info("no main branch is known here, so only what is not committed is reviewed: give --base")
    return found or resolve("HEAD")


def finish(ctx: click.Context, review: Review, form: str, *, exit_code: bool) -> None:
    """Print the report and end with 6 or 11 if a change is refused, 8 for changes with `--exit-code`, else 0."""
    from aurora_cfn.review import refused_code

    click.echo(FORMATS[form](review), nl=False)
    code = refused_code(review.refusals())
    if code:
        ctx.exit(code)
    ctx.exit(EXIT_DIFFERENCES if exit_code and review.worst is not None else 0)
