"""What the clients said, as a table for the terminal and as the page docs/clients.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.clients.catalogue import Client

OURS = "ours"
PAGE = """\
# Clients that were run against the emulator

`make clients` installs these clients, pinned by a lock, into the cache folder and runs them against an emulator of its
own. It needs the network, node and npm, and takes some minutes, so it is no part of `make check`. It writes this page.
A failure is named with whose limit it is: Aurora's own (the service refuses it too), or the client's.
The server behind the clients of MySQL was {mysql}.

{table}

## Failures

{failures}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: `limit` says whose limit it is where it fails; empty means ours."""

    topic: str
    name: str
    passed: bool
    limit: str = ""
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """The cases of one client; `broken` is what it said when it could not run at all."""

    client: Client
    version: str
    cases: tuple[Case, ...]
    broken: str = ""

    @property
    def failures(self) -> tuple[Case, ...]:
        """The cases that failed."""
        return tuple(case for case in self.cases if not case.passed)

    @property
    def ours(self) -> tuple[Case, ...]:
        """The failures that no limit of another product explains."""
        return tuple(case for case in self.failures if not case.limit)

    @property
    def stale(self) -> tuple[Case, ...]:
        """The cases that pass although a limit is written beside them."""
        return tuple(case for case in self.cases if case.passed and case.limit)


def table(runs: Iterable[Run]) -> str:
    """A Markdown table: client, version, cases, passed, failures by whose limit they are."""
    rows = [_row(run) for run in runs]
    return aligned([("client", "version", "cases", "passed", "whose limit the others are"), *rows])


def _row(run: Run) -> tuple[str, ...]:
    passed = len(run.cases) - len(run.failures)
    package = f"{run.client.package} {run.version}"
    return run.client.name, package, str(len(run.cases)), str(passed), run.broken or _limits(run)


def page(runs: Sequence[Run], mysql: str = "") -> str:
    """The text of docs/clients.md; `mysql` is the name and version of the server that those clients had."""
    failures = [
        f"- {run.client.name}, {case.topic}: {case.name}. {case.limit or OURS}" for run in runs for case in run.failures
    ]
    return PAGE.format(table=table(runs), failures="\n".join(failures) or "None.", mysql=mysql or "missing")


def _limits(run: Run) -> str:
    owners = [case.limit.partition(":")[0] or OURS for case in run.failures]
    return ", ".join(f"{owner} {owners.count(owner)}" for owner in dict.fromkeys(owners))


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table whose first row is the head."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
