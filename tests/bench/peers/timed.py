"""One run of a command: seconds of wall clock and of CPU with its children, and the peak memory of its largest process.

A small process starts the command, as Linux counts the memory of the process that forks into the peak of its child.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STARTER = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
wall, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
said = done.stdout + done.stderr
print(json.dumps([done.returncode, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said]))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds and MiB of one run."""

    wall: float
    cpu: float
    memory: float


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run the command; SystemExit with what it printed when it fails."""
    starter = [sys.executable, "-S", "-E", "-c", STARTER, *command]
    done = subprocess.run(starter, cwd=folder, env=dict(environment), capture_output=True, text=True, check=True)
    code, wall, cpu, memory, said = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}:\n{said[-3000:]}")
    return Run(wall, cpu, memory)
