"""`sql`: statements from the command line, and their rows on the terminal or in a pipe."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from pathlib import Path

import click

from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.dataclass import dataclass
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.project.files import read_piped, read_text
from aurora_cfn.report import rows as report
from aurora_cfn.report.text import amount
from aurora_cfn.sql.run import Script, run

ADVICE = "databases here have no public address: run this where the network reaches it, such as on the VPN"


@dataclass(frozen=True, slots=True)
class Layout:
    """How rows are printed: as table, json or csv; `null` is the text for NULL, None for that of the form."""

    form: str
    null: str | None = None


def source(query: str | None, file: Path | None) -> tuple[str, str]:
    """The SQL, and the name of its file, empty for an argument. Raises UsageError unless exactly one is given."""
    if (query is None) == (file is None):
        raise click.UsageError("give one of: QUERY, -f FILE, or - for standard input")
    if file is not None:
        return read_text(file), str(file)
    if query == "-":
        return read_piped("stdin"), "stdin"
    return str(query), ""


def run_statements(access: DatabaseAccess, database: Database, script: Script, layout: Layout) -> None:
    """Run the script, and print the rows of each statement, or on stderr what it did. Raises SqlError, AwsError."""
    with closing(run(access.api(database, ADVICE), database, script)) as results:
        for statement, rows in zip(script.statements, results, strict=True):
            access.awake()
            if rows.columns:
                print_rows(rows, layout)
            else:
                done = " ".join(statement.words).lower()
                click.echo(f"{done}: {amount(rows.affected, 'row')}" if rows.affected else done, err=True)


def print_rows(rows: Rows, layout: Layout) -> None:
    """Print the rows; csv and json always as UTF-8, the table in the terminal's encoding."""
    # Bytes for csv and json: text would be written in the encoding of the locale.
    terminal, form, null = sys.stdout.isatty(), layout.form, layout.null
    if form == "json":
        click.echo(report.json_text(rows).encode(), nl=False)
    elif form == "csv":
        click.echo(report.csv(rows, null=null or "", terminal=terminal).encode(), nl=False)
    else:
        fit = shutil.get_terminal_size().columns if terminal else None
        encoding = sys.stdout.encoding or "utf-8"
        text = report.table(rows, null="NULL" if null is None else null, fit=fit)
        click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
        click.echo(f"({amount(len(rows.rows), 'row')})", err=True)
