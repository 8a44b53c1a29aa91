"""The round trip of an event through the relay of `dev` on AWS: emulator, queue, worker on this machine, and back."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.examples.test_dev_on_aws import Shop
from tests.examples.workplace import Workplace

ROUNDS, PARALLEL = 40, 6
LIMIT_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class RelayTimes:
    """Seconds of single calls, and of six at once once their environments are warm."""

    calls: list[float]
    parallel: float

    @property
    def within(self) -> bool:
        """Whether the median is under the limit."""
        return median(self.calls) < LIMIT_SECONDS

    def __str__(self) -> str:
        return (
            f"dev on AWS: a round trip {median(self.calls):.3f} s, median of {len(self.calls)} "
            f"(limit {LIMIT_SECONDS:g}; {min(self.calls):.3f} to {max(self.calls):.3f}); "
            f"{PARALLEL} at once {self.parallel:.2f} s"
        )


def measured_relay() -> RelayTimes:
    """Deploy a function to an emulator of its own, and call it while `dev` answers for it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "project"
        for part in ("templates", "params"):
            (folder / part).mkdir(parents=True)
        place = Workplace(folder, Path(name) / "home")
        try:
            shop = Shop(place)
            with shop.dev():
                return _measured(shop)
        finally:
            place.run("local", "reset", "--yes")


def _measured(shop: Shop) -> RelayTimes:
    def call(number: int) -> float:
        began = time.perf_counter()
        found, _ = shop.call(name=str(number))
        if found.get("answer") != f"hello {number}":
            raise SystemExit(f"the answer is not of the session: {found}")
        return time.perf_counter() - began

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(call, range(PARALLEL)))
        calls = [call(number) for number in range(ROUNDS)]
        began = time.perf_counter()
        list(pool.map(call, range(PARALLEL)))
    return RelayTimes(calls, time.perf_counter() - began)
