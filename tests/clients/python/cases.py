"""Runs the cases of one client and prints one JSON line a case; a failure with a limit is not the emulator's."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CLUSTER = {"resourceArn": os.environ.get("CLUSTER_ARN", ""), "secretArn": os.environ.get("SECRET_ARN", "")}
DATABASE = os.environ.get("DATABASE", "")


@dataclass
class Cases:
    """The cases of one client, in order."""

    rows: list[tuple[str, str, Callable[[], object], str]] = field(default_factory=list)

    def case(self, topic: str, name: str, limit: str = "") -> Callable[[Callable[[], object]], Callable[[], object]]:
        """Take a function as a case; `limit` says whose limit it is when it fails."""

        def take(work: Callable[[], object]) -> Callable[[], object]:
            self.rows.append((topic, name, work, limit))
            return work

        return take

    def add(self, topic: str, name: str, work: Callable[[], object], limit: str = "") -> None:
        """Add a case that a table gives."""
        self.rows.append((topic, name, work, limit))

    def run(self) -> None:
        """Run them all."""
        for topic, name, work, limit in self.rows:
            started, line = time.monotonic(), {"topic": topic, "name": name, "limit": limit, "passed": True}
            try:
                work()
            except Exception as error:
                line |= {"passed": False, "error": f"{type(error).__name__}: {error}"[:400]}
            print(json.dumps(line | {"seconds": round(time.monotonic() - started, 3)}), flush=True)


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Expect an error with these words in its class, code or message."""
    try:
        yield
    except Exception as error:
        found = f"{type(error).__name__} {getattr(error, 'sqlstate', '')} {getattr(error, 'pgcode', '')} {error}"
        assert words in found, f"expected {words}, not {found}"
    else:
        raise AssertionError(f"was not refused; expected {words}")


def same(found: object, expected: object) -> None:
    """Both are equal."""
    assert found == expected, f"{found!r} is not {expected!r}"
