"""`make bench-peers`: installs the tools into the cache, runs them in turn with ours, writes docs/performance.md.

With `--print` the table is printed and the page is left as it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from tests.bench.deploying import PARAMS, delete, emulator, with_credentials
from tests.bench.measure import AURORA, ENVIRONMENT, with_bytecode
from tests.bench.peers.page import Row, measured_part, write_part
from tests.bench.peers.timed import Run, timed
from tests.bench.peers.tools import AGAIN, ALL, HELP, NEW, ONE, RENDER, SAME, Tool, cores_and_python, tools
from tests.clients.environments import cache

GROUPS: Sequence[tuple[Sequence[str], int, bool]] = (
    ((HELP,), 5, True), ((RENDER,), 5, True), ((ONE,), 3, True), ((AGAIN,), 3, True), ((ALL,), 2, True),
    # The second deploys what the first left, so each tool runs both in turn; without a round to warm up, as a
    # deployment by the AWS CLI takes 30 seconds.
    ((NEW, SAME), 3, False),
)  # fmt: skip
"""Works that run after each other, rounds, and whether a first round warms the caches and is dropped."""


def main() -> None:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        subprocess.run([*AURORA, "render"], cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)
        (folder / "params").mkdir()
        (folder / "params" / "bench.yaml").write_text(PARAMS)
        with emulator(folder) as address:
            with_bytecode(folder / "bytecode")
            with_credentials(address)
            found = tools(folder, cache())
            for tool in found:
                if tool.first:
                    timed(tool.first, tool.folder, tool.environment)
            rows = [row for group in GROUPS for row in _rows(found, address, *group)]
    load = os.getloadavg()[0]
    machine = f"{date.today().isoformat()}, {cores_and_python()}, load {load:.1f} at the end."
    part = measured_part(rows, {tool.name: tool.version for tool in found}, machine)
    print(part)
    if "--print" not in sys.argv[1:]:
        write_part("peers", part)


def _rows(found: Sequence[Tool], address: str, works: Sequence[str], rounds: int, warm: bool) -> Iterator[Row]:
    runs: dict[str, dict[str, list[Run]]] = {
        work: {tool.name: [] for tool in found if work in tool.works} for work in works
    }
    for number in range(rounds + warm):
        for tool in found:
            for work in works:
                if work in tool.works:
                    run = _run(tool, work, address)
                    if number >= warm:
                        runs[work][tool.name].append(run)
    yield from (Row(work, runs[work]) for work in works)


def _run(tool: Tool, work: str, address: str) -> Run:
    if work == NEW:
        delete(address)
    run = timed(tool.works[work], tool.folder, tool.environment)
    print(f"{work}, {tool.name}: {run.wall:.2f} s, {run.cpu:.2f} s of CPU, {run.memory:.0f} MiB", file=sys.stderr)
    return run


if __name__ == "__main__":
    main()
