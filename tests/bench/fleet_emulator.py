"""A fleet on the emulator through `clients`: created, upgraded in waves, killed now and then, deleted with snapshots.

Run by itself: `python -m tests.bench.fleet_emulator 20 200`, with the numbers of clients.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import boto3

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from tests.bench.measure import AURORA, ENVIRONMENT
from tests.bench.throttling import Throttling, throttling

REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "ap-south-1")
SIZES = (20, 200)
GROWTH = 1.25
"""Calls a client of the larger fleet may be so many times those of the smaller."""
PARALLEL = ("--parallel", "16", "--yes")
WITHOUT_SERVERS = {"AURORA_CFN_MYSQL_BIN": "/nonexistent"}
"""The clusters are records without a database server: hundreds of servers do not fit on one machine."""
PARAMS = """endpoint: local
region: eu-west-1
stacks:
  janitor: {{template: branch-janitor}}
fleet:
  name: clientdb
  template: aurora-serverless-mysql
  regions: [{regions}]
  defaults: {{EnableDataApi: false, MinCapacity: 0.5, MaxCapacity: {size}, LogRetentionDays: 1}}
  max_clients_per_region: 60
"""
MOMENTS = {
    "create": ("PutParameter", "CreateChangeSet", "ExecuteChangeSet"),
    "upgrade": ("CreateChangeSet", "ExecuteChangeSet", "DescribeStackEvents"),
    "delete": ("ModifyDBCluster", "DeleteStack", "DeleteParameter"),
}
"""The calls of each command after which it is killed: the how many-th call of which of them is random."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a series is: its clients, how many of them fail once, and what is killed how often."""

    clients: int
    regions: Sequence[str] = REGIONS
    failures: int = 3
    kills: Mapping[str, int] = field(default_factory=lambda: {"create": 1, "upgrade": 3, "delete": 1})


@dataclass(frozen=True, slots=True)
class FleetProof:
    """What a series did. `lost` has a line for each client or stack that is not as it should be."""

    proof: Proof
    calls: Mapping[str, float]
    seconds: Mapping[str, float]
    kills: Sequence[str]
    failures: int
    lost: Sequence[str]

    @property
    def good(self) -> bool:
        """Whether nothing was lost, and everything that was to go wrong did."""
        return not self.lost and (self.failures, len(self.kills)) == (
            self.proof.failures, sum(self.proof.kills.values())
        )  # fmt: skip

    @property
    def a_client(self) -> float:
        """Calls a client from its creation to its end."""
        return sum(self.calls.values())

    def __str__(self) -> str:
        steps = ", ".join(f"{name} {self.calls[name]:.1f} calls in {self.seconds[name]:.0f} s" for name in self.calls)
        return "\n  ".join(
            (
                f"fleet: {self.proof.clients} clients in {len(self.proof.regions)} regions on the emulator, "
                f"{self.failures} failures, {len(self.kills)} kills, {len(self.lost)} lost; a client: {steps}; "
                f"{self.a_client:.1f} calls in all",
                *(f"killed: {row}" for row in self.kills),
                *(f"LOST: {row}" for row in self.lost),
            )
        )


def growth(rows: Sequence[FleetProof]) -> float:
    """How many times the calls of the first series a client of the last costs."""
    return rows[-1].a_client / rows[0].a_client


def constant(rows: Sequence[FleetProof]) -> bool:
    """Whether a client of the last series costs as many calls as one of the first, or few more."""
    return growth(rows) <= GROWTH


def measured_on_emulator(folder: Path, proofs: Sequence[Proof] = tuple(map(Proof, SIZES))) -> list[FleetProof]:
    """The series one after the other, each with an emulator of its own that ends afterwards."""
    return [_proven(folder / f"fleet{row.clients}", row) for row in proofs]


def _proven(folder: Path, proof: Proof) -> FleetProof:
    (folder / "params").mkdir(parents=True)
    # What a test has linted need not be linted again.
    cache = os.environ.get("AURORA_CFN_CACHE", str(folder / "cache"))
    home = {"AURORA_CFN_HOME": str(folder / "home"), "AURORA_CFN_CACHE": cache}
    environment = {key: text for key, text in ENVIRONMENT.items() if not key.startswith("AWS_")}
    given = _Given(folder, environment | home | WITHOUT_SERVERS)
    given.run("render")
    address = given.run("local", "start").stdout.strip()
    try:
        with throttling(address, 0) as between:
            return _Series(given, proof, between).proven()
    finally:
        given.run("local", "reset", "--yes")


@dataclass(frozen=True, slots=True)
class _Given:
    folder: Path
    environment: Mapping[str, str]

    def started(self, *arguments: str) -> subprocess.Popen[str]:
        with (self.folder / "said.log").open("a") as said:
            said.write(f"--- {' '.join(arguments)[:200]}\n")
            said.flush()
            return subprocess.Popen(
                [*AURORA, *arguments], cwd=self.folder, env=self.environment, text=True, stdout=said, stderr=said
            )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*AURORA, *arguments], cwd=self.folder, env=self.environment, text=True, capture_output=True, check=True
        )


