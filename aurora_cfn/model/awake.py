"""Why a database is awake: what keeps it from pausing, what resumed it, and what pausing would have saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

PauseState: TypeAlias = Literal["never", "awake", "paused", "unknown"]
"""`never` is a database that cannot pause."""
Effect: TypeAlias = Literal["blocks", "delays", "resumed", "note", "not read"]
"""`blocks`: it cannot pause as long as this is so. `delays`: it pauses some time after this has ended."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason or fact; `remedy` is what to do about it, empty if there is nothing to do."""

    effect: Effect
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class SavedPauses:
    """Pauses that would have been possible, and the ACU-hours that they would have saved.

    `connections` were open all the time; above 0 the numbers are an upper bound, since they may have done work.
    `dollars` is None if the price is not known; `priced` is the day of the price.
    """

    pauses: int
    acu_hours: float
    connections: int
    dollars: float | None = None
    priced: str = ""


@dataclass(frozen=True, slots=True)
class AwakeReport:
    """The answer for one database.

    `since` is when it was resumed or paused, None if that is longer ago than `from_`, where the report begins.
    `pause_after` are the seconds without a connection after which it pauses, 0 if it cannot.
    """

    stack: str
    database: str
    state: PauseState
    at: datetime
    from_: datetime
    since: datetime | None = None
    pause_after: int = 0
    reasons: tuple[Reason, ...] = ()
    saved: SavedPauses | None = None

    @property
    def blocked(self) -> bool:
        """Whether something keeps it from pausing at all."""
        return any(reason.effect == "blocks" for reason in self.reasons)
