"""An upgrade of a fleet, wave by wave, until too many clients have failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Wave: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClientOutcome:
    """How the upgrade of one client ended: in words, and why it failed, with the exit code of that."""

    client: str
    words: str
    seconds: float = 0.0
    exit_code: int = 0

    @property
    def failed(self) -> bool:
        """Whether the client is not at the new version, or its check failed."""
        return self.exit_code != 0


Work: TypeAlias = Callable[[Wave], Sequence[ClientOutcome]]
"""Upgrades the clients of one wave."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """What the waves that ran have done; `stopped` says why the others did not run, empty when all ran."""

    outcomes: tuple[ClientOutcome, ...]
    stopped: str = ""

    @property
    def failures(self) -> tuple[ClientOutcome, ...]:
        """The clients that failed."""
        return tuple(row for row in self.outcomes if row.failed)


def roll_out(
    planned: Sequence[Wave],
    work: Work,
    show: Callable[[int, ClientOutcome], None],
    *,
    tolerate: int,
    stopping: Callable[[], bool] = lambda: False,
) -> Rollout:
    """What became of the waves: `work` upgrades the clients of one, `show` gets its number and each outcome.

    No wave follows once more clients than tolerated have failed, or one of the canary in the first wave.
    """
    done: list[ClientOutcome] = []
    for number, wave in enumerate(planned, 1):
        if stopping():
            return Rollout(tuple(done), "interrupted")
        for row in work(wave) if wave else ():
            done.append(row)
            show(number, row)
        failed = sum(row.failed for row in done)
        if number == 1 and failed:
            return Rollout(tuple(done), "the canary failed")
        if failed > tolerate:
            return Rollout(tuple(done), f"{failed} failed (tolerate {tolerate})")
    return Rollout(tuple(done))
