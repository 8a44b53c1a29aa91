"""The interface between the poller and the operations that it polls, one turn at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aurora_cfn.model.event import StackEvent


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds until the next turn, calls made in this one, and the event that ended the operation, if it has ended."""

    wait: float
    calls: int = 1
    end: StackEvent | None = None
    throttled: bool = False


@dataclass(slots=True)
class Interference:
    """How often the run itself has changed what it watches, such as by cancelling an update."""

    count: int = 0


class Watched(Protocol):
    """An operation that is polled, by one thread at a time."""

    def look(self) -> Turn:
        """Take a turn. What it raises ends the watch, and is raised to the caller of `until_end`."""
        ...
