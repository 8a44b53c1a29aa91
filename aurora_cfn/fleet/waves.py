"""In which waves the clients of a fleet are upgraded."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

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
