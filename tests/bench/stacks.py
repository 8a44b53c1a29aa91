"""Stacks with databases side by side in one emulator, and its start: wall clock, CPU of all processes, memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.server.autosave import PAUSE_SECONDS, QUIET_ROUNDS
from tests.bench.measure import AURORA, ENVIRONMENT, Memory, resident

COUNT = 20
LIMIT_SECONDS = 15.0
START_LIMIT_SECONDS = 1.0
TEMPLATE = """Resources:
  C:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Delete
    Properties: {Engine: aurora-postgresql, EngineVersion: "17.4", MasterUsername: boss, ManageMasterUserPassword: true,
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 1}}
  I:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-postgresql, DBInstanceClass: db.serverless, DBClusterIdentifier: !Ref C}
"""


@dataclass(frozen=True, slots=True)
class Times:
    """One piece of work: seconds of wall clock, seconds of CPU on one core, and the limit of the first.

    On a busy machine the CPU counts: with it alone the work would not have been faster than that on one core.
    """

    name: str
    seconds: float
    cpu: float
    limit: float

    @property
    def within(self) -> bool:
        """Whether it is under the limit by the calmer of the two clocks, the CPU shared by the cores."""
        return min(self.seconds, self.cpu / (os.cpu_count() or 1)) <= self.limit

    def __str__(self) -> str:
        """The row of the report."""
        return f"{self.name}: {self.seconds:.2f} s, {self.cpu:.2f} s of CPU (limit {self.limit:g} s)"


def measured_stacks(folder: Path) -> list[Times | Memory]:
    """The first start, a later one, and the stacks, in a home of its own that is deleted afterwards."""
    home = Home(folder / "stacks")
    try:
        _start("with no bytecode yet", home)
        launcher.reset(home)
        return [
            _start("start, new home", home),
            _start("start again", home),
            _timed(f"{COUNT} stacks with databases", LIMIT_SECONDS, home, lambda: _stacks(home)),
            _at_rest(home),
        ]
    finally:
        launcher.reset(home)


def _start(name: str, home: Home) -> Times:
    launcher.stop(home)
    environment = ENVIRONMENT | {"AURORA_CFN_HOME": str(home.path)}
    began, before = time.perf_counter(), os.times()
    subprocess.run([*AURORA, "local", "start"], check=True, capture_output=True, env=environment)
    seconds, after = time.perf_counter() - began, os.times()
    command = after.children_user + after.children_system - before.children_user - before.children_system
    return Times(name, seconds, command + _cpu(home), START_LIMIT_SECONDS)


def _timed(name: str, limit: float, home: Home, work: Callable[[], None]) -> Times:
    began, before = time.perf_counter(), _cpu(home)
    work()
    return Times(name, time.perf_counter() - began, _cpu(home) - before, limit)


def _at_rest(home: Home) -> Memory:
    time.sleep(2 * PAUSE_SECONDS * QUIET_ROUNDS)
    return Memory(f"{COUNT} stacks with databases, at rest", resident(launcher.ensure_running(home).pid))


def _stacks(home: Home) -> None:
    import boto3

    server = launcher.ensure_running(home)
    cloudformation = boto3.client(
        "cloudformation", endpoint_url=server.endpoint, region_name="eu-west-1",
        aws_access_key_id=server.keys.access_key_id, aws_secret_access_key=server.keys.secret_access_key,
    )  # fmt: skip
    for number in range(COUNT):
        cloudformation.create_stack(StackName=f"side-{number}", TemplateBody=TEMPLATE)
    while _in_progress(rows := cloudformation.describe_stacks()["Stacks"]):
        time.sleep(0.2)
    assert {row["StackStatus"] for row in rows} == {"CREATE_COMPLETE"}, rows


def _in_progress(rows: Sequence[Any]) -> bool:
    return any(row["StackStatus"].endswith("_IN_PROGRESS") for row in rows)


def _cpu(home: Home) -> float:
    """Seconds of CPU of the emulator and of every process that it or its servers started and that has ended or runs."""
    record = launcher.running(home)
    process = psutil.Process(record.pid) if record else None
    if process is None:
        return 0.0
    rows = [process, *process.children(recursive=True)]
    return sum(sum(row.cpu_times()[:4]) for row in rows if row.is_running())
