"""`sql`: statements from the command line, and their rows on the terminal or in a pipe."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import click

from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
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
                print_rows(rows, layout, whole=True)
            else:
                done = " ".join(statement.words).lower()
                write_stderr(f"{done}: {amount(rows.affected, 'row')}" if rows.affected else done)


def print_rows(rows: Rows, layout: Layout, *, whole: bool = False) -> None:
    """Print the rows; csv and json always as UTF-8, the table in the terminal's encoding.

    `whole`: data that was asked for, in which no value is replaced by a mask.
    """
    terminal, form, null = sys.stdout.isatty(), layout.form, layout.null
    write = _write_whole if whole else write_stdout
    # UTF-8 for csv and json: text would be written in the encoding of the locale.
    if form == "json":
        write(report.json_text(rows), nl=False, utf8=True)
    elif form == "csv":
        write(report.csv(rows, null=null or "", terminal=terminal), nl=False, utf8=True)
    else:
        fit = shutil.get_terminal_size().columns if terminal else None
        encoding = sys.stdout.encoding or "utf-8"
        text = report.table(rows, null="NULL" if null is None else null, fit=fit)
        write(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
        write_stderr(f"({amount(len(rows.rows), 'row')})")


def _write_whole(text: str, *, nl: bool = True, utf8: bool = False) -> None:
    click.echo(text.encode() if utf8 else text, nl=nl)
