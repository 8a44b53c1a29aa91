"""`aurora-cfn sql`: run SQL on the database of an environment."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, database_command, no_wake_option, rows_format_option


@click.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    "-f",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the statements from a file, - for standard input.",
)
@database_command
@click.option("--parameter", "-p", "typed", multiple=True, metavar="NAME[:TYPE]=VALUE",
              help="Value of :NAME in the statements (repeatable).")  # fmt: skip
@click.option("--transaction", is_flag=True, help="All statements or none.")
@rows_format_option("csv")
@click.option("--null", metavar="TEXT", help="How table and csv show NULL.")
@click.option("--wait", type=click.IntRange(0), default=120, show_default=True, metavar="SECONDS",
              help="How long to wait for a paused database.")  # fmt: skip
@no_wake_option
@click.option("--past-timeout", is_flag=True, help="Let a statement continue when its call times out after 45 s.")
def command(
    query: str | None, file: Path | None, env: str, stack: str | None, resource: str | None, typed: tuple[str, ...],
    transaction: bool, form: str, null: str | None, wait: int, no_wake: bool, past_timeout: bool, aws: AwsOptions,
) -> None:  # fmt: skip
    """Run SQL on the database of an environment through the Data API; no network path to it is needed.

    A database without the Data API, such as an RDS instance or an Aurora DSQL cluster, is connected to instead.

    QUERY may hold several statements; `-` reads them from standard input. Each is committed by itself, or all
    together with --transaction. A paused database is resumed first, unless --no-wake refuses that.

    Types of parameters: text, int, float, decimal, bool, json, uuid, date, time, timestamp, bytes (hexadecimal).
    Without a type, NULL, true, false, numbers and JSON are recognised; everything else is text.

    The rows go to stdout. csv writes nothing for NULL and "" for empty text; json has one array per statement.

    Exit codes: 0 done, 1 refused by --no-wake, 2 wrong usage, 3 wrong params or value, 4 AWS or the database refused,
    in its own words.

    \b
    Examples:
      aurora-cfn sql --env local "select version()"
      aurora-cfn sql --env dev -p id:int=7 "select * from orders where id = :id"
      aurora-cfn sql --env dev --transaction -f migration.sql
      aurora-cfn sql --env dev --format json "select * from orders" | jq .
    """
    from aurora_cfn.cli.runs.database import DatabaseAccess
    from aurora_cfn.cli.runs.sql import run_statements, source
    from aurora_cfn.sql.parameters import parameters
    from aurora_cfn.sql.run import Script
    from aurora_cfn.sql.split import split

    text, path = source(query, file)
    values = parameters(typed)
    access = DatabaseAccess.of(env, aws, max_wait=wait)
    database = access.database(stack, resource)
    if no_wake:
        from aurora_cfn.cli.runs.wake import may_wake

        may_wake(access, database, no_wake=True)
    statements = split(text, database.engine, path=path)
    if path and database.engine == "mysql":
        from aurora_cfn.cli.runs.check_dialect import warn_of_dialect

        warn_of_dialect(text, path, access.target)
    run_statements(access, database, Script(statements, values, transaction, past_timeout, path), form, null)
