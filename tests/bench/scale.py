"""How time grows with the number of stacks and of resources: `python -m tests.bench scale` prints a table."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from tests.bench.commands import command_rows
from tests.bench.growth import Growth
from tests.bench.measure import ENVIRONMENT, Case, Result
from tests.bench.projects import project

RESOURCES = (10, 100, 500)
STACKS = (10, 100, 1000)


def measured_growth(folder: Path) -> list[Growth]:
    """The table, its projects below the folder."""
    return list(_rows(folder))


def _rows(folder: Path) -> Iterator[Growth]:
    for work in ("params", "review"):
        yield _growth(f"{work}, stacks", work, STACKS, folder / "stacks", _of_stacks)
        yield _growth(f"{work}, resources", work, RESOURCES, folder / "resources", _of_resources)
    yield _growth("lint, resources", "lint", RESOURCES, folder / "resources", _of_resources)
    yield _growth("lint, references", "lint", RESOURCES, folder / "references", _of_references)
    yield _growth("review, stacks that import", "review", STACKS, folder / "exports", _of_exports)
    yield _growth("review, environments", "review", STACKS, folder / "environments", _of_environments)
    yield from command_rows(folder)


def _of_stacks(folder: Path, size: int) -> Path:
    return project(folder, environments=1, stacks=size, resources=10)


def _of_resources(folder: Path, size: int) -> Path:
    return project(folder, environments=20, stacks=1, resources=size)


def _of_references(folder: Path, size: int) -> Path:
    return project(folder, environments=1, stacks=1, resources=size, chained=True)


def _of_environments(folder: Path, size: int) -> Path:
    return project(folder, environments=size, stacks=1, resources=10)


def _of_exports(folder: Path, size: int) -> Path:
    return project(folder, environments=1, stacks=size, resources=10, exported=True)


def _growth(name: str, work: str, sizes: Sequence[int], folder: Path, build: Callable[[Path, int], Path]) -> Growth:
    rows = []
    for size in sizes:
        place = folder / str(size)
        rows.append(inside(work, place if place.exists() else build(place, size)))
    return Growth(name, sizes, [cpu for cpu, _, _ in rows], rows[-1][2])


def environments_case(folder: Path, rounds: int) -> Result:
    """The review of 20 environments over a template of 500 resources, against parsing both sides."""
    place = project(folder / "environments-of-500", environments=20, stacks=1, resources=500)
    pairs = [(_once("parse", place), _once("review", place)) for _ in range(rounds)]
    return Result(
        Case("review, 20 x 500", ["review"], ["parse"], 3.0, place),
        seconds=median(mine[1] for _, mine in pairs),
        floor_seconds=median(floor[1] for floor, _ in pairs),
        wall_ratio=median(mine[1] / floor[1] for floor, mine in pairs),
        cpu_ratio=median(mine[0] / floor[0] for floor, mine in pairs),
    )


def inside(work: str, folder: Path, rounds: int = 3) -> tuple[float, float, float]:
    """CPU seconds, seconds of wall clock and MiB of one piece of work: the least of the rounds, as only noise adds."""
    found = [_once(work, folder) for _ in range(rounds)]
    return min(row[0] for row in found), min(row[1] for row in found), max(row[2] for row in found)


def _once(work: str, folder: Path) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "tests.bench.inside", work]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    cpu, wall, memory = map(float, done.stdout.split())
    return cpu, wall, memory
