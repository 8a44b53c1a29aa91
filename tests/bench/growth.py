"""How time grew with a size: seconds, the exponent, and whether both are within the limits.

The exponent says by which power of the size the time grows from the second to the last size: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

from tests.clients.report import aligned

LIMIT = 1.25
"""More than linear by noise, and by what sorting costs; a quadratic step shows as 1.5 and more."""
MEMORY = 250
"""MiB at most, at the largest size."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds of CPU at each size, and the peak memory in MiB at the largest."""

    name: str
    sizes: Sequence[int]
    seconds: Sequence[float]
    memory: float

    @property
    def exponent(self) -> float:
        """The power between the last two sizes, where start-up counts least."""
        (low, high), (few, many) = self.seconds[-2:], self.sizes[-2:]
        return log(high / low) / log(many / few)

    @property
    def within(self) -> bool:
        """Whether time is about linear at the most, and memory under its limit."""
        return self.exponent <= LIMIT and self.memory <= MEMORY

    def __str__(self) -> str:
        figures = "  ".join(
            f"{size:>5}: {seconds:7.3f} s" for size, seconds in zip(self.sizes, self.seconds, strict=True)
        )
        word = "ok" if self.within else "OVER"
        return f"{self.name:<28}{figures}  exponent {self.exponent:4.2f}  {self.memory:4.0f} MiB  {word}"


def growth_part(rows: Sequence[Growth]) -> str:
    """The date and machine, and a table with the seconds of CPU at each size."""
    python, load = sys.version.split()[0], os.getloadavg()[0]
    machine = f"{date.today().isoformat()}, {os.cpu_count()} cores, Python {python}, load {load:.1f} at the end."
    head = ("work", "sizes", "seconds of CPU", "exponent", "memory")
    table = aligned([head, *(_cells(row) for row in rows)])
    return "\n".join([machine, "", table, ""])


def _cells(row: Growth) -> tuple[str, ...]:
    sizes, seconds = (f"{size:,}" for size in row.sizes), (f"{each:.2f}" for each in row.seconds)
    return row.name, " / ".join(sizes), " / ".join(seconds), f"{row.exponent:.2f}", f"{row.memory:.0f} MiB"
