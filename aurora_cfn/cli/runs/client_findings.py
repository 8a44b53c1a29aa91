"""The rows of `clients check`, for clients with a stack each and for those of a pool alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from aurora_cfn.model.rows import Column, Rows

COLUMNS = ("client", "region", "finding", "advice")


class Client(Protocol):
    """What a row needs to know of a client."""

    @property
    def name(self) -> str:
        """Its name in the fleet."""

    @property
    def region(self) -> str:
        """The region of its database."""


AnyClient = TypeVar("AnyClient", bound=Client)
State = TypeVar("State", bound=str)
Finding = tuple[str, str, str, str]
"""Client, region, finding, advice."""


def finding_rows(findings: Iterable[Finding]) -> Rows:
    """The findings in order of clients."""
    return Rows(tuple(Column(name, "text") for name in COLUMNS), tuple(sorted(findings)))


def state_findings(
    clients: Sequence[AnyClient], state_of: Callable[[AnyClient], State], advice: Mapping[State, str]
) -> Iterator[Finding]:
    """A finding for each client in a state that needs work."""
    for client in clients:
        state = state_of(client)
        if state in advice:
            yield client.name, client.region, state, advice[state]


def answer_findings(
    clients: Sequence[AnyClient], problem: Callable[[AnyClient], str], sql: str, parallel: int
) -> Iterator[Finding]:
    """A finding for each client whose database does not answer; `problem` is empty where it does."""
    with ThreadPoolExecutor(parallel) as threads:
        for client, cause in zip(clients, threads.map(problem, clients), strict=True):
            if cause:
                yield client.name, client.region, f"{sql}: {cause}", "look at it with `aurora-cfn clients show`"
