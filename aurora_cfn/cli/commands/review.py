"""`aurora-cfn review`: show the effects of a branch's changes on the stacks, offline."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import environments, review_options
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.project.git import WORKTREE
from aurora_cfn.report.review.json import schema_text


@click.command()
@click.option(
    "--base",
    metavar="REV",
    help="Revision before the change; of a branch, the commit where the head left it. Default: the main branch.",
)
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
@review_options
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json.")
def command(
    base: str | None, head: str, envs: tuple[str, ...], form: str, allow_replace: tuple[str, ...],
    try_anyway: tuple[str, ...], exit_code: bool, schema: bool,
) -> int:  # fmt: skip
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
      aurora-cfn review --format html > review.html
    """
    if schema:
        write_stdout(schema_text(), nl=False)
        return 0
    from aurora_cfn.cli.runs.review import print_review, review_revisions

    review = review_revisions(base, head, envs, allow_replace, try_anyway)
    return print_review(review, form, exit_code=exit_code)
