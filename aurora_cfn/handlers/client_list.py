"""The list of a fleet's clients, in pages: one walk through the claims and one through the stacks of each region."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from .answers import Answer, Request
from .client_claims import ClientClaims
from .client_requests import region_of
from .client_stacks import ClientStack, ClientStacks
from .fleet_names import claimed_region, leaving_stack
from .fleet_settings import Fleet

THREADS = 8
"""Regions whose stacks are listed at once."""
FRESH_SECONDS = 5.0
"""The pages of one list come from one walk; CloudFormation throttles DescribeStacks at few calls a second."""
Row = dict[str, Any]


@dataclass(slots=True)
class ClientList:
    """Lists clients by name. Every method raises RefusedError."""

    fleet: Fleet
    stacks: ClientStacks
    claims: ClientClaims
    clock: Callable[[], float] = time.monotonic
    _kept: tuple[float, list[Row]] = field(default=(float("-inf"), []))

    def answer(self, request: Request) -> Answer:
        """A page of clients: those after `next`, of a region and of a state where they are asked for."""
        limit, query = request.limit(), request.query
        region = region_of(query["region"], self.fleet) if "region" in query else None
        # The first page is always new; only those after it may come from the walk for the first.
        rows = [
            row
            for row in self._rows(again="next" not in query)
            if row["client"] > query.get("next", "")
            and region in {None, row["region"]}
            and query.get("state") in {None, row["state"]}
        ]
        page = rows[:limit]
        return Answer({"databases": page, "next": page[-1]["client"] if len(rows) > limit else None})

    def row(self, stack: ClientStack) -> Row:
        """A client with a stack."""
        return row_of(stack.client, stack.region, stack.state, self.stacks.version(stack) or None, stack.created)

    def _rows(self, *, again: bool) -> list[Row]:
        at, rows = self._kept
        if again or self.clock() - at > FRESH_SECONDS:
            rows = sorted(self._walk(), key=lambda row: (row["client"], row["region"]))
            self._kept = self.clock(), rows
        return rows

    def _walk(self) -> Iterator[Row]:
        claims = self.claims.all()
        for region in self.fleet.regions:
            # boto3 makes clients in one thread only.
            self.stacks.clients("cloudformation", region)
        with ThreadPoolExecutor(min(THREADS, len(self.fleet.regions))) as pool:
            found = [row for rows in pool.map(self.stacks.all_in, self.fleet.regions) for row in rows]
        yield from map(self.row, found)
        there = {(row.client, row.region) for row in found}
        for client, claim in claims.items():
            region = claimed_region(claim)
            if (client, region) not in there:
                yield row_of(client, region, "deleted" if leaving_stack(claim) else "claimed")


def row_of(client: str, region: str, state: str, version: str | None = None, created: str | None = None) -> Row:
    """A client as answers show it."""
    return {"client": client, "region": region, "state": state, "version": version, "created": created}
