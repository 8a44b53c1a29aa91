"""`aurora-cfn destroy`: delete the stacks of an environment."""

from __future__ import annotations

from typing import Any

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    aws_options,
    environment_option,
    events_option,
    parallel_option,
    stack_option,
    take_over_option,
)
from aurora_cfn.cli.terminal.prompt import need_terminal


@click.command()
@environment_option
@stack_option
@click.option(
    "--retain", multiple=True, metavar="LOGICAL_ID", help="Keep this resource, when a deletion failed before."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask; not enough where the params file says `protect: true`.")
@click.option(
    "--orphans", is_flag=True, help="The stacks that are no longer in the params file, in place of those that are."
)
@take_over_option
@click.option("--confirm", "confirmed", multiple=True, metavar="STACK",
              help="The full name of a stack to delete (repeatable).")  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help="Only show what would be deleted, what would remain and what prevents it."
)
@parallel_option
@events_option
@aws_options
def command(
    env: str, stacks: tuple[str, ...], yes: bool, confirmed: tuple[str, ...], dry_run: bool, parallel: int,
    aws: AwsOptions, **options: Any,
) -> int:  # fmt: skip
    """Delete the stacks of an environment, those that depend on others first.

    Before anything is deleted, it checks termination protection, deletion protection of databases, exports that other
    stacks use, and stacks of this environment that read from these. Then it shows what remains (retained
    resources, final snapshots) and asks; with `protect: true` you type the name of each stack.

    A stack with the tags of another project or environment, or one that this tool did not deploy, is refused unless
    --take-over names it. --orphans deletes the stacks with the tags of this environment that its params file no longer
    has, newest first; those of an environment whose params file is gone need --stack NAME.

    Exit codes: 0 deleted, or not there, 1 declined, 6 something protects it, or
    it is the stack of another project, 7 busy, 10 a deletion failed and the
    stack is stuck.

    \b
    Examples:
      aurora-cfn destroy --env local --yes
      aurora-cfn destroy --env dev --dry-run
      aurora-cfn destroy --env production --stack aurora-serverless
      aurora-cfn destroy --env dev --orphans --dry-run
    """
    from aurora_cfn.cli.runs.destroy import DestroyRun
    from aurora_cfn.cli.runs.target import read_target

    need_terminal(
        "add --yes, or --confirm STACK for each stack (a protected environment needs that)",
        unless=yes or confirmed or dry_run,
    )
    run = DestroyRun(read_target(env, aws), stacks, yes=yes, confirmed=confirmed, **options)
    return run.preview() if dry_run else run.destroy(parallel)
