"""`aurora-cfn snapshot`: take, list, share, copy, export and delete snapshots of an environment's databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import (
    AwsOptions,
    aws_options,
    database_options,
    environment_option,
    rows_format_option,
    yes_option,
)
from aurora_cfn.cli.terminal.messages import write_stdout
from aurora_cfn.cli.terminal.prompt import need_terminal
from aurora_cfn.cli.terminal.rows import print_rows

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.snapshot import SnapshotRun


@click.group()
def command() -> None:
    """Snapshots of the clusters and instances of an environment, found by the resources of its stacks.

    None of these commands resumes a paused database. A snapshot carries the tags of the project and the environment,
    and stays when the stack is deleted. To restore one: aurora-cfn restore --help.

    \b
    Examples:
      aurora-cfn snapshot create --env production
      aurora-cfn snapshot list --env production
      aurora-cfn snapshot copy before-launch before-launch-own-key --env production --kms-key alias/backup
      aurora-cfn snapshot share before-launch-own-key --env production --account 210987654321
      aurora-cfn snapshot exports --env production
      aurora-cfn snapshot delete before-launch --env production
    """


def _snapshots(env: str, aws: AwsOptions) -> SnapshotRun:
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.snapshot import SnapshotRun

    return SnapshotRun(DatabaseAccess.of(env, aws))


_no_wait = click.option("--no-wait", is_flag=True, help="Do not wait until it can be restored.")


@command.command()
@click.argument("name", required=False)
@environment_option
@database_options
@_no_wait
@aws_options
def create(name: str | None, env: str, stack: str | None, resource: str | None, no_wait: bool, aws: AwsOptions) -> None:
    """Take a snapshot, wait until it can be restored, and print its name.

    Without NAME it is called after the database and the time, in UTC. After Ctrl-C RDS continues with it.

    Exit codes: 0 taken, 2 wrong usage, 3 wrong params or name, or several databases, 4 AWS refused, 5 it failed.

    \b
    Examples:
      aurora-cfn snapshot create --env dev
      aurora-cfn snapshot create before-launch --env production --no-wait
    """
    write_stdout(_snapshots(env, aws).create(name, stack, resource, wait=not no_wait))


@command.command("list")
@environment_option
@database_options
@click.option("--deleted", is_flag=True, help="What deleted clusters left: for `restore --deleted`.")
@rows_format_option("csv")
@aws_options
def list_command(env: str, stack: str | None, resource: str | None, deleted: bool, form: str, aws: AwsOptions) -> None:
    """List the manual and automated snapshots of the databases, oldest first.

    --deleted lists what the deleted clusters with the tags of the environment left, whether its stacks are deployed or
    not: automated backups, with the times that can be restored, and snapshots.

    Exit codes: 0 listed, 2 wrong usage, 3 wrong params, or not deployed, 4 AWS refused.

    \b
    Examples:
      aurora-cfn snapshot list --env production
      aurora-cfn snapshot list --env dev --format json | jq -r '.[].snapshot'
      aurora-cfn snapshot list --env dev --deleted
    """
    if deleted and (stack or resource):
        raise click.UsageError("--deleted goes without --stack and --resource: its clusters are in no stack")
    run = _snapshots(env, aws)
    print_rows(run.left() if deleted else run.rows(stack, resource), form)


@command.command()
@click.argument("name")
@environment_option
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Let this account restore it (repeatable).")
@click.option("--remove", "removed", multiple=True, metavar="ID", help="No longer this account (repeatable).")
@yes_option
@aws_options
def share(
    name: str, env: str, accounts: tuple[str, ...], removed: tuple[str, ...], yes: bool,
    aws: AwsOptions,
) -> int:  # fmt: skip
    """Let other AWS accounts restore a snapshot, or no longer; prints the accounts that may, one a line.

    Only manual snapshots can be shared, and no snapshot that is encrypted with the key that AWS manages (aws/rds),
    which databases have unless the params file names a key: copy it with --kms-key first. The other account also needs
    the key, and copies the snapshot before it restores it. `all` (everyone) is refused.

    Exit codes: 0 done, 1 declined, 2 wrong usage, 3 it cannot be shared, 4 AWS refused, 6 not of this environment, or
    everyone.

    \b
    Examples:
      aurora-cfn snapshot share launch --env dev --account 210987654321
      aurora-cfn snapshot share launch --env dev --remove 210987654321
    """
    if not accounts and not removed:
        raise click.UsageError("nothing to do: give --account ID, or --remove ID")
    need_terminal("add --yes to share without being asked", unless=yes)
    return _snapshots(env, aws).share(name, accounts, removed, yes=yes)


@command.command()
@click.argument("name")
@click.argument("new")
@environment_option
@click.option("--kms-key", default="", metavar="KEY", help="Encrypt the copy with this key: its id, ARN or alias.")
@_no_wait
@aws_options
def copy(name: str, new: str, env: str, kms_key: str, no_wait: bool, aws: AwsOptions) -> None:
    """Copy the snapshot NAME to NEW in the same region, wait until it can be restored, and print its name.

    A copy of an automated snapshot stays when RDS deletes the automated one. A copy that is encrypted with a key of
    your own can be shared. A snapshot of Aurora that is not encrypted stays so: RDS does not take --kms-key for it.

    Exit codes: 0 copied, 2 wrong usage, 3 wrong name or key, 4 AWS refused, 5 it failed, 6 not of this environment.

    \b
    Examples:
      aurora-cfn snapshot copy launch shared --env dev --kms-key alias/backup
      aurora-cfn snapshot copy rds:dev-db-2026-11-28-03-10 november --env dev
    """
    write_stdout(_snapshots(env, aws).copy(name, new, kms_key, wait=not no_wait))


@command.command()
@click.argument("name")
@environment_option
@click.option(
    "--confirm", multiple=True, metavar="NAME", help="The name of the snapshot again, in place of a question."
)
@aws_options
def delete(name: str, env: str, confirm: tuple[str, ...], aws: AwsOptions) -> int:
    """Delete a manual snapshot, after you typed its name. It cannot be brought back.

    Exit codes: 0 deleted, 1 declined, 2 wrong usage, 3 no such snapshot, or an automated one, 4 AWS refused, 6 not of
    this environment, or not confirmed.

    \b
    Examples:
      aurora-cfn snapshot delete before-launch --env production
      aurora-cfn snapshot delete launch --env production --confirm launch
    """
    return _snapshots(env, aws).delete(name, confirm)


@command.command()
@click.argument("name")
@environment_option
@click.option("--to", required=True, metavar="s3://BUCKET[/PREFIX]", help="Where RDS writes, in a folder of the task.")
@click.option("--role", required=True, metavar="ARN", help="Role that RDS takes to write into the bucket.")
@click.option("--kms-key", required=True, metavar="KEY", help="Your key that encrypts the files: id, ARN or alias.")
@click.option("--only", multiple=True, metavar="PART", help="DATABASE, DATABASE.SCHEMA or table (repeatable).")
@yes_option
@aws_options
def export(
    name: str, env: str, to: str, role: str, kms_key: str, only: tuple[str, ...], yes: bool,
    aws: AwsOptions,
) -> int:  # fmt: skip
    """Export the data of a snapshot to S3 as Parquet, and print the name of the task.

    RDS does it by itself, in half an hour or more: `snapshot exports` shows how far it is. It charges for the size of
    the whole snapshot, with --only too. An export is for Athena, Redshift Spectrum and the like: it cannot be
    restored. The emulator has no exports. For the role, the key and their policies see:
    aurora-cfn docs operating#exports-to-s3.

    Exit codes: 0 begun, 1 declined, 2 wrong usage, 3 wrong snapshot, place, role or key, 4 AWS refused, 6 not of this
    environment.

    \b
    Examples:
      aurora-cfn snapshot export launch --env dev --to s3://lake/launch \\
        --role "$ROLE_ARN" --kms-key alias/lake --only temporal.public
    """
    need_terminal("add --yes to export without being asked", unless=yes)
    return _snapshots(env, aws).export(name, to, role=role, key=kms_key, only=only, yes=yes)


@command.command()
@environment_option
@rows_format_option("csv")
@aws_options
def exports(env: str, form: str, aws: AwsOptions) -> None:
    """List the exports of the environment's snapshots to S3, the newest first, and how far they are.

    Exit codes: 0 listed, 2 wrong usage, 3 wrong params, 4 AWS refused.

    \b
    Examples:
      aurora-cfn snapshot exports --env production
      aurora-cfn snapshot exports --env dev --format json | jq -r '.[0].status'
    """
    print_rows(_snapshots(env, aws).exports(), form)
