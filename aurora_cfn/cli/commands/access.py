"""`aurora-cfn access`: who may log in to a database as what, and the password of its master user."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    database_options,
    environment_option,
    no_wake_option,
    rows_format_option,
    with_connection,
    yes_option,
)

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.access import AccessRun


@click.group()
def command() -> None:
    """Database roles of people and functions: listed, granted, revoked, checked; the master password rotated.

    A role logs in with an IAM token, or with a password that only a secret holds. No password is ever printed. A paused
    database is resumed, and a line says so; --no-wake refuses it (exit code 1).

    \b
    Examples:
      aurora-cfn access list --env production
      aurora-cfn access grant reporter --env production > policy.json
      aurora-cfn access check reporter --env production
      aurora-cfn access revoke reporter --env production
      aurora-cfn access rotate --env production --wait
    """


def _roles(env: str, aws: AwsOptions, stack: str | None, resource: str | None, *, no_wake: bool) -> AccessRun:
    from aurora_cfn.cli.runs.access import AccessRun
    from aurora_cfn.cli.runs.database import DatabaseAccess

    access = DatabaseAccess.of(env, aws)
    return AccessRun(access, access.one_in_rds(stack, resource), no_wake)


_database = with_connection(environment_option, database_options)
_form = rows_format_option("json")


@command.command("list")
@_database
@_form
@no_wake_option
def list_command(
    env: str, stack: str | None, resource: str | None, form: str, no_wake: bool, aws: AwsOptions
) -> None:  # fmt: skip
    """List the roles: how they log in, what they may do in the database, the roles they are in, their sessions.

    ACCESS is none, read-only, read-write or administrator, by the privileges that the role really has on tables. On
    Aurora DSQL there is a line for each IAM role or user that logs in as the role.

    Exit codes: 0 listed, 1 refused by --no-wake, 2 wrong usage, 3 wrong params, 4 AWS or the database refused.

    \b
    Examples:
      aurora-cfn access list --env production
      aurora-cfn access list --env dev --format json | jq -r '.[].role'
    """
    _roles(env, aws, stack, resource, no_wake=no_wake).show(form)


@command.command()
@click.argument("role")
@_database
@click.option("--iam/--password", default=True, help="Log in with an IAM token (the default), or with a password "
              "that is made here and kept in a secret of its own.")  # fmt: skip
@click.option("--read-only/--read-write", default=True, help="What it may do with the tables; the default is reading.")
@click.option("--schema", "schemas", multiple=True, default=("public",), show_default=True, metavar="NAME",
              help="The tables of this schema, those made later too (repeatable).")  # fmt: skip
@click.option("--database", "name", metavar="NAME", help="Another database of the same server.")
@click.option("--to", "principal", default="", metavar="ARN", help="The IAM role or user that is to log in as ROLE.")
@no_wake_option
@yes_option
def grant(
    role: str, env: str, stack: str | None, resource: str | None, iam: bool, read_only: bool,
    schemas: tuple[str, ...], name: str | None, principal: str, no_wake: bool, yes: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Create or change a database role, after its SQL was shown, and print the least IAM policy that can use it.

    On PostgreSQL all statements are one transaction; repeated, they change nothing. A role that exists loses what the
    grant does not say: with --read-only it can no longer write to these schemas. It may read tables that the
    master user, and the present owners of tables there, make later.

    The policy (JSON, on stdout) allows rds-db:connect on exactly this database and role, with --password reading
    exactly its secret. --to says how to attach it. On Aurora DSQL --to is needed: the cluster itself maps the IAM role.

    Exit codes: 0 granted, 1 declined, or refused by --no-wake, 2 wrong usage, 3 wrong params or name, or IAM
    authentication is off, 4 AWS or the database refused.

    \b
    Examples:
      aurora-cfn access grant reporter --env production > policy.json
      aurora-cfn access grant app --env dev --read-write --schema billing
      aurora-cfn access grant reporter --env dev \\
        --to arn:aws:iam::123456789012:role/reports
      aurora-cfn access grant metabase --env production --password
    """
    from aurora_cfn.model.database_role import Grant

    run = _roles(env, aws, stack, resource, no_wake=no_wake)
    named = replace(run, database=replace(run.database, name=name)) if name else run
    return named.grant(Grant(role, read_only, iam, schemas, principal), yes=yes)


@command.command()
@click.argument("role")
@_database
@click.option("--confirm", multiple=True, metavar="ROLE", help="The name of the role again, in place of a question.")
@click.option("--reassign-to", default="", metavar="ROLE", help="Give what it owns to this role (PostgreSQL).")
@no_wake_option
def revoke(
    role: str, env: str, stack: str | None, resource: str | None, confirm: tuple[str, ...],
    reassign_to: str, no_wake: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Drop a role, its privileges, its sessions and its secret, after you typed its name.

    A role that owns tables or other objects is not dropped: they are named, and --reassign-to gives them to another
    role first. First the role is closed, then its sessions are ended, then it is dropped; if that fails, it stays
    closed. IAM policies that name the role are yours to change.

    Exit codes: 0 dropped, 1 declined, no such role, or refused by --no-wake, 2 wrong usage, 3 wrong params, or a role
    of RDS, 4 AWS or the database refused, 6 it owns something, or was not confirmed.

    \b
    Examples:
      aurora-cfn access revoke reporter --env production
      aurora-cfn access revoke app --env dev --confirm app --reassign-to dbadmin
    """
    return _roles(env, aws, stack, resource, no_wake=no_wake).revoke(role, confirm, reassign_to)


@command.command()
@click.argument("role", required=False)
@_database
@_form
@no_wake_option
def check(
    role: str | None, env: str, stack: str | None, resource: str | None, form: str,
    no_wake: bool, aws: AwsOptions,
) -> int:  # fmt: skip
    """Check every part of the path to a session as ROLE, or as each role that logs in with IAM tokens.

    IAM authentication of the cluster, the master secret, the role and its login, the proxies before the database, and
    whether a token opens a session. The token is signed by the caller of this command, who needs the policy of `access
    grant` for it, and a network path to the database; without a path that part is unknown.

    Exit codes: 0 nothing is missing, 1 something is, or refused by --no-wake, 2 wrong usage, 3 wrong params, 4 AWS or
    the database refused.

    \b
    Examples:
      aurora-cfn access check --env production
      aurora-cfn access check reporter --env dev --format json
    """
    from aurora_cfn.cli.runs.access_logins import check_logins

    return check_logins(_roles(env, aws, stack, resource, no_wake=no_wake), role, form)


@command.command()
@_database
@click.option("--wait", is_flag=True, help="Wait until the new password is in use, and print its version.")
@no_wake_option
@yes_option
def rotate(
    env: str, stack: str | None, resource: str | None, wait: bool, no_wake: bool, yes: bool,
    aws: AwsOptions,
) -> int:  # fmt: skip
    """Give the master user a new password now; the command never reads it.

    RDS makes it where RDS manages the password, else the rotation function of the secret. Open sessions stay. With
    --wait the id of the new version of the secret is printed once it is current.

    Exit codes: 0 rotated, or begun, 1 declined, or refused by --no-wake, 2 wrong usage, 3 wrong params, or there is no
    password to rotate, 4 AWS refused, 5 the secret is impaired, 7 it is being rotated, or not finished in 5 minutes.

    \b
    Examples:
      aurora-cfn access rotate --env production --wait
      aurora-cfn access rotate --env dev --yes
    """
    from aurora_cfn.cli.runs.access_logins import rotate_password

    return rotate_password(_roles(env, aws, stack, resource, no_wake=no_wake), wait=wait, yes=yes)
