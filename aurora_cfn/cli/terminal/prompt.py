"""Questions to the person at the terminal, the code of an MFA device among them."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.errors import MFA_NEEDED, AwsError, GuardError

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Connection, Session


class _Question:
    """Whether one is open; a signal is heard where the main thread is, which knows nothing else."""

    is_open = False


def question_open() -> bool:
    """Whether somebody is being asked in this moment."""
    return _Question.is_open


@contextmanager
def answerable() -> Iterator[None]:
    """A block in which somebody is asked, so that a signal may end it by click's Abort."""
    _Question.is_open = True
    try:
        yield
    finally:
        _Question.is_open = False


def terminal() -> bool:
    """Whether there is a person to ask."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether the stream leads to a person; Python has None for one that was closed beforehand (`2>&-`)."""
    return stream is not None and stream.isatty()


def draws() -> bool:
    """Whether the terminal knows more than lines; `TERM=dumb` is that of editors and of some build servers."""
    return os.environ.get("TERM") != "dumb"


def need_terminal(instead: str) -> None:
    """Raises UsageError where nobody can be asked; `instead` says which option does without."""
    if not terminal():
        raise click.UsageError(f"there is no terminal to ask on: {instead}")


@contextmanager
def asking() -> Iterator[None]:
    """A block that asks with click; where it is left without an answer, the line of the question ends all the same.

    click raises Abort for Ctrl-C and for the end of the input, and ends the line of hidden input only; what is told
    next would stand behind the question and the `^C` of the terminal.
    """
    try:
        with answerable():
            yield
    except (click.Abort, KeyboardInterrupt):
        write_stderr("")
        raise


def confirmed(question: str) -> bool:
    """The person's yes or no. Raises click's Abort where neither is given."""
    with asking():
        return click.confirm(question, err=True)


def named(stack: str, confirmed: Collection[str]) -> bool:
    """Whether the person gave the stack's full name: beforehand among the `confirmed`, or when asked for it.

    Raises GuardError where nobody can be asked.
    """
    if stack in confirmed:
        return True
    if not terminal():
        raise GuardError(f"the environment is protected: --yes is not enough, add --confirm {stack}")
    with asking():
        return bool(click.prompt(f"Type {stack} to delete it", default="", show_default=False, err=True) == stack)


DIGITS = 6
"""Digits of a code (IAM User Guide, "Using an MFA-enabled role", read 2026-11)."""


def session(connection: Connection) -> Session:
    """A session that asks on the terminal where its profile wants a code."""
    from aurora_cfn.aws.session import Session

    return Session(connection, ask_for_code)


def ask_for_code(profile: str, device: str) -> str:
    """The code that the person gives. Raises AwsError without a terminal, click's Abort when none is given."""
    if not terminal():
        from aurora_cfn.aws.credentials import refuse_mfa

        return refuse_mfa(profile, device)
    question = f"MFA code for {device} (profile {profile})"
    return str(click.prompt(question, hide_input=True, err=True, value_proc=_code))


def no_code() -> AwsError:
    """What to raise for a question that was left without an answer."""
    return AwsError("no MFA code was given", operation="AssumeRole", code=MFA_NEEDED)


def _code(text: str) -> str:
    digits = "".join(text.split())
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        raise click.UsageError(f"a code has {DIGITS} digits")
    return digits
