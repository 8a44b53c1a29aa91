"""What is told on standard error outside of a run's console: text for people, or lines of the log for programs."""

from __future__ import annotations

import contextlib
import json
import traceback
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from aurora_cfn.errors import AuroraCfnError, InputError
from aurora_cfn.report.text import escaped

if TYPE_CHECKING:
    from aurora_cfn.model.finding import Finding
    from aurora_cfn.report.events import Kind

MASK = "****"
SHORTEST = 6
"""Characters from which on a value is masked: a shorter one, such as 8 or true, is part of every other line."""
FIELDS = ("what", "path", "line", "key", "hint")
"""What a program hears of a complaint about a file."""


class _Voice:
    """The one voice of the process; threads without a click context have to know it too."""

    as_json = False
    hidden: tuple[str, ...] = ()


_VOICE = _Voice()


def begin() -> None:
    """Speak to people, with nothing to hide: so each command begins."""
    _VOICE.as_json, _VOICE.hidden = False, ()


def speak_json(*, on: bool) -> None:
    """Whether everything that is told from now on is a line of the log."""
    _VOICE.as_json = on


def hide(values: Iterable[str], words: Iterable[str] = ()) -> None:
    """Show a mask in place of these values from now on, wherever AWS repeats them.

    What is part of one of the `words` is no secret, and neither is what is too short to be one.
    """
    plain = tuple(words)
    found = {value for value in values if len(value) >= SHORTEST and not any(value in word for word in plain)}
    quoted = {json.dumps(value, ensure_ascii=False)[1:-1] for value in found}
    _VOICE.hidden = tuple(sorted({*_VOICE.hidden, *found, *quoted}, key=len, reverse=True))


def masked(text: str) -> str:
    """The text without what is hidden."""
    for value in _VOICE.hidden:
        text = text.replace(value, MASK)
    return text


def speaks_json() -> bool:
    """Whether programs listen."""
    return _VOICE.as_json


def utter(text: str, *, nl: bool = True) -> None:
    """Write to standard error without what is hidden.

    Where nobody listens any more (a pipe or terminal that is gone), the work goes on: an operation in AWS does not end
    with its reader, and what was opened for it has to be closed again.
    """
    with contextlib.suppress(OSError):
        click.echo(masked(text), err=True, nl=nl)


def say(text: str, kind: Kind = "note", **told: object) -> None:
    """Tell a sentence; a program hears it as a line of that kind, with what is `told` besides."""
    if _VOICE.as_json:
        _line(kind, {"text": click.unstyle(text), **told})
    else:
        utter(text)


def say_findings(found: Sequence[Finding]) -> None:
    """Tell what was found before anything is sent, a line each."""
    if _VOICE.as_json:
        from aurora_cfn.report.events import finding_json

        for row in found:
            utter(finding_json(row))
    elif found:
        from aurora_cfn.report.findings import findings_text

        utter(findings_text(found), nl=False)


def complain(text: str, exit_code: int, **told: object) -> None:
    """Tell why the command ends with that code."""
    if _VOICE.as_json:
        _line("error", {"text": click.unstyle(text), "exit_code": exit_code, **told})
    else:
        utter(f"{click.style('error:', fg='red', bold=True)} {text}")


def complain_of(error: AuroraCfnError, *, debug: bool = False) -> None:
    """Tell of an expected error; a program hears each complaint about a file with its place."""
    told: dict[str, object] = {}
    if debug and not _VOICE.as_json:
        utter(traceback.format_exc(), nl=False)
    elif debug:
        told["traceback"] = traceback.format_exc()
    if isinstance(error, InputError):
        told["complaints"] = [{name: getattr(row, name) for name in FIELDS} for row in error.complaints]
    complain(escaped(str(error)), error.exit_code, **told)


def complain_of_bug(exit_code: int) -> None:
    """Tell of an error that nobody expected, with its traceback."""
    what = "this is a bug in aurora-cfn: please report it with the lines above"
    if _VOICE.as_json:
        complain(what.replace("lines above", "traceback"), exit_code, traceback=traceback.format_exc())
    else:
        utter(traceback.format_exc(), nl=False)
        utter(what)


def _line(kind: Kind, told: dict[str, object]) -> None:
    from aurora_cfn.report.events import log_json

    utter(log_json(kind, "", told))
