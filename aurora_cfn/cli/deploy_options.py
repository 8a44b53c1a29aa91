"""The options of `aurora-cfn deploy`, and which of them go together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aurora_cfn.cli.options import (
    Command,
    aws_options,
    events_option,
    log_format_option,
    optional_environment_option,
    parallel_option,
    stack_option,
    take_over_option,
)

if TYPE_CHECKING:
    from aurora_cfn.deploy.context import Choices

FILE = click.Path(dir_okay=False, path_type=Path)

OPTIONS: tuple[Callable[[Any], Any], ...] = (
    optional_environment_option,
    stack_option,
    click.option("--with-dependencies", is_flag=True, help="With --stack: also the stacks that it refers to."),
    click.option(
        "--yes", "-y", is_flag=True, help="Do not ask; data loss has to be allowed by name, and no stack is deleted."
    ),
    click.option(
        "--plan", "plan_file", type=FILE, metavar="FILE", help="Leave the change sets in AWS and write a plan."
    ),
    click.option("--apply", "apply_file", type=FILE, metavar="FILE", help="Execute exactly the change sets of a plan."),
    click.option("--discard", "discard_file", type=FILE, metavar="FILE", help="Delete the change sets of a plan."),
    click.option("--dry-run", is_flag=True, help="Show what would change; delete the change sets."),
    click.option(
        "--allow-replace",
        multiple=True,
        metavar="LOGICAL_ID",
        help="Allow this resource to be replaced or removed (repeatable); "
        "STACK.LOGICAL_ID where several stacks have it.",
    ),
    click.option(
        "--try-anyway",
        multiple=True,
        metavar="LOGICAL_ID",
        help="Execute this change although AWS is known to refuse it (repeatable).",
    ),
    take_over_option,
    click.option(
        "--create-beside",
        multiple=True,
        metavar="STACK",
        help="Create this stack although one like it still runs, no longer in the params file or in another region "
        "(repeatable).",
    ),
    click.option(
        "--recreate", is_flag=True, help="Delete a stack whose creation failed, and create it again, without asking."
    ),
    click.option("--disable-rollback", is_flag=True, help="Leave a failed stack as it is, to look at it."),
    click.option(
        "--on-failure",
        type=click.Choice(["rollback", "delete", "do-nothing"]),
        help="What CloudFormation does when a creation fails.",
    ),
    click.option(
        "--express",
        is_flag=True,
        help="Wait for databases only, not for all resources; needs `express: true` in the params file.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="MINUTES",
        help="Cancel an update after this time.",
    ),
    parallel_option,
    click.option("--strict", is_flag=True, help="Fail (9) when the clean-up of an update leaves something behind."),
    click.option("--no-cleanup-wait", is_flag=True, help="Do not wait for the clean-up of an update."),
    click.option("--fail-on-empty", is_flag=True, help="Fail (1) when no stack changes."),
    click.option("--no-preflight", is_flag=True, help="Do not check first what AWS would refuse (see doctor)."),
    click.option(
        "--no-snapshot", is_flag=True, help="Take no snapshot of a database that is upgraded, replaced or removed."
    ),
    click.option("--no-after-deploy", is_flag=True, help="Do not run the after_deploy commands of the params file."),
    click.option("--no-proof", is_flag=True, help="Do not run `select 1` on the databases at the end."),
    events_option,
    log_format_option("Lines on stderr: text or NDJSON."),
    aws_options,
)
"""In the order of `--help`. The command gets them as keyword arguments, so a new option is a row here."""


def deploy_options(command: Command) -> Command:
    """The command with all of OPTIONS."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def choices_of(given: Mapping[str, Any]) -> Choices:
    """The choices for the deployment of each stack; `given` are the parameters of the command by name."""
    from aurora_cfn.deploy.context import Choices

    return Choices(
        dry_run=given["dry_run"],
        disable_rollback=given["disable_rollback"],
        # AWS spells them ROLLBACK, DELETE, DO_NOTHING.
        on_failure=(given["on_failure"] or "").upper().replace("-", "_"),
        express=given["express"],
        timeout=given["timeout"] and given["timeout"] * 60,
        allow=given["allow_replace"],
        tried=given["try_anyway"],
        take_over=given["take_over"],
        create_beside=given["create_beside"],
        yes=given["yes"],
        recreate=given["recreate"],
        preflight=not given["no_preflight"],
        snapshot=not given["no_snapshot"],
        strict=given["strict"],
        cleanup_wait=not given["no_cleanup_wait"],
    )


FILES = ("plan_file", "apply_file", "discard_file")
DECIDED = (
    "stacks", "with_dependencies", "dry_run", "allow_replace", "try_anyway", "take_over", "create_beside", "recreate",
    "on_failure", "express",
)  # fmt: skip
"""Options about which the plan has decided already, so that `--apply` and `--discard` refuse them."""
EXECUTED = ("recreate", "dry_run", "timeout", "disable_rollback", "strict", "no_cleanup_wait")
"""Options about an execution, which `--plan` does not make."""
EITHER = (("disable_rollback", "on_failure"), ("strict", "no_cleanup_wait"), ("dry_run", "strict"))
"""Pairs that exclude each other: two answers to a failure, or leftovers of a clean-up that is not waited for."""


def check_combination(given: Mapping[str, Any]) -> None:
    """Raise UsageError for options that exclude each other, and for a missing environment."""
    files = [_option(name) for name in FILES if given[name]]
    if len(files) > 1:
        raise click.UsageError(f"{' and '.join(files)} exclude each other")
    if given["discard_file"]:
        _exclude(given, (*DECIDED, *EXECUTED), "--discard", "it only takes change sets back")
    elif given["apply_file"]:
        _exclude(given, DECIDED, "--apply", "that was decided when the plan was made")
    elif not given["env"]:
        raise click.UsageError("Missing option '--env' / '-e'.")
    for one, other in EITHER:
        if given[one] and given[other]:
            raise click.UsageError(f"{_option(one)} and {_option(other)} exclude each other")
    if given["plan_file"]:
        _exclude(given, EXECUTED, "--plan", "it only means something while change sets are executed")


def _option(name: str) -> str:
    return "--stack" if name == "stacks" else f"--{name.removesuffix('_file').replace('_', '-')}"


def _exclude(given: Mapping[str, Any], names: Iterable[str], other: str, why: str) -> None:
    for name in names:
        if given[name]:
            raise click.UsageError(f"{_option(name)} does not go with {other}: {why}")
