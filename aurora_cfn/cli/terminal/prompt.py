"""Questions to the user on the terminal, and the prompt for MFA codes."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from aurora_cfn.cli.terminal.messages import info, write_stderr
from aurora_cfn.errors import MFA_NEEDED, AwsError, GuardError

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Connection, Session


class _Question:
    """Whether a question is open. It is a global because the signal handler that reads it gets no arguments."""

    is_open = False


def question_open() -> bool:
    """Whether a question is open now."""
    return _Question.is_open


@contextmanager
def answerable() -> Iterator[None]:
    """A block with an open question, which a signal ends by click's Abort."""
    _Question.is_open = True
    try:
        yield
    finally:
        _Question.is_open = False


def terminal() -> bool:
    """Whether the user can be asked."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether the stream is a terminal; it is None if it was closed before the start (`2>&-`)."""
    return stream is not None and stream.isatty()


def columns_of_stdout() -> int | None:
    """The columns of the terminal on standard output; None where it is no terminal."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def can_redraw() -> bool:
    """Whether the terminal interprets escape sequences; editors and some build servers set `TERM=dumb`."""
    return os.environ.get("TERM") != "dumb"


CLEAR = "\x1b[H\x1b[2J"
"""CUP and ED of ECMA-48: to the start of the screen, and erase it."""


def need_terminal(instead: str, *, unless: object) -> None:
    """Raise UsageError without a terminal, `unless` nothing is asked; `instead` names the option for that."""
    if not (unless or terminal()):
        raise click.UsageError(f"there is no terminal to ask on: {instead}")


@contextmanager
def asking() -> Iterator[None]:
    """A block that asks with click, and ends the line of the question if it gets no answer.

    What was typed before the question is dropped: it cannot be an answer to what was not shown yet. On Ctrl-C and at
    the end of the input click raises Abort, and leaves the cursor behind the question.
    """
    drop_typed_ahead()
    try:
        with answerable():
            yield
    except (click.Abort, KeyboardInterrupt):
        write_stderr("")
        raise


def drop_typed_ahead() -> None:
    """Drop what waits in the terminal of standard input; nothing on Windows, and where the input is no terminal."""
    if is_terminal(sys.stdin) and os.name == "posix":
        import termios

        # A terminal that was closed, or standard input that was replaced, has nothing to drop.
        with contextlib.suppress(OSError, ValueError, termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def confirmed(question: str) -> bool:
    """Whether the user answers yes. Raises click's Abort without an answer."""
    with asking():
        return click.confirm(question, err=True)


def chosen(question: str, letters: str) -> str:
    """The letter that the user types, or nothing for Enter; for Ctrl-C and without an answer `d`: leave it running."""
    kind = click.Choice([*letters, ""])
    try:
        with asking():
            return str(click.prompt(question, default="", type=kind, show_default=False, show_choices=False, err=True))
    except (click.Abort, KeyboardInterrupt):
        return "d"


PROTECTED = "the environment is protected: --yes is not enough, "


def named(stack: str, confirmed: Collection[str], why: str = PROTECTED, to: str = "delete it") -> bool:
    """Whether the user gave the full name of the stack, by `--confirm` (`confirmed`) or when asked, `to` do something.

    Raises GuardError without a terminal.
    """
    if stack in confirmed:
        return True
    if not terminal():
        raise GuardError(f"{why}add --confirm {stack}")
    with asking():
        return bool(click.prompt(f"Type {stack} to {to}", default="", show_default=False, err=True) == stack)


def refuse_unmeant(confirmed: Collection[str], names: Collection[str]) -> None:
    """Raise GuardError for a name of `--confirm` that is none of `names`: what would be deleted was misunderstood."""
    if wrong := [name for name in confirmed if name not in names]:
        what = f"--confirm {', '.join(wrong)}: no stack of that name is meant, but {', '.join(names)}"
        raise GuardError(f"nothing was deleted: {what}")


DIGITS = 6
"""Digits of an MFA code: the pattern of TokenCode in the API reference of STS, AssumeRole."""


def session(connection: Connection) -> Session:
    """A session that asks on the terminal for the MFA code of its profile, and says what it waits for."""
    from aurora_cfn.aws.session import Session
    from aurora_cfn.aws.timeouts import Timeouts

    return Session(connection, ask_for_code, Timeouts(info))


def ask_for_code(profile: str, device: str) -> str:
    """The code that the user types. Raises AwsError without a terminal, click's Abort without an answer."""
    if not terminal():
        from aurora_cfn.aws.credentials import refuse_mfa

        return refuse_mfa(profile, device)
    question = f"MFA code for {device} (profile {profile})"
    return str(click.prompt(question, hide_input=True, err=True, value_proc=_code))


def no_code() -> AwsError:
    """The error for a prompt that was left without a code."""
    return AwsError("no MFA code was given", operation="AssumeRole", code=MFA_NEEDED)


def _code(text: str) -> str:
    digits = "".join(text.split())
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        raise click.UsageError(f"a code has {DIGITS} digits")
    return digits
