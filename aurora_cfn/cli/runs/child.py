"""Signals that a block handles, and another program that is started: its environment and its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.errors import InputError


@contextmanager
def handled(names: Sequence[str], handler: Callable[[int, object], None]) -> Iterator[None]:
    """A block in which the handler gets these signals, such as SIGTERM; one that the system lacks is left out."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """A block that SIGTERM and SIGHUP leave by SystemExit, so that what it opened is closed.

    Signals that are handled or ignored already (`nohup`) stay as they are. In other threads nothing changes.
    """
    left: list[int] = []

    def leave(number: int, _frame: object) -> None:
        # A second one would interrupt the closing.
        if not left:
            left.append(number)
            raise SystemExit(128 + number)

    names = [
        name
        for name in SIGNALS
        if threading.current_thread() is threading.main_thread()
        and hasattr(signal, name)
        and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
    ]
    with handled(names, leave):
        yield


ELSEWHERE = frozenset({"PGSERVICE", "PGHOSTADDR"})
"""Settings of libpq that would override the host, and send the password to another server."""
SIGNALS = ("SIGTERM", "SIGHUP")
"""Signals that stop a run as Ctrl-C does without a terminal: the end of a job, and of a terminal (not on Windows)."""
STDERR = 2
"""File descriptor of standard error."""
_PASSED_ON = (*SIGNALS, "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGINT")


def run_child(
    words: Sequence[str], settings: Mapping[str, str], without: Collection[str] = (), *, to_stderr: bool = False
) -> int:
    """Run the program on this terminal until it ends; its exit code (128 + n if a signal n ended it).

    Raises InputError if it cannot be started, such as a script without its first line `#!`.

    Its environment is this process's with the settings, but for ELSEWHERE and the names in `without`. Signals to this
    process are passed on; Ctrl-C of a terminal reaches the program by itself. `to_stderr`: its stdout is our stderr.
    """
    kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE and name not in without}
    started: list[subprocess.Popen[bytes]] = []
    with _passing_on(started):
        try:
            child = subprocess.Popen(list(words), env={**kept, **settings}, stdout=STDERR if to_stderr else None)
        except OSError as error:
            raise InputError(f"{words[0]}: cannot be started: {error.strerror}") from None
        started.append(child)
        code = started[0].wait()
    return code if code >= 0 else 128 - code


@contextmanager
def _passing_on(started: Sequence[subprocess.Popen[bytes]]) -> Iterator[None]:
    attended = is_terminal(sys.stdin)

    def pass_on(number: int, _frame: object) -> None:
        # A terminal sends SIGINT to the program too: twice would end what the first has only interrupted.
        if started and not (number == signal.SIGINT and attended):
            with suppress(OSError):
                started[0].send_signal(number)

    # Handlers, not SIG_IGN: that would be inherited, and psql could not cancel a statement any more.
    with handled(_PASSED_ON, pass_on):
        yield
