"""Which options of `deploy` go with a plan file."""

from __future__ import annotations

import click

DECIDED = {
    "stacks": "--stack",
    "with_dependencies": "--with-dependencies",
    "dry_run": "--dry-run",
    "allow_replace": "--allow-replace",
    "on_failure": "--on-failure",
    "express": "--express",
}
"""What a plan has decided already, so that executing it cannot take it."""
EXECUTED = {"dry_run": "--dry-run", "timeout": "--timeout", "disable_rollback": "--disable-rollback"}
"""What means nothing while a plan is only made."""


def check_combination(ctx: click.Context) -> None:
    """Raises UsageError for options that exclude each other, and for a missing environment."""
    given = ctx.params
    if given["plan_file"] and given["apply_file"]:
        raise click.UsageError("--plan and --apply exclude each other")
    if given["apply_file"]:
        _exclude(ctx, DECIDED, "--apply", "that was decided when the plan was made")
    elif not given["env"]:
        raise click.UsageError("Missing option '--env' / '-e'.")
    if given["plan_file"]:
        _exclude(ctx, EXECUTED, "--plan", "it only means something while change sets are executed")


def _exclude(ctx: click.Context, options: dict[str, str], other: str, why: str) -> None:
    for name, option in options.items():
        if ctx.params[name]:
            raise click.UsageError(f"{option} does not go with {other}: {why}")
