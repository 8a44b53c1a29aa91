"""Signals of this process that a block handles in its own manner."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


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
        for name in ("SIGTERM", "SIGHUP")
        if threading.current_thread() is threading.main_thread()
        and hasattr(signal, name)
        and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL
    ]
    with handled(names, leave):
        yield
