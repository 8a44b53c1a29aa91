"""`aurora-cfn branch`: clones of an environment's database, for a pull request or a trial."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    Command,
    Parsed,
    aws_options,
    environment_option,
    format_option,
    no_wake_option,
    rows_format_option,
    yes_option,
)
from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.errors import EXIT_DIFFERENCES, EXIT_NEGATIVE
from aurora_cfn.model.resource_types import BRANCH
from aurora_cfn.operate.branches.expiry import FORMS, Expiry, parsed

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.branch import BranchRun

_stack = click.option("--stack", "-s", metavar="NAME", help="Stack of the database, when there are several.")


ENDING = Parsed("ending", parsed, f"is no end: write {FORMS}")
"""A time to live or an end."""


def _making(command: Command) -> Command:
    """The options of a branch that is made."""
    for option in (
        no_wake_option,
        click.option("--keep-logins", is_flag=True, help="Leave the logins and passwords of the source as they are."),
        click.option("--max-capacity", type=click.FloatRange(1, 256), default=2, show_default=True, metavar="ACU",
                     help="MaxCapacity of the branch."),
        click.option("--mask", "masks", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
                     help="SQL that is run before the branch can be used (repeatable, in this order)."),
        click.option("--expires", "expiry", type=ENDING, metavar="TIME",
                     help="Delete it then: 3d, 12h, 2026-12-01, `2026-12-01 16:20` (UTC), never."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def command() -> None:
    """Branches of an environment's database: clones as stacks of their own, for a pull request or a trial.

    A clone shares the storage of its source and pays for the pages that change; it is made in minutes, however large
    the source is, and pauses after 5 minutes without a connection. sql, connect, run and inspect reach it with
    --branch NAME.

    \b
    Examples:
      aurora-cfn branch create pr-812 --env dev --expires 3d --mask mask.sql
      aurora-cfn sql --env dev --branch pr-812 "select count(*) from orders"
      aurora-cfn branch diff pr-812 --env dev --exit-code
      aurora-cfn branch list --env dev
      aurora-cfn branch delete pr-812 --env dev
    """


@command.command()
@click.argument("name")
@environment_option
@_stack
@click.option("--from", "source", default="", metavar="BRANCH", help="Clone this branch.")
@click.option("--connect", "connects", is_flag=True, help="Start psql (or mysql) on it, as connect does.")
@_making
@yes_option
@aws_options
def create(name: str, env: str, connects: bool, yes: bool, aws: AwsOptions, **plan: Any) -> int:
    """Clone the database of an environment into the stack STACK-branch-NAME.

    The clone has the template and parameters of the source, but no readers, the smallest capacity, a new password for
    the master user, and nothing that is kept when it is deleted. Before anything else is run on it, all other roles
    lose their logins and passwords, and subscriptions, foreign passwords and jobs of pg_cron are switched off. Then
    the --mask files are run over the Data API, each in one transaction, with at most 45 s for a statement. If any of
    that fails, the branch is deleted. A paused source is resumed, unless --no-wake refuses that.

    --expires needs the stack of the template branch-janitor in the params file; its schedule deletes the branch.

    Exit codes: 0 made, 1 declined, or refused by --no-wake, 2 wrong usage, 3 wrong params, name or mask file, 4 AWS or
    the database refused, 5 the stack failed and was rolled back, 6 not of this project, 10 it failed and is stuck, 11
    it is known to fail; with --connect that of psql once it is made.

    \b
    Examples:
      aurora-cfn branch create pr-812 --env dev --expires 3d --mask mask.sql
      aurora-cfn branch create trial --env dev --from pr-812 --max-capacity 8
      aurora-cfn branch create trial --env dev --expires 4h --connect
    """
    need_terminal("add --yes to create the branch without being asked", unless=yes)
    from aurora_cfn.cli.runs.branch import BranchPlan

    code = _branches(env, aws, deploys=True).create(name, BranchPlan(**plan), yes=yes)
    return _connect(name, env, aws) if connects and not code else code


@command.command()
@click.argument("name")
@environment_option
@click.option(
    "--preserve-under-name",
    "preserve",
    default="",
    metavar="NAME",
    help="Keep its state before the reset as the branch NAME.",
)
@_making
@yes_option
@aws_options
def reset(name: str, env: str, preserve: str, yes: bool, aws: AwsOptions, **plan: Any) -> int:
    """Delete a branch and make it again from its source, with the data of now.

    Its endpoint stays, its password does not. A branch that was masked needs its mask files again; its end stays
    unless --expires moves it.

    --preserve-under-name clones the branch first, with its logins, into a branch with the same end and a password of
    its own; what is written to the branch after that is lost. If the clone fails, the branch stays as it is.

    Exit codes: as of create.

    \b
    Examples:
      aurora-cfn branch reset pr-812 --env production --mask mask.sql --yes
      aurora-cfn branch reset pr-812 --env dev --preserve-under-name pr-812-old
    """
    need_terminal("add --yes to reset the branch without being asked", unless=yes)
    from aurora_cfn.cli.runs.branch import BranchPlan

    return _branches(env, aws, deploys=True).reset(name, BranchPlan(**plan), yes=yes, preserve=preserve)


@command.command("list")
@environment_option
@rows_format_option("csv")
@aws_options
def list_command(env: str, form: str, aws: AwsOptions) -> int:
    """List the branches with age, end and monthly cost while paused; changed pages and time awake cost besides.

    Exit codes: 0 listed, 1 a branch is past its end and still there, 2 wrong usage, 3 wrong params, 4 AWS refused.

    \b
    Examples:
      aurora-cfn branch list --env production
      aurora-cfn branch list --env production --format json | jq -r '.[].branch'
    """
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.cli.runs.branch_ends import branches_of
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.facts.prices import price_list
    from aurora_cfn.operate.branches.overview import listed

    target = read_target(env, aws, deployable=False)
    found = branches_of(target)
    secret = None if target.local else price_list(target.environment.region).get("secret_month")
    rows = listed(found, SystemClock().now(), secret.dollars if secret else None)
    print_rows(rows, form)
    return EXIT_NEGATIVE if any(row.end == "overdue" for row in found) else 0


@command.command()
@click.argument("name")
@environment_option
@click.option("--base", default="", metavar="BRANCH", help="Compare with this branch, in place of the source.")
@format_option
@click.option("--exit-code", is_flag=True, help="End with 8 when there are differences.")
@no_wake_option
@aws_options
def diff(name: str, env: str, base: str, form: str, exit_code: bool, no_wake: bool, aws: AwsOptions) -> int:
    """Show how the schema of a branch differs from that of its source, as statements that would lead there.

    Compared are tables, columns, constraints, indexes, views, functions and triggers of PostgreSQL and MySQL, and the
    sequences, types and extensions of PostgreSQL, read from the catalogs over the Data API. Both databases are resumed
    for it, unless --no-wake refuses that. The statements are for reading: an object that was renamed is one that is
    dropped and one that is created.

    Exit codes: 0 shown, 1 refused by --no-wake, 2 wrong usage, 3 wrong params, no such branch or Aurora DSQL, 4 AWS or
    the database refused, 8 differences with --exit-code.

    \b
    Examples:
      aurora-cfn branch diff pr-812 --env production
      aurora-cfn branch diff pr-812 --env production --base pr-811 --exit-code
      aurora-cfn branch diff pr-812 --env production --no-wake
    """
    from aurora_cfn.report.schema_changes import change_lines, changes_json

    found = _branches(env, aws).differences(name, base, no_wake=no_wake)
    write_stdout(changes_json(found) if form == "json" else change_lines(found), nl=False)
    if not found:
        info("no differences")
    return EXIT_DIFFERENCES if found and exit_code else 0


@command.command("set-expiration")
@click.argument("name")
@click.argument("expiry", type=ENDING, metavar="TIME")
@environment_option
@aws_options
def set_expiration(name: str, expiry: Expiry, env: str, aws: AwsOptions) -> None:
    """Move the end of a branch: 3d, 12h, 2026-12-01, `2026-12-01 16:20` (UTC), or never. The stack is not changed.

    Exit codes: 0 done, 2 wrong usage, 3 wrong params or time, no such branch, or no branch-janitor, 4 AWS refused.

    \b
    Examples:
      aurora-cfn branch set-expiration pr-812 1w --env production
      aurora-cfn branch set-expiration pr-812 never --env production
    """
    _branches(env, aws).set_expiration(name, expiry)


@command.command()
@click.argument("name")
@environment_option
@yes_option
@aws_options
def delete(name: str, env: str, yes: bool, aws: AwsOptions) -> int:
    """Delete a branch with its data, after asking. Nothing of it stays, no snapshot either.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 wrong params or no such branch, 4 AWS refused, 6 not of this
    project, 7 busy, 10 the deletion failed.

    \b
    Examples:
      aurora-cfn branch delete pr-812 --env production
      aurora-cfn branch delete pr-812 --env production --yes
    """
    need_terminal("add --yes to delete the branch without being asked", unless=yes)
    return _branches(env, aws).delete(name, yes=yes)


@command.command()
@click.argument("name")
@environment_option
@click.option("--show-password", is_flag=True, help="The password too.")
@aws_options
def url(name: str, env: str, show_password: bool, aws: AwsOptions) -> None:
    """Print the address of a branch as one line, for other programs; without the password unless it is asked for.

    Exit codes: 0 printed, 2 wrong usage, 3 wrong params or no such branch, 4 AWS refused.

    \b
    Examples:
      aurora-cfn branch url pr-812 --env production
    """
    from aurora_cfn.cli.database_options import LoginOptions
    from aurora_cfn.cli.runs.connect import print_login

    print_login(env, aws, LoginOptions(stack=f"{BRANCH}{name}"), password=show_password)


def _connect(name: str, env: str, aws: AwsOptions) -> int:
    """The exit code of the command `connect`; the rights that it needs are in its own policy."""
    top = click.get_current_context().find_root()
    assert isinstance(top.command, click.Group)
    command = top.command.get_command(top, "connect")
    assert command is not None
    words = ["--env", env, "--branch", name, *shlex.split(aws.spelled)]
    with command.make_context("connect", words, parent=top) as made:
        return int(command.invoke(made))


def _branches(env: str, aws: AwsOptions, *, deploys: bool = False) -> BranchRun:
    from aurora_cfn.cli.runs.branch import BranchRun
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.target import read_target

    return BranchRun(DatabaseAccess(read_target(env, aws, deployable=deploys)))
