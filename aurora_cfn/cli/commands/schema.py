"""`aurora-cfn schema`: print the JSON Schema of params files."""

from __future__ import annotations

from difflib import unified_diff

import click

from aurora_cfn.cli.runs.target import project_templates
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.environment import schema_text
from aurora_cfn.errors import EXIT_NEGATIVE
from aurora_cfn.project.files import PARAMS, read_text, write_text

PATH = PARAMS / "schema.json"


@click.command()
@click.option("--write", is_flag=True, help=f"Write {PATH} instead of printing.")
@click.option("--check", is_flag=True, help=f"Fail with a diff where {PATH} is not what would be written.")
def command(write: bool, check: bool) -> None:
    """Print the JSON Schema (draft 2020-12) of params files.

    An editor with a YAML language server completes and checks a params file that begins with

    \b
      # yaml-language-server: $schema=schema.json

    Exit codes: 0 printed, written or up to date, 1 with --check when the file is missing or stale.

    \b
    Examples:
      aurora-cfn schema --write
      aurora-cfn schema --check
      aurora-cfn schema | jq '."$defs".parameters'
    """
    if write and check:
        raise click.UsageError("--write and --check exclude each other")
    text = schema_text(project_templates())
    if check:
        _check(text)
    elif write:
        write_stderr(f"{PATH}: {'written' if write_text(PATH, text) else 'unchanged'}")
    else:
        write_stdout(text, nl=False)


def _check(text: str) -> None:
    committed = read_text(PATH) if PATH.exists() else ""
    if committed == text:
        write_stderr(f"{PATH} is what the templates say")
        return
    lines = unified_diff(committed.splitlines(True), text.splitlines(True), str(PATH), f"{PATH} as it would be written")
    write_stdout("".join(lines), nl=False)
    state = "stale" if committed else "missing"
    write_stderr(f"{PATH}: {state}; run: aurora-cfn schema --write")
    raise click.exceptions.Exit(EXIT_NEGATIVE)
