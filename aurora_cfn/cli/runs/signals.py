"""Signals of this process that a block handles in its own manner."""

from __future__ import annotations

import signal
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