class _Series:
    def __init__(self, given: _Given, proof: Proof, between: Throttling) -> None:
        self.given, self.proof, self.between = given, proof, between
        self.names = [f"client-{number:03d}" for number in range(proof.clients)]
        self.dice = Random(11)
        self.lost: list[str] = []
        self.kills: list[str] = []
        self.calls: dict[str, float] = {}
        self.seconds: dict[str, float] = {}

    def proven(self) -> FleetProof:
        self._write(1)
        places = {name: self.names[place :: len(self.proof.regions)] for place, name in enumerate(self.proof.regions)}
        self._step("create", [("create", *names, "--region", region, *PARALLEL) for region, names in places.items()])
        before = self.between.calls.total()
        self._expect({"ready"}, self._listed())
        self.calls["list"], self.seconds["list"] = (self.between.calls.total() - before) / len(self.names), 0.0

        self._write(2)
        broken = self.dice.sample(self.names[1:], self.proof.failures)
        faults = [word for name in broken for word in ("--fault", f"update:clientdb-{name}.DBCluster=no capacity")]
        self.given.run("local", "simulate", *faults)
        # The canary is at the version after a kill: the same command continues nevertheless.
        same = ("upgrade", "--canary", self.names[0], "--tolerate", str(len(broken)), *PARALLEL)
        self._step("upgrade", [same], code=5)
        failed = sum(row["state"] == "rolled back" for row in self._listed())
        self.given.run("local", "simulate", "--clear")
        self._ended("upgrade", self._clients(*same), 0)
        self._expect({"ready"}, self._listed(), current=True)

        self._step("delete", [("delete", *self.names, *PARALLEL)])
        self.lost += [f"{row['client']}: still {row['state']}" for row in self._listed()]
        for region, names in places.items():
            self._inspect(region, names)
        return FleetProof(self.proof, self.calls, self.seconds, self.kills, failed, self.lost)

    def _step(self, verb: str, commands: Sequence[Sequence[str]], *, code: int = 0) -> None:
        """Run the commands; the first is killed as often as asked for, and then run once more to its end."""
        began, before = time.monotonic(), self.between.calls.total()
        first, *others = commands
        for _ in range(self.proof.kills.get(verb, 0)):
            self._kill(verb, self._clients(*first))
        for arguments in (first, *others):
            self._ended(verb, self._clients(*arguments), code)
        self.seconds[verb] = time.monotonic() - began
        self.calls[verb] = (self.between.calls.total() - before) / len(self.names)

    def _kill(self, verb: str, process: subprocess.Popen[str]) -> None:
        action, before = self.dice.choice(MOMENTS[verb]), Counter(self.between.calls)
        # A third of what such a run does at the most: the next kill also finds something to do.
        most = max(2, self.proof.clients // (3 * (len(self.proof.regions) if verb == "create" else 1)))
        number = self.dice.randint(2, most)
        while process.poll() is None and self.between.calls[action] - before[action] < number:
            time.sleep(0.005)
        if process.poll() is None:
            process.kill()
            process.wait()
            self.kills.append(f"{verb} at call {number} of {action}")

    def _ended(self, verb: str, process: subprocess.Popen[str], code: int) -> None:
        if process.wait(timeout=3600) != code:
            self.lost.append(f"{verb} ended with {process.returncode}, not {code}: see {self.given.folder}/said.log")

    def _clients(self, verb: str, *arguments: str) -> subprocess.Popen[str]:
        return self.given.started("clients", verb, *arguments, "--env", "fleet", "--endpoint-url", self.between.url)

    def _listed(self) -> list[dict[str, Any]]:
        words = ("clients", "list", "--env", "fleet", "--format", "json", "--endpoint-url", self.between.url)
        return list(json.loads(self.given.run(*words).stdout))

    def _expect(self, states: set[str], rows: Sequence[Mapping[str, Any]], *, current: bool = False) -> None:
        found = {row["client"]: row for row in rows}
        self.lost += [f"{name}: not listed" for name in self.names if name not in found]
        for name, row in found.items():
            if row["state"] not in states or (current and not row["current"]):
                self.lost.append(f"{name}: {row['state']}, current {row['current']}")

    def _write(self, size: int) -> None:
        text = PARAMS.format(regions=", ".join(self.proof.regions), size=size)
        (self.given.folder / "params" / "fleet.yaml").write_text(text)

    def _inspect(self, region: str, names: Sequence[str]) -> None:
        """What is left in the region should be one final snapshot for each client."""
        keys = keys_of(Home(Path(self.given.environment["AURORA_CFN_HOME"])))
        session = boto3.Session(keys.access_key_id, keys.secret_access_key, region_name=region)
        rds = session.client("rds", endpoint_url=self.between.url)
        left = [row["DBClusterIdentifier"] for row in rds.describe_db_clusters()["DBClusters"]]
        self.lost += [f"{region}: the cluster {name} is left" for name in left]
        pages = rds.get_paginator("describe_db_cluster_snapshots").paginate()
        taken = Counter(row["DBClusterIdentifier"] for page in pages for row in page["DBClusterSnapshots"])
        for name in names:
            if not taken[f"clientdb-{name}"]:
                self.lost.append(f"{name}: no final snapshot in {region}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        rows = measured_on_emulator(Path(name), [Proof(int(size)) for size in sys.argv[1:] or SIZES])
        print(*rows, sep="\n")
        print(f"calls a client: {growth(rows):.2f} times from the first to the last size")
        raise SystemExit(not (all(row.good for row in rows) and constant(rows)))
