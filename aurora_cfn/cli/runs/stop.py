"""The request to stop a run: what runs in AWS goes on, and the run only stops watching it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.cli.terminal.prompt import question_open

SIGNALS = ("SIGTERM", "SIGHUP")
"""Signals that stop a run as Ctrl-C does without a terminal: the end of a job, and of a terminal (not on Windows)."""


class Stop:
    """Whether the run is to stop; `requested` is read by every thread, and set in the main thread."""

    def __init__(self, clock: SystemClock, wake: Callable[[], None]) -> None:
        """From now on SIGTERM requests it; so does SIGHUP, unless it was ignored beforehand (`nohup`).

        `wake` ends the wait of the main thread for calls of the others.
        """
        self.requested = False
        self._watching = False
        self._clock, self._wake = clock, wake
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._signalled)

    def __call__(self) -> bool:
        """Whether the run is to stop."""
        return self.requested

    def request(self) -> None:
        """Stop watching; the main thread and threads that sleep wake up to see it."""
        self.requested = True
        self._clock.wake()
        self._wake()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """A block in which the main thread sees the request, and threads end their work in order."""
        self._watching = True
        try:
            yield
        finally:
            self._watching = False

    def _signalled(self, *_: object) -> None:
        self.request()
        # An open question would wait for an answer that never comes: it ends as declined.
        if question_open():
            raise click.Abort
        # A call that is not answered would last for minutes: it ends as with Ctrl-C.
        if not self._watching:
            raise KeyboardInterrupt
