"""Which clients a fleet has: claims in SSM beside the stacks of its regions, without a database for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import get_close_matches

from aurora_cfn.errors import AwsError, BusyError, InputError
from aurora_cfn.fleet.client_state import claim_path, claimed_region, claims_path, stack_name
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.fleet_client import CLIENT, FLEET, FleetClient
from aurora_cfn.model.ownership import Ownership, ownership_of
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports.fleet import Claims, Regions

THREADS = 8
"""Regions that are read at the same time."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The clients of one fleet; its stacks are those with its tag that belong to the owner."""

    fleet: Fleet
    owner: Ownership
    claims: Claims
    regions: Regions

    def clients(self, region: str | None = None) -> tuple[FleetClient, ...]:
        """All clients by name, or those in one region: one walk through the stacks of each region.

        A stack in another region than its claim is a client of its own beside that of the claim. Raises AwsError with
        the region that cannot be read.
        """
        wanted = self.fleet.regions if region is None else (region,)
        claims = self.claims.under(claims_path(self.fleet.name))
        claimed = {name: claimed_region(value) for name, value in claims.items()}
        with ThreadPoolExecutor(min(THREADS, len(wanted))) as pool:
            found = [row for rows in pool.map(self._stacks, wanted) for row in rows]
        return tuple(sorted(_joined(claimed, found, wanted), key=lambda row: (row.name, row.region)))

    def client(self, name: str) -> FleetClient:
        """The client with that claim, read with two calls. Raises InputError with like names when it has none."""
        region = self.region_of(name)
        return FleetClient(name, region, region, self.stack(name, region))

    def region_of(self, name: str) -> str:
        """The region that the client's claim names. Raises InputError with like names when it has none."""
        claim = self.claims.get(claim_path(self.fleet.name, name))
        if claim is None:
            close = get_close_matches(name, self.claims.under(claims_path(self.fleet.name)))
            hint = f"did you mean {' or '.join(close)}?" if close else "see `aurora-cfn clients list`"
            raise InputError(f"the fleet {self.fleet.name} has no client {name}: {hint}")
        return claimed_region(claim)

    def stack(self, name: str, region: str) -> Stack | None:
        """The stack of the client in that region. Raises InputError where the stack of that name is not the fleet's."""
        found = self.regions(region).stacks.stack(stack_name(self.fleet.name, name))
        # An empty stack in review has no tags yet: CreateChangeSet makes it, and the next one uses it.
        if found is None or not found.exists or self._mine(found):
            return found
        what = f"{found.name} in {region} is not a client's stack of the fleet {self.fleet.name}"
        raise InputError(f"{what}: choose another name, or delete that stack")

    def claim(self, name: str, region: str) -> bool:
        """Whether the name was free and is claimed for that region now; False when it was claimed for it before.

        Raises InputError when it is claimed for another region.
        """
        path = claim_path(self.fleet.name, name)
        # The second round is for a claim that is removed between the two calls.
        for _ in range(2):
            if self.claims.put(path, region):
                return True
            there = claimed_region(self.claims.get(path) or "")
            if there == region:
                return False
            if there:
                raise InputError(f"the client {name} has its database in {there}, so none is created in {region}")
        raise BusyError(f"the client {name} is created and deleted at the same time: try again")

    def held(self, name: str) -> str:
        """What `release` needs to free this claim and no later one; empty when the name is free."""
        return self.claims.identity(claim_path(self.fleet.name, name))

    def release(self, name: str, held: str) -> bool:
        """Whether the name was freed: not where it was freed before, by whom another create could have it now."""
        return self.claims.remove(claim_path(self.fleet.name, name), held)

    def _stacks(self, region: str) -> Sequence[tuple[str, Stack]]:
        try:
            rows = self.regions(region).stacks.root_stacks()
        except AwsError as error:
            raise AwsError(f"{region}: {error}", operation=error.operation, code=error.code) from error
        return [(row.tags[CLIENT], row) for row in rows if row.exists and self._mine(row)]

    def _mine(self, stack: Stack) -> bool:
        mine = not self.owner.project or ownership_of(stack.tags) == self.owner
        return mine and stack.tags.get(FLEET) == self.fleet.name and CLIENT in stack.tags


def _joined(
    claimed: Mapping[str, str], stacks: Sequence[tuple[str, Stack]], regions: Sequence[str]
) -> list[FleetClient]:
    found = [FleetClient(name, stack.region, claimed.get(name, ""), stack) for name, stack in stacks]
    there = {(row.name, row.region) for row in found}
    # A region that was taken out of the params file is not read: its claims are shown nevertheless.
    alone = {
        name: region
        for name, region in claimed.items()
        if (name, region) not in there and (region in regions or len(regions) > 1)
    }
    return [*found, *(FleetClient(name, region, region, None) for name, region in alone.items())]
