"""`aurora-cfn events`: show the events of the last operation on each stack, or follow it."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, log_format_option, stack_command


@click.command()
@stack_command
@click.option("--follow", "-f", is_flag=True, help="Wait until the operation has ended.")
@click.option("--all", "whole", is_flag=True, help="The whole history, not only the last operation.")
@click.option("--rds", is_flag=True,
              help="What RDS reports of the databases: in the last 24 h, or with --all in 14 days.")  # fmt: skip
@log_format_option("Lines: text or NDJSON.")
def command(
    env: str, stacks: tuple[str, ...], follow: bool, whole: bool, rds: bool, log_format: str, aws: AwsOptions
) -> int:  # fmt: skip
    """Show the events of the last operation on each stack; with --follow, wait until it has ended.

    With --rds the events of clusters and instances: pauses, resumes, failovers, maintenance. No database is resumed
    for it.

    Exit codes: 0 it ended well, or there was no operation, 2 wrong usage, 3 no database, with --rds, 5 it failed,
    7 it is still running, 10 the stack is stuck.

    \b
    Examples:
      aurora-cfn events --env dev
      aurora-cfn events --env production --stack aurora-serverless --follow
      aurora-cfn events --env production --rds
      aurora-cfn events --env dev --log-format json | jq -r .status
    """
    if rds and follow:
        raise click.UsageError("--rds shows what has happened, so it goes without --follow")
    if rds:
        from aurora_cfn.cli.runs.follow_events import show_database_events

        show_database_events(env, aws, stacks, whole=whole, as_json=log_format == "json")
        return 0
    from aurora_cfn.cli.runs.client_target import environment_target, shown_with_others
    from aurora_cfn.cli.runs.follow_events import EventsRun

    target = shown_with_others(environment_target(env, aws, deployable=False))
    run = EventsRun(target, log_format=log_format, whole=whole)
    return run.follow(stacks) if follow else run.show(stacks)
