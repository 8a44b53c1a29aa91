"""`aurora-cfn run`: start a program that finds the database, and may log in to it, by its environment."""

from __future__ import annotations

import click

from aurora_cfn.cli.database_options import LoginOptions, login_options
from aurora_cfn.cli.options import AwsOptions, aws_options, client_option, environment_option
from aurora_cfn.cli.terminal.messages import write_stdout


@click.command(context_settings={"allow_interspersed_args": False})
@environment_option
@login_options
@client_option
@click.option(
    "--as",
    "forms",
    metavar="FORM[,FORM]",
    default="libpq,url",
    show_default=True,
    help="Variables for: libpq (PG*, MYSQL_*), url or go (DATABASE_URL), jdbc (Flyway, Liquibase), dataapi (ARNs).",
)
@click.option("--file", "in_file", is_flag=True, help="The password in a private file (PGPASSFILE), not in a variable.")
@click.option("--print-names", is_flag=True, help="Start nothing; print the names of the variables.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[--] COMMAND...")
@aws_options
def command(
    env: str, login: LoginOptions, forms: str, in_file: bool, print_names: bool,
    arguments: tuple[str, ...], aws: AwsOptions,
) -> int:  # fmt: skip
    """Run a migration or administration tool on the database of an environment.

    User and password, or an IAM token with --role, are only in the environment of COMMAND: never on a command line,
    and never on disk but with --file, in a file that only you can read and that is deleted at the end. The server is
    verified where its certificates are found (see connect). A paused database is resumed by the connection, unless
    --no-wake refuses that.

    An IAM token opens new connections for 15 minutes, and sessions outlive it: take the secret for a tool that connects
    again later. Tools in Go, such as dbmate, refuse libpq's PGHOSTADDR: with --via ssm give them --as url. On MySQL
    they need --as go, which dbmate and goose get by themselves.

    With --as dataapi alone neither a network path nor the right to read the secret is needed here.

    Exit codes: those of COMMAND, as in a shell if a signal ended it; 1 refused by --no-wake, 2 wrong usage, 3 wrong
    params or COMMAND is not installed, 4 AWS refused or the database cannot be reached.

    \b
    Examples:
      aurora-cfn run --env local -- dbmate --wait up
      aurora-cfn run --env dev --role migrator -- alembic upgrade head
      aurora-cfn run --env dev --read-only --file -- pg_dump --schema-only
      aurora-cfn run --env production --via ssm:i-0abc --as url -- dbmate up
      aurora-cfn run --env dev --as dataapi -- npx drizzle-kit migrate
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.run_program import names_of, read_forms, run_program

    asked = read_forms(forms, in_file=in_file)
    if not (arguments or print_names):
        raise click.UsageError("say which command to run, after --")
    access = DatabaseAccess.of(env, aws)
    if print_names:
        write_stdout("\n".join(names_of(access, login, asked, in_file=in_file)))
        return 0
    return run_program(access, login, asked, arguments, in_file=in_file)
