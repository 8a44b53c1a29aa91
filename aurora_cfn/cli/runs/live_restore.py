"""`dev --restore`, and what a killed session left: the functions run their deployed code again."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

from aurora_cfn.cli.runs.live_sessions import code_places, held_text, is_left, live_sessions, restore_of
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.live_session import LiveSession


def restore(target: Target, *, take_over: bool) -> None:
    """End the sessions of the environment. Raises InputError, AwsError, and BusyError for one of another person."""
    found = live_sessions(target)
    if not found:
        info(f"{target.environment.name} has no live session")
        return
    check_account(target)
    for session in found:
        if not (take_over or is_left(session) or session.who == getpass.getuser()):
            raise BusyError(f"{held_text(session)}; --take-over ends it")
    _end(target, found)


def end_what_is_left(target: Target, *, take_over: bool) -> None:
    """Put back what a killed command left. Raises BusyError while another session goes on."""
    found = live_sessions(target)
    others = [] if take_over else [row for row in found if not is_left(row)]
    if others:
        raise BusyError(f"{held_text(others[0])}; --take-over ends it")
    if found:
        info("ends the session of a command that was killed" if not take_over else "ends the session before this one")
        _end(target, found)


def _end(target: Target, found: Sequence[LiveSession]) -> None:
    work = restore_of(target, code_places(target, target.environment.stacks))
    left = [row for row in found if not work.session(row)]
    if left:
        raise AwsError("a function still runs the stub of a live session")
