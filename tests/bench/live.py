"""From the save of a handler to the first answer of the new code, through the API of an example, and in parallel."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.measure import AURORA, ENVIRONMENT, ROOT

ROUNDS = 20
PARALLEL = 6
LIMIT_SECONDS = 0.6
QUIET_SECONDS = 2.0
"""Between two saves, as of a person who reads the answer: the next worker is ready by then."""
ENV = ("--env", "planets-api")
FLOOR = "import boto3, pg8000.native; boto3.client('rds', region_name='eu-west-1')"
"""What a new process of the example needs before it can do anything."""


@dataclass(frozen=True, slots=True)
class Live:
    """Seconds from each save to the new answer, of the floor, of warm calls, and of six calls at once after a save."""

    saved: list[float]
    floors: list[float]
    warm: float
    parallel: float

    @property
    def within(self) -> bool:
        """Whether the median is under the limit, or on a busy machine under the floor of the same run."""
        return median(self.saved) < max(LIMIT_SECONDS, median(self.floors))

    def __str__(self) -> str:
        return (
            f"dev: new answer {median(self.saved):.2f} s after a save, median of {len(self.saved)} (limit "
            f"{LIMIT_SECONDS:g}; {min(self.saved):.2f} to {max(self.saved):.2f}; a new process with its libraries "
            f"{median(self.floors):.2f}); a warm call {self.warm:.3f} s; {PARALLEL} at once after a save "
            f"{self.parallel:.2f} s"
        )


def measured_live(folder: Path) -> Live:
    """Deploy the example to the emulator of the benchmark, and change its handler again and again."""
    (folder / "params").mkdir(exist_ok=True)
    shutil.copy(ROOT / "params" / "examples" / "planets-api.yaml", folder / "params")
    _run(folder, "deploy", *ENV, "--yes")
    url = json.loads(_run(folder, "outputs", *ENV, "--format", "json"))["api"]["ApiUrl"]
    handlers = folder / "handlers"
    command = [*AURORA, "dev", *ENV, "--copy-handlers", str(handlers)]
    with (folder / "dev.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=log, stderr=log)
        try:
            while not (handlers / "planets.py").exists():
                time.sleep(0.05)
            time.sleep(QUIET_SECONDS)
            return _measured(url, handlers / "planets.py")
        finally:
            process.terminate()
            process.wait()


def _measured(url: str, path: Path) -> Live:
    text = path.read_text()
    _answer(url)
    pairs = [(_floor(), _seconds(url, path, text, number)) for number in range(ROUNDS + 1)][1:]
    began = time.perf_counter()
    for _ in range(ROUNDS):
        _answer(url)
    warm = (time.perf_counter() - began) / ROUNDS
    time.sleep(QUIET_SECONDS)
    path.write_text(text)
    began = time.perf_counter()
    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(lambda _: _answer(url), range(PARALLEL)))
    return Live([mine for _, mine in pairs], [floor for floor, _ in pairs], warm, time.perf_counter() - began)


def _floor() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FLOOR], check=True, env=ENVIRONMENT)
    return time.perf_counter() - began


def _seconds(url: str, path: Path, text: str, number: int) -> float:
    time.sleep(QUIET_SECONDS)
    wanted = f"no planet {number}"
    began = time.perf_counter()
    path.write_text(text.replace("there is no such planet", wanted))
    answer = _answer(url)
    seconds = time.perf_counter() - began
    if wanted not in answer:
        raise SystemExit(f"the answer after a save is of the old code: {answer}")
    return seconds


def _answer(url: str) -> str:
    try:
        with urllib.request.urlopen(f"{url}/planets/Vulcan", timeout=60) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*AURORA, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout
