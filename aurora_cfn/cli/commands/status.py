"""`aurora-cfn status`: compare the deployed stacks with the last commit."""

from __future__ import annotations

import sys

import click

from aurora_cfn.cli.options import AwsOptions, format_option, stack_command
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.cli.terminal.prompt import can_redraw, is_terminal
from aurora_cfn.errors import EXIT_DIFFERENCES


@click.command()
@stack_command
@format_option
@click.option("--exit-code", is_flag=True, help="End with 8 when something is not as committed.")
@click.option("--watch", is_flag=True, help="One screen with databases, branches and events, until Ctrl-C.")
def command(env: str, stacks: tuple[str, ...], form: str, exit_code: bool, watch: bool, aws: AwsOptions) -> int:
    """Show whether what is deployed is what is committed: template, parameters, tags, protection and status.

    It compares each stack with the last commit, and with the worktree where that differs; it only reads. It also
    shows who deployed which commit, while the change set that was executed last still exists.

    --watch compares nothing: it shows the stacks with their status, databases with capacity and connections as
    CloudWatch has them (each minute), branches with their ends and the last events, and calls AWS each 5 s. No
    database is asked, so that a paused one stays paused. It needs a terminal, and ends with 0 on Ctrl-C.

    Exit codes: 0 shown, 3 wrong params, 4 AWS refused, 8 with --exit-code when something is not as committed.

    \b
    Examples:
      aurora-cfn status --env production
      aurora-cfn status --env production --exit-code || echo "not as committed"
      aurora-cfn status --env dev --format json
      aurora-cfn status --env production --watch
    """
    if watch:
        if exit_code or form == "json":
            raise click.UsageError("--watch goes with neither --exit-code nor --format json")
        if not (is_terminal(sys.stdout) and can_redraw()):
            raise click.UsageError("--watch needs a terminal to draw on; without it status is printed once")
        from aurora_cfn.cli.runs.watch_environment import watch_environment

        watch_environment(env, aws, stacks)
        return 0
    from aurora_cfn.cli.runs.status import environment_status
    from aurora_cfn.report.environment_status import status_json, status_text

    found = environment_status(env, aws, stacks)
    write_stdout(status_json(found) if form == "json" else status_text(found), nl=False)
    return EXIT_DIFFERENCES if exit_code and not found.same else 0
