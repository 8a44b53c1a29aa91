"""A deployment that is killed again and again, or whose emulator is: in the end everything is there, and nothing else.

A fifth of the calls is throttled and one stack fails, so that runs end in every state that kill -9 can leave.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from aurora_cfn.local.home import home_from
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.record import read_record
from tests.bench.load import HEAD, SHARE
from tests.bench.measure import AURORA, ENVIRONMENT
from tests.bench.throttling import throttling

STACKS = int(os.environ.get("BENCH_STACKS", "200"))
KILLS = int(os.environ.get("BENCH_KILLS", "20"))
SECONDS = (0.3, 12.0)
"""The kill comes at a random moment in between; the start of the program alone takes half a second."""
ROW = "  kill-{number:03d}: {{template: kill}}\n"
TEMPLATE = """Description: One parameter, and one that fails in the last stack.
Resources:
  {name}:
    Type: AWS::SSM::Parameter
    Properties: {{Type: String, Value: "{value}"}}
"""
COMPLETE = re.compile(r"(CREATE|UPDATE)_COMPLETE")
FAULT = "create:Broken=no capacity"


@dataclass(frozen=True, slots=True)
class Kills:
    """One series: what was killed, how often in the middle of a run, and how the last run ended."""

    victim: str
    stacks: int
    kills: int
    in_the_middle: int
    seconds: float
    code: int
    complete: int
    left: int
    orphans: int
    said: str

    @property
    def good(self) -> bool:
        """Whether the last run made every stack as wanted, and left nothing waiting and nothing without a stack."""
        return (self.code, self.complete, self.left, self.orphans) == (0, self.stacks, 0, 0)

    def __str__(self) -> str:
        return (
            f"kills: the {self.victim} {self.kills} times, {self.in_the_middle} of them in the middle, "
            f"{self.seconds:.0f} s; the last run: exit code {self.code}, {self.complete} of {self.stacks} stacks "
            f"complete, {self.left} change sets and {self.orphans} parameters without a stack left"
            + ("" if self.good else f"\n{self.said}")
        )


def measured_kills(folder: Path) -> list[Kills]:
    """The series for the program and for the emulator, each with an environment of its own."""
    return [
        _series(folder, "program", lambda process: process.kill()),
        _series(folder, "emulator", _kill_emulator),
    ]


def _series(folder: Path, victim: str, strike: Callable[[subprocess.Popen[str]], None]) -> Kills:
    dice, middle, began = Random(11), 0, time.monotonic()
    rounds = 0
    _simulate(folder, "--fault", FAULT)
    while middle < KILLS and rounds < 2 * KILLS:
        rounds += 1
        # Another value each time: every round has something to do in each stack.
        _written(folder, victim, f"{victim} {rounds}")
        with throttling(_address(), SHARE) as between:
            process = _started(folder, victim, between.url)
            try:
                process.wait(dice.uniform(*SECONDS))
            except subprocess.TimeoutExpired:
                middle += 1
                strike(process)
            process.wait(timeout=600)
            print(f"{victim}: killed {middle}, exit code {process.returncode}", file=sys.stderr, flush=True)
        _up(folder)
        _simulate(folder, "--fault", FAULT)
    # Another operator looks and waits meanwhile; both end, and neither takes anything from the other.
    _simulate(folder, "--clear")
    first, second = (_started(folder, victim, _address()) for _ in range(2))
    for process in (first, second):
        process.wait(timeout=600)
    last = _started(folder, victim, _address())
    last.wait(timeout=600)
    complete, left, orphans = _found(victim, f"{victim} {rounds}")
    took = time.monotonic() - began
    said = _log(folder, victim).read_text()[-2000:]
    return Kills(victim, STACKS, rounds, middle, took, last.returncode, complete, left, orphans, said)


def _written(folder: Path, victim: str, value: str) -> None:
    (folder / "params").mkdir(exist_ok=True)
    for name, logical in (("kill", "Whole"), ("broken", "Broken")):
        (folder / "templates" / f"{name}.yaml").write_text(TEMPLATE.format(name=logical, value=value))
    rows = "".join(ROW.format(number=number) for number in range(STACKS - 1))
    (folder / "params" / f"kill-{victim}.yaml").write_text(f"{HEAD}{rows}  kill-fails: {{template: broken}}\n")


def _started(folder: Path, victim: str, url: str) -> subprocess.Popen[str]:
    command = [*AURORA, "deploy", "--env", f"kill-{victim}", "--yes", "--recreate", "--parallel", "16", "--no-proof"]
    where = ["--endpoint-url", url]
    # A file: a pipe that is not read stops the program once 64 KiB are in it.
    with _log(folder, victim).open("a") as said:
        said.write(f"--- {url}\n")
        said.flush()
        return subprocess.Popen(
            [*command, *where], cwd=folder, text=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=said
        )


def _log(folder: Path, victim: str) -> Path:
    return folder / f"kills-{victim}.log"


def _kill_emulator(process: subprocess.Popen[str]) -> None:
    with urllib.request.urlopen(f"{_address()}/_aurora_cfn/health") as answer:
        pid = int(json.load(answer)["pid"])
    os.kill(pid, signal.SIGKILL)
    # The run finds no endpoint any more: it ends by itself, or is ended as a person would.
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGTERM)


def _address() -> str:
    """That of the running emulator; a new one has another where the old one's port was taken meanwhile."""
    record = read_record(home_from(ENVIRONMENT).record)
    assert record is not None
    return record.endpoint


def _up(folder: Path) -> None:
    subprocess.run([*AURORA, "local", "start"], cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)


def _simulate(folder: Path, *options: str) -> None:
    command = [*AURORA, "local", "simulate", *options]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)


def _found(victim: str, value: str) -> tuple[int, int, int]:
    """Stacks that are complete with the last value, change sets that still wait, and parameters without a stack."""
    import boto3

    keys = keys_of(home_from(ENVIRONMENT))
    session = boto3.Session(keys.access_key_id, keys.secret_access_key, region_name="eu-west-1")
    client = session.client("cloudformation", endpoint_url=_address())
    ssm = session.client("ssm", endpoint_url=_address())
    pages = client.get_paginator("describe_stacks").paginate()
    rows = [row for page in pages for row in page["Stacks"] if row["StackName"].endswith(f"-kill-{victim}")]
    waiting = sum(
        summary["ExecutionStatus"] == "AVAILABLE"
        for row in rows
        for summary in client.list_change_sets(StackName=row["StackName"])["Summaries"]
    )
    stored = {
        row["Name"]: ssm.get_parameter(Name=row["Name"])["Parameter"]["Value"]
        for page in ssm.get_paginator("describe_parameters").paginate()
        for row in page["Parameters"]
    }
    complete = 0
    for row in rows:
        resources = client.describe_stack_resources(StackName=row["StackName"])["StackResources"]
        values = [stored.pop(each["PhysicalResourceId"], None) for each in resources]
        complete += bool(COMPLETE.fullmatch(row["StackStatus"])) and values == [value]
    # The other series' own are not counted: their values name it.
    return complete, waiting, sum(each.startswith(f"{victim} ") for each in stored.values())
