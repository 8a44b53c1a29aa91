"""Which options of `deploy` go with a plan file, and with each other."""

from __future__ import annotations

import click

FILES = {"plan_file": "--plan", "apply_file": "--apply", "discard_file": "--discard"}
DECIDED = {
    "stacks": "--stack",
    "with_dependencies": "--with-dependencies",
    "dry_run": "--dry-run",
    "allow_replace": "--allow-replace",
    "on_failure": "--on-failure",
    "express": "--express",
}
"""What a plan has decided already, so that executing it cannot take it."""
EXECUTED = {
    "dry_run": "--dry-run",
    "timeout": "--timeout",
    "disable_rollback": "--disable-rollback",
    "strict": "--strict",
    "no_cleanup_wait": "--no-cleanup-wait",
}
"""What means nothing while a plan is only made."""
EITHER = (("disable_rollback", "on_failure"), ("strict", "no_cleanup_wait"), ("dry_run", "strict"))
"""Pairs of which only one can be given: two words about a failure, and what is left behind without having waited."""


def check_combination(ctx: click.Context) -> None:
    """Raises UsageError for options that exclude each other, and for a missing environment."""
    given = ctx.params
    files = [option for name, option in FILES.items() if given[name]]
    if len(files) > 1:
        raise click.UsageError(f"{' and '.join(files)} exclude each other")
    if given["discard_file"]:
        _exclude(ctx, DECIDED | EXECUTED, "--discard", "it only takes change sets back")
    elif given["apply_file"]:
        _exclude(ctx, DECIDED, "--apply", "that was decided when the plan was made")
    elif not given["env"]:
        raise click.UsageError("Missing option '--env' / '-e'.")
    for one, other in EITHER:
        if given[one] and given[other]:
            raise click.UsageError(f"{_option(one)} and {_option(other)} exclude each other")
    if given["plan_file"]:
        _exclude(ctx, EXECUTED, "--plan", "it only means something while change sets are executed")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _exclude(ctx: click.Context, options: dict[str, str], other: str, why: str) -> None:
    for name, option in options.items():
        if ctx.params[name]:
            raise click.UsageError(f"{option} does not go with {other}: {why}")
