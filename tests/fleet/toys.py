"""A fleet of two regions over fakes."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.fleet.directory import Directory
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.fleet_client import CLIENT, FLEET
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports.fleet import RegionPorts
from tests.fakes.claims import FakeClaims
from tests.fakes.rds import FakeDatabases

REGIONS = ("eu-west-1", "eu-central-1")
FLEET_OF_TWO = Fleet("clientdb", "toy", REGIONS)
OWNER = Ownership("shop", "fleet")


def client_stack(name: str, region: str, status: str = "CREATE_COMPLETE", **tags: str) -> Stack:
    """A stack as DescribeStacks gives it, with the tags of a client."""
    arn = f"arn:aws:cloudformation:{region}:123456789012:stack/clientdb-{name}/1"
    return Stack(arn, f"clientdb-{name}", status, tags={**OWNER.tags, FLEET: "clientdb", CLIENT: name, **tags})


@dataclass(slots=True)
class Regions:
    """Stacks of each region."""

    stacks: dict[str, list[Stack]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def __call__(self, region: str) -> RegionPorts:
        return RegionPorts(_Stacks(self, region), FakeDatabases())


@dataclass(slots=True)
class _Stacks:
    of: Regions
    region: str

    def stack(self, name: str) -> Stack | None:
        self.of.calls.append(f"DescribeStacks {name}")
        return next((row for row in self.of.stacks.get(self.region, []) if row.name == name), None)

    def root_stacks(self) -> list[Stack]:
        self.of.calls.append(f"DescribeStacks {self.region}")
        return self.of.stacks.get(self.region, [])


def directory(claims: FakeClaims | None = None, regions: Regions | None = None) -> Directory:
    return Directory(FLEET_OF_TWO, OWNER, claims or FakeClaims(), regions or Regions())


__all__ = ["FakeClaims", "Regions", "client_stack", "directory"]
