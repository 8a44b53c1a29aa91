"""`aurora-cfn snapshot export` and `exports`."""

from __future__ import annotations

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, rows_format_option, yes_option
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.errors import EXIT_NEGATIVE


@click.command()
@click.argument("name")
@environment_option
@click.option("--to", required=True, metavar="s3://BUCKET[/PREFIX]", help="Where RDS writes, in a folder of the task.")
@click.option("--role", required=True, metavar="ARN", help="Role that RDS takes to write into the bucket.")
@click.option("--kms-key", required=True, metavar="KEY", help="Your key that encrypts the files: id, ARN or alias.")
@click.option("--only", multiple=True, metavar="PART", help="DATABASE, DATABASE.SCHEMA or table (repeatable).")
@yes_option
@aws_options
@click.pass_context
def export(
    ctx: click.Context, name: str, env: str, to: str, role: str, kms_key: str, only: tuple[str, ...], yes: bool,
    aws: AwsOptions,
) -> None:  # fmt: skip
    """Export the data of a snapshot to S3 as Parquet, and print the name of the task.

    RDS does it by itself, in half an hour or more: `snapshot exports` shows how far it is. It charges for the size of
    the whole snapshot, with --only too. The role, the key and their policies are in docs/operating.md. An export is for
    Athena, Redshift Spectrum and the like: it cannot be restored. The emulator has no exports.

    Exit codes: 0 begun, 1 declined, 2 wrong usage, 3 wrong snapshot, place, role or key, 4 AWS refused, 6 not of this
    environment.

    \b
    Examples:
      aurora-cfn snapshot export launch --env dev --to s3://lake/launch \\
        --role "$ROLE_ARN" --kms-key alias/lake --only temporal.public
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.export_snapshot import ExportRun
    from aurora_cfn.cli.runs.snapshot import SnapshotRun
    from aurora_cfn.cli.terminal.prompt import confirmed, need_terminal
    from aurora_cfn.operate.export_tasks import COST

    if not yes:
        need_terminal("add --yes to export without being asked")
    with DatabaseAccess(env, aws, max_wait=0) as access:
        run = ExportRun(SnapshotRun(access))
        found, wanted = run.prepare(name, to, role=role, key=kms_key, only=only)
        what = ", ".join(only) or "all data"
        if not yes and not confirmed(f"{COST}. Write {what} of {found.database} in {name} to {wanted.place}?"):
            write_stderr("nothing was exported")
            ctx.exit(EXIT_NEGATIVE)
        write_stdout(run.start(found, wanted))


@click.command()
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
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.export_snapshot import ExportRun
    from aurora_cfn.cli.runs.snapshot import SnapshotRun
    from aurora_cfn.cli.runs.sql import Layout, print_rows

    with DatabaseAccess(env, aws, max_wait=0) as access:
        print_rows(ExportRun(SnapshotRun(access)).rows(), Layout(form))
