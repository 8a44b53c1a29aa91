"""200 clients in 4 regions, upgraded with the engine of `clients upgrade` over CloudFormation in memory.

Three clients fail once, and the run is killed five times in the middle: every kill leaves an update running.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from aurora_cfn.deploy.context import Choices, Context, RunEnvironment, RunId
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.preview import WarningsOnly
from aurora_cfn.fleet.client_state import client_state
from aurora_cfn.fleet.directory import Directory
from aurora_cfn.fleet.waves import ClientOutcome, roll_out, wave_size, waves
from aurora_cfn.model.environment import EnvironmentStack, Fleet
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.fleet_client import CLIENT, FLEET, VERSION, FleetClient
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.ports.fleet import RegionPorts
from tests.fakes.claims import FakeClaims
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import FakeDatabases

CLIENTS, KILLS, FAILURES = 200, 5, 3
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "ap-south-1")
OWNER = Ownership("shop", "fleet")
TEMPLATE = """\
Parameters:
  Size: {Type: String}
Resources:
  Cluster: {Type: AWS::RDS::DBCluster, Properties: {Size: !Ref Size}}
"""


class _KilledError(BaseException):
    """The end of a process, at which nothing is cleaned up."""


@dataclass(frozen=True, slots=True)
class FleetFigures:
    """What a series did: clients at the version in the end, and the calls for each client in a run without trouble."""

    clients: int
    current: int
    kills: int
    failures: int
    calls: float
    list_calls: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether no client was lost."""
        return self.current == self.clients

    def __str__(self) -> str:
        return (
            f"fleet: {self.clients} clients in {len(REGIONS)} regions, {self.failures} failures, {self.kills} kills: "
            f"{self.current} at the version, {self.calls:.1f} calls for each client created, {self.list_calls} calls "
            f"for a list, {self.seconds:.0f} s"
        )


class _FakeFleet:
    def __init__(self, clients: int) -> None:
        self.clock = FakeClock()
        self.regions = {name: FakeCloudFormation(self.clock, seconds=1.0) for name in REGIONS}
        for name, row in self.regions.items():
            row.region = name
        self.claims = FakeClaims()
        fleet = Fleet("clientdb", "toy", REGIONS)
        self.directory = Directory(fleet, OWNER, self.claims, self._ports)
        self.clients = [f"client-{number:03d}" for number in range(clients)]
        self.left = 0
        self.failing: set[str] = set()

    def _ports(self, region: str) -> RegionPorts:
        return RegionPorts(self.regions[region], FakeDatabases())

    def region(self, client: str) -> str:
        return REGIONS[self.clients.index(client) % len(REGIONS)]

    def calls(self) -> int:
        return len(self.claims.calls) + sum(len(row.calls) for row in self.regions.values())

    def deploy(self, run: str, client: str, version: str) -> ClientOutcome:
        cfn = self.regions[self.region(client)]
        tags = {FLEET: "clientdb", CLIENT: client, VERSION: version}
        name = f"clientdb-{client}"
        entry = EnvironmentStack(name, name, "toy", {}, 1, tags=tags)
        wanted = DesiredStack(entry, "params/fleet.yaml", TEMPLATE, tags=tags)
        context = Context(
            cfn, self.clock, _Dying(self), RunId(run, owner_is_dead=lambda _: True),
            RunEnvironment("fleet", project=OWNER.project), choices=Choices(yes=True),
        )  # fmt: skip
        cfn.fail = {"Cluster": "no capacity"} if client in self.failing else {}
        self.failing.discard(client)
        self.left -= 1

        result = deploy(context, wanted, lambda _: {"Size": version}, lambda _: True)
        return ClientOutcome(client, result.cause, result.seconds, result.exit_code)

    def upgrade(self, run: str, version: str) -> None:
        pending = [row.name for row in self.directory.clients() if _old(row, version)]

        def work(wave: Sequence[str]) -> list[ClientOutcome]:
            return [self.deploy(run, name, version) for name in wave]

        roll_out(waves(pending, (), wave_size("10%")), work, lambda *_: None, tolerate=1)


class _Dying(WarningsOnly):
    """A listener with which the process ends at the first event of the client whose turn it is."""

    def __init__(self, fakes: _FakeFleet) -> None:
        super().__init__()
        self._world = fakes

    def event(self, key: str, event: StackEvent) -> None:
        if self._world.left == 0:
            raise _KilledError


def _old(client: FleetClient, version: str) -> bool:
    return client.version != version or client_state(client) != "ready"


def measured_fleet(clients: int = CLIENTS) -> FleetFigures:
    """The figures of one series."""
    fakes, dice, began = _FakeFleet(clients), Random(7), time.monotonic()
    for name in fakes.clients:
        fakes.directory.claim(name, fakes.region(name))
        fakes.deploy("create", name, "v1")
    per_client, before = fakes.calls() / clients, fakes.calls()
    assert len(fakes.directory.clients()) == clients
    list_calls = fakes.calls() - before
    fakes.failing = set(dice.sample(fakes.clients[1:], FAILURES))
    killed = 0
    for number in range(KILLS + FAILURES + 1):
        fakes.left = dice.randrange(2, max(3, clients // 8)) if number < KILLS else -1
        try:
            fakes.upgrade(f"run{number}", "v2")
        except _KilledError:
            killed += 1
    found = fakes.directory.clients()
    current = sum(not _old(row, "v2") for row in found)
    took = time.monotonic() - began
    return FleetFigures(len(found), current, killed, FAILURES, per_client, list_calls, took)
