"""Rows of a result on standard output: a table for people, json and csv for programs."""

from __future__ import annotations

import sys

import click

from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.cli.terminal.prompt import columns_of_stdout
from aurora_cfn.model.rows import Rows
from aurora_cfn.report import rows as report
from aurora_cfn.report.text import amount


def print_rows(rows: Rows, form: str, *, null: str | None = None, whole: bool = False, cut_last: bool = False) -> None:
    """Print the rows as table, json or csv; csv and json always as UTF-8, the table in the terminal's encoding.

    `null` is the text for NULL, None for that of the form. `whole`: data that was asked for, in which no value is
    replaced by a mask. `cut_last`: on a terminal the last column is cut to what fits.
    """
    terminal, write = sys.stdout.isatty(), _write_whole if whole else write_stdout
    # UTF-8 for csv and json: text would be written in the encoding of the locale.
    if form == "json":
        write(report.json_text(rows), nl=False, utf8=True)
    elif form == "csv":
        write(report.csv(rows, null=null or "", terminal=terminal), nl=False, utf8=True)
    else:
        encoding = sys.stdout.encoding or "utf-8"
        text = report.table(rows, null="NULL" if null is None else null, fit=columns_of_stdout(), cut_last=cut_last)
        write(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
        write_stderr(f"({amount(len(rows.rows), 'row')})")


def _write_whole(text: str, *, nl: bool = True, utf8: bool = False) -> None:
    click.echo(text.encode() if utf8 else text, nl=nl)
