"""Messages on standard error outside of a run's console: text for people, or JSON lines of the log for programs."""

from __future__ import annotations

import contextlib
import json
import sys
import traceback
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NoReturn

import click

from aurora_cfn.errors import EXIT_NEGATIVE, AuroraCfnError, InputError
from aurora_cfn.report.text import shown, without_commands

if TYPE_CHECKING:
    from aurora_cfn.model.finding import Finding
    from aurora_cfn.report.events import Kind

MASK = "****"
SHORTEST_SECRET = 6
"""Values with fewer characters, such as 8 or true, are not masked: they occur in too many other words."""
COMPLAINT_FIELDS = ("what", "path", "line", "key", "hint")


class _Output:
    """The settings of the process. They are not in click's context, because other threads have none."""

    as_json = False
    hidden: tuple[str, ...] = ()


def reset() -> None:
    """Text for people and no secrets: the state in which each command begins."""
    _Output.as_json, _Output.hidden = False, ()


def set_json(*, on: bool) -> None:
    """Write every message from now on as a JSON line of the log, or as text."""
    _Output.as_json = on


def is_json() -> bool:
    """Whether messages are JSON lines."""
    return _Output.as_json


def hide(values: Iterable[str], words: Iterable[str] = ()) -> None:
    """Mask these values in all output from now on, since AWS repeats parameter values in its messages.

    A value that is part of one of the `words`, such as a stack's name, or is very short, is not masked.
    """
    plain = tuple(words)
    new = {value for value in values if len(value) >= SHORTEST_SECRET} - {*_Output.hidden}
    found = {value for value in new if not any(value in word for word in plain)}
    if not found:
        return
    quoted = {json.dumps(value, ensure_ascii=False)[1:-1] for value in found}
    # The longest first: a secret that contains another one must be masked as a whole.
    _Output.hidden = tuple(sorted({*_Output.hidden, *found, *quoted}, key=len, reverse=True))


def masked(text: str) -> str:
    """The text with MASK in place of every hidden value."""
    for value in _Output.hidden:
        text = text.replace(value, MASK)
    return text


def write_stdout(text: str, *, nl: bool = True, utf8: bool = False) -> None:
    """Write masked text to standard output: what the command is for; with `utf8` in UTF-8, else as the locale says."""
    shown = masked(text)
    click.echo(shown.encode() if utf8 else shown, nl=nl)


def write_paged(text: str) -> None:
    """Write masked text to standard output; on a terminal through $PAGER, or less."""
    if sys.stdout.isatty():
        click.echo_via_pager(masked(text))
    else:
        write_stdout(text, nl=False, utf8=True)


def write_stderr(text: str, *, nl: bool = True) -> None:
    """Write masked text to standard error.

    A closed pipe or terminal is ignored: the operation in AWS continues without a reader, and what the command opened
    for it (a stack policy, a change set) still has to be closed.
    """
    with contextlib.suppress(OSError):
        form: Literal["text", "json"] = "json" if _Output.as_json else "text"
        click.echo(without_commands(masked(text), form=form), err=True, nl=nl)


def info(text: str, kind: Kind = "note", **fields: object) -> None:
    """Write one message; as JSON it is a line of that kind with these further fields."""
    if _Output.as_json:
        _json_line(kind, {"text": click.unstyle(text), **fields})
    else:
        write_stderr(text)


def declined(what: str = "nothing was changed") -> int:
    """The exit code when the user declines, which is said with `what` it means."""
    info(f"declined: {what}")
    return EXIT_NEGATIVE


def show_findings(found: Sequence[Finding]) -> None:
    """Write the findings of the checks before a deployment, one line each."""
    if _Output.as_json:
        from aurora_cfn.report.events import finding_json

        for row in found:
            write_stderr(finding_json(row))
    elif found:
        from aurora_cfn.report.findings import findings_text

        write_stderr(findings_text(found), nl=False)


def report_failure(text: str, exit_code: int, **fields: object) -> None:
    """Write why the command ends with that exit code."""
    if _Output.as_json:
        _json_line("error", {"text": click.unstyle(text), "exit_code": exit_code, **fields})
    else:
        write_stderr(f"{click.style('error:', fg='red', bold=True)} {text}")


def end_command(text: str, exit_code: int = EXIT_NEGATIVE) -> NoReturn:
    """Write why the command ends, and end it."""
    report_failure(text, exit_code)
    raise click.exceptions.Exit(exit_code)


def report_error(failure: AuroraCfnError, *, debug: bool = False) -> None:
    """Write an expected error, with its traceback if `debug`; as JSON with the place of each complaint about a file."""
    fields: dict[str, object] = {}
    if debug and not _Output.as_json:
        write_stderr(traceback.format_exc(), nl=False)
    elif debug:
        fields["traceback"] = traceback.format_exc()
    if isinstance(failure, InputError):
        fields["complaints"] = [{name: getattr(row, name) for name in COMPLAINT_FIELDS} for row in failure.complaints]
    # A complaint is one line, even if its values have line ends; the messages of other errors keep theirs.
    lines = map(str, failure.complaints) if isinstance(failure, InputError) else str(failure).split("\n")
    report_failure("\n".join(map(shown, lines)), failure.exit_code, **fields)


def report_bug(exit_code: int) -> None:
    """Write the traceback of an unexpected exception, and ask for a bug report."""
    what = "this is a bug in aurora-cfn: please report it with the lines above"
    if _Output.as_json:
        report_failure(what.replace("lines above", "traceback"), exit_code, traceback=traceback.format_exc())
    else:
        write_stderr(traceback.format_exc(), nl=False)
        write_stderr(what)


def _json_line(kind: Kind, fields: dict[str, object]) -> None:
    from aurora_cfn.report.events import log_json

    write_stderr(log_json(kind, "", fields))
