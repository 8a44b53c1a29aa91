"""An upgrade of a fleet: in which waves, and wave by wave until too many clients have failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aurora_cfn.errors import InputError

FORM = "a share such as 10%, or a number of clients such as 5"


@dataclass(frozen=True, slots=True)
class WaveSize:
    """How many clients a wave has: a number, or a share of all in percent."""

    number: int
    percent: bool = False

    def of(self, clients: int) -> int:
        """How many of that many clients; at least one."""
        # Rounded up: 10% of 31 clients are 4, so that no share needs more waves than it says.
        return max(1, -(-clients * self.number // 100)) if self.percent else self.number


def wave_size(text: str) -> WaveSize:
    """The size. Raises ValueError for anything but FORM."""
    found = re.fullmatch(r"([1-9][0-9]{0,5})(%?)", text)
    if found is None or (found[2] and int(found[1]) > 100):
        raise ValueError(FORM)
    return WaveSize(int(found[1]), bool(found[2]))


def waves(
    clients: Sequence[str], canary: Sequence[str], size: WaveSize, done: Container[str] = ()
) -> list[tuple[str, ...]]:
    """The clients in waves: the canary alone, then the others in their order; without one, the first client is it.

    A canary among `done` was upgraded by a run that was interrupted: the first wave is empty where all of it was.
    Raises InputError for a canary that is none of these and none of the clients.
    """
    unknown = [name for name in canary if name not in clients and name not in done]
    if unknown:
        raise InputError(f"--canary {', '.join(unknown)}: not among the clients to upgrade: {', '.join(clients)}")
    first = tuple(name for name in clients if name in canary) or tuple(() if canary else clients[:1])
    rest = [name for name in clients if name not in first]
    step = size.of(len(clients))
    found = [first] if clients else []
    return found + [tuple(rest[start : start + step]) for start in range(0, len(rest), step)]


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
