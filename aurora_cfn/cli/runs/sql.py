"""`sql`: statements from the command line, and their rows on the terminal or in a pipe."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from aurora_cfn.cli.runs.database import DatabaseAccess
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.cli.terminal.rows import print_rows
from aurora_cfn.model.rows import Database
from aurora_cfn.project.files import read_piped, read_text
from aurora_cfn.report.text import amount
from aurora_cfn.sql.run import Script, run


def source(query: str | None, file: Path | None) -> tuple[str, str]:
    """The SQL, and the name of its file, empty for an argument. Raises UsageError unless exactly one is given."""
    if (query is None) == (file is None):
        raise click.UsageError("give one of: QUERY, -f FILE, or - for standard input")
    if "-" in (query, str(file)):
        return read_piped("stdin"), "stdin"
    return (read_text(file), str(file)) if file is not None else (str(query), "")


def run_statements(access: DatabaseAccess, database: Database, script: Script, form: str, null: str | None) -> None:
    """Run the script, and print the rows of each statement, or on stderr what it did. Raises SqlError, AwsError."""
    with closing(run(access.api(database), database, script)) as results:
        for statement, rows in zip(script.statements, results, strict=True):
            if rows.columns:
                print_rows(rows, form, null=null, whole=True)
            else:
                done = " ".join(statement.words).lower()
                write_stderr(f"{done}: {amount(rows.affected, 'row')}" if rows.affected else done)
