"""Many stacks of one environment at once, a fifth of the calls throttled: all end, and calls a stack stay the same."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from math import log
from pathlib import Path

from tests.bench.measure import AURORA, ENVIRONMENT
from tests.bench.throttling import Throttling, throttling

SIZES = (25, 100, 200)
SHARE = 0.2
LATENCY = 0.05
"""Seconds that each call waits: a round trip to a region on another continent."""
LIMIT = 1.25
"""Power of the number of stacks by which the time may grow from the second to the last size."""
GROWTH = 1.25
"""Calls a stack of the largest run may be so many times those of the smallest."""
HEAD = "endpoint: local\nregion: eu-west-1\nstacks:\n"
STACK = "  load-{number:03d}: {{template: monitoring, parameters: {{TargetName: some-cluster}}}}\n"


@dataclass(frozen=True, slots=True)
class Load:
    """One run."""

    stacks: int
    created: int
    code: int
    seconds: float
    calls: int
    throttled: int

    @property
    def a_stack(self) -> float:
        """Calls a stack that were answered: without those turned away, which are sent again."""
        return (self.calls - self.throttled) / self.stacks

    def __str__(self) -> str:
        return (
            f"load: {self.created} of {self.stacks} stacks created, exit code {self.code}, {self.seconds:.1f} s, "
            f"{self.a_stack:.1f} calls a stack and {self.throttled} of {self.calls} throttled"
        )


def measured_load(folder: Path, address: str) -> list[Load]:
    """A run for each size, each with an environment of its own."""
    return [_deployed(folder, address, size) for size in SIZES]


def within(runs: list[Load]) -> bool:
    """Whether every stack was created, and none of them costs more calls or time for the others' sake."""
    whole = all(row.code == 0 and row.created == row.stacks for row in runs)
    return whole and runs[-1].a_stack <= runs[0].a_stack * GROWTH and exponent(runs) <= LIMIT


def exponent(runs: list[Load]) -> float:
    """The power of the number of stacks by which the time grows between the last two sizes."""
    few, many = runs[-2:]
    return log(many.seconds / few.seconds) / log(many.stacks / few.stacks)


def _deployed(folder: Path, address: str, size: int) -> Load:
    (folder / "params").mkdir(exist_ok=True)
    rows = "".join(STACK.format(number=number) for number in range(size))
    (folder / "params" / f"load{size}.yaml").write_text(HEAD + rows)
    with throttling(address, SHARE, LATENCY) as between:
        began = time.monotonic()
        command = [*AURORA, "deploy", "--env", f"load{size}", "--yes", "--parallel", "16", "--no-proof"]
        where = ["--endpoint-url", between.url, "--log-format", "json"]
        done = subprocess.run(
            [*command, *where], cwd=folder, capture_output=True, text=True, env=ENVIRONMENT, timeout=600
        )
        return _load(size, done, time.monotonic() - began, between)


def _load(size: int, done: subprocess.CompletedProcess[str], seconds: float, between: Throttling) -> Load:
    lines = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    created = sum(line["kind"] == "result" and line["outcome"] == "created" for line in lines)
    return Load(size, created, done.returncode, seconds, between.calls.total(), between.throttled)
