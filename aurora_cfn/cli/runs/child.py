"""Start another program: its environment, the signals that are passed on to it, and its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from aurora_cfn.cli.runs.signals import handled
from aurora_cfn.cli.terminal.prompt import is_terminal
from aurora_cfn.errors import InputError

ELSEWHERE = frozenset({"PGSERVICE", "PGHOSTADDR"})
"""Settings of libpq that would override the host, and send the password to another server."""
STDERR = 2
"""File descriptor of standard error."""
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGINT")


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
