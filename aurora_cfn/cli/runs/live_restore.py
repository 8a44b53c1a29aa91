"""What ends a session: `dev --restore`, the next session, and a deployment whose user agrees to it."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

from aurora_cfn.cli.runs.function_code import sessions_of
from aurora_cfn.cli.runs.live_sessions import (
    code_places,
    is_abandoned,
    live_sessions,
    restore_command,
    restore_of,
    session_text,
)
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.cli.terminal.prompt import confirmed, terminal
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.live_session import LiveSession


def restore(target: Target, *, take_over: bool) -> None:
    """End the sessions of the environment. Raises InputError, AwsError, and BusyError for one of another person."""
    found = live_sessions(target)
    if not found:
        info(f"{target.environment.name} has no live session")
        return
    check_account(target)
    for session in found:
        if not (take_over or is_abandoned(session) or session.who == getpass.getuser()):
            raise BusyError(f"{session_text(session)}; --take-over ends it")
    _end(target, found)


def end_abandoned(target: Target, *, take_over: bool) -> None:
    """Put back the code that a killed command has replaced. Raises BusyError while another session goes on."""
    found = live_sessions(target)
    others = [] if take_over else [row for row in found if not is_abandoned(row)]
    if others:
        raise BusyError(f"{session_text(others[0])}; --take-over ends it")
    if found:
        info("ends the session of a command that was killed" if not take_over else "ends the session before this one")
        _end(target, found)


def end_before_deployment(target: Target, chosen: Sequence[EnvironmentStack], *, yes: bool) -> None:
    """End the sessions that have functions of these stacks, if the user agrees to it when asked.

    Raises BusyError where the answer is no, and without asking with `yes` and without a terminal: `--yes` agrees to a
    deployment, not to the end of a session, which may be another person's.
    """
    found = sessions_of(target, chosen)
    if not found:
        return
    holders = "; ".join(map(session_text, found))
    if yes or not terminal() or not confirmed(f"{holders}. End that and put the deployed code back first?"):
        raise BusyError(f"{holders}: end that session first, with `{restore_command(target)}`")
    _end(target, found)


def _end(target: Target, found: Sequence[LiveSession]) -> None:
    work = restore_of(target, code_places(target, target.environment.stacks))
    left = [row for row in found if not work.session(row)]
    if left:
        raise AwsError("a function still runs the stub of a live session")
