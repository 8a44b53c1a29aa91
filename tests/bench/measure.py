"""Paired measuring: in every round each command runs once, right after its floor, so that drift cancels."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
AURORA = [sys.executable, "-m", "aurora_cfn"]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
"""The checkout comes first wherever a command runs, installed or not."""


def with_bytecode(folder: Path) -> None:
    """Have commands and floors keep their bytecode there, as an installed program has it, whatever the shell says."""
    ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)
    ENVIRONMENT["PYTHONPYCACHEPREFIX"] = str(folder)


@dataclass(frozen=True, slots=True)
class Case:
    """A command, the floor it is measured against, and the ratio that it should stay under; `rounds` for slow ones.

    `limit` is of the wall clock, and of the CPU too where `cpu_limit` is None. `code` is the exit code that both end
    with, `environment` what both have beside ENVIRONMENT.
    """

    name: str
    command: Sequence[str]
    floor: Sequence[str]
    limit: float
    folder: Path = Path()
    before: Callable[[], None] = lambda: None
    rounds: int | None = None
    code: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    cpu_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds: seconds of wall clock and of CPU, and the ratio of the pairs."""

    case: Case
    seconds: float
    floor_seconds: float
    wall_ratio: float
    cpu_ratio: float

    @property
    def within(self) -> bool:
        """Whether the ratios of both clocks are under their limits."""
        return self.wall_ratio <= self.case.limit and self.cpu_ratio <= self.cpu_limit

    @property
    def cpu_limit(self) -> float:
        """The limit of the CPU's ratio."""
        return self.case.limit if self.case.cpu_limit is None else self.case.cpu_limit


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of the emulator alone, in MiB; None where the system does not say it."""

    name: str
    mebibytes: float | None
    limit: int = 90

    @property
    def within(self) -> bool:
        """Whether it is under the limit."""
        return self.mebibytes is None or self.mebibytes <= self.limit

    def __str__(self) -> str:
        """The row of the report."""
        found = "unknown on this system" if self.mebibytes is None else f"{self.mebibytes:.0f} MiB resident"
        return f"{self.name}: {found} (limit {self.limit})"


def resident(pid: int) -> float | None:
    """Resident memory of a process in MiB; None where the system has no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    rows = status.read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024


def measured(cases: Iterable[Case], *, rounds: int) -> list[Result]:
    """One result a case; a first round warms caches and is dropped."""
    return [_measured(case, case.rounds or rounds) for case in cases]


def _measured(case: Case, rounds: int) -> Result:
    pairs = [(_run(case, case.floor), _run(case, case.command)) for _ in range(rounds + 1)][1:]
    return Result(
        case,
        seconds=statistics.median(mine[0] for _, mine in pairs),
        floor_seconds=statistics.median(floor[0] for floor, _ in pairs),
        wall_ratio=statistics.median(mine[0] / floor[0] for floor, mine in pairs),
        cpu_ratio=statistics.median(mine[1] / floor[1] for floor, mine in pairs),
    )


def _run(case: Case, command: Sequence[str]) -> tuple[float, float]:
    case.before()
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**ENVIRONMENT, **case.environment}
    done = subprocess.run(command, cwd=case.folder, capture_output=True, text=True, env=environment, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != case.code:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def table(results: Iterable[Result]) -> str:
    """The results as text columns."""
    rows: list[tuple[str, ...]] = [("case", "seconds", "floor", "x wall", "limit", "x cpu", "limit", "")]
    for row in results:
        seconds = (f"{figure:.3f}" for figure in (row.seconds, row.floor_seconds))
        found = (row.wall_ratio, row.case.limit, row.cpu_ratio, row.cpu_limit)
        ratios = (f"{figure:.2f}" for figure in found)
        rows.append((row.case.name, *seconds, *ratios, "ok" if row.within else "OVER"))
    widths = [max(len(row[column]) for row in rows) for column in range(8)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
