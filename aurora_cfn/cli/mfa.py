"""The code of an MFA device, asked where there is a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.terminal import terminal
from aurora_cfn.errors import AwsError

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Connection, Session

DIGITS = 6
"""Digits of a code (IAM User Guide, "Using an MFA-enabled role", read 2026-11)."""


def session(connection: Connection) -> Session:
    """A session that asks on the terminal where its profile wants a code."""
    from aurora_cfn.aws.session import Session

    return Session(connection, ask_for_code)


def ask_for_code(profile: str, device: str) -> str:
    """The code that the person gives. Raises AwsError without a terminal, click's Abort when none is given."""
    if not terminal():
        from aurora_cfn.aws.profile import refuse

        return refuse(profile, device)
    question = f"MFA code for {device} (profile {profile})"
    return str(click.prompt(question, hide_input=True, err=True, value_proc=_code))


def no_code() -> AwsError:
    """What to raise for a question that was left without an answer."""
    from aurora_cfn.aws.errors import MFA_NEEDED

    return AwsError("no MFA code was given", operation="AssumeRole", code=MFA_NEEDED)


def _code(text: str) -> str:
    digits = "".join(text.split())
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        raise click.UsageError(f"a code has {DIGITS} digits")
    return digits
