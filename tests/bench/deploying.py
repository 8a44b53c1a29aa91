"""Deploying a new stack to a running emulator, against a bare script that makes the same calls with boto3."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from aurora_cfn.local.home import home_from
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.server.memory import AFTER_SECONDS
from tests.bench.measure import AURORA, ENVIRONMENT, Case, Memory, resident

STACK = "aurora-serverless-bench"
PARAMETERS = {
    "EnvironmentName": "bench",
    "MaxCapacity": "1",
    "MinCapacity": "0.5",
    "DeletionProtection": "false",
    "MonitoringInterval": "0",
}
PARAMS = """endpoint: local
region: eu-west-1
stacks:
  aurora-serverless:
    template: aurora-serverless-postgres
    parameters: {MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, MonitoringInterval: 0}
"""
BARE = f"""import time, boto3
cfn = boto3.client("cloudformation")
body = open("templates/aurora-serverless-postgres.yaml").read()
given = [dict(ParameterKey=k, ParameterValue=v) for k, v in {PARAMETERS!r}.items()]
arn = cfn.create_change_set(StackName="{STACK}", ChangeSetName="bare", ChangeSetType="CREATE", TemplateBody=body,
                            Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"])["Id"]
while cfn.describe_change_set(ChangeSetName=arn)["Status"] not in ("CREATE_COMPLETE", "FAILED"):
    time.sleep(0.1)
cfn.execute_change_set(ChangeSetName=arn)
while True:
    stack = cfn.describe_stacks(StackName="{STACK}")["Stacks"][0]
    if not stack["StackStatus"].endswith("IN_PROGRESS"):
        break
    time.sleep(0.1)
assert stack["StackStatus"] == "CREATE_COMPLETE", stack
print(stack["Outputs"])
"""


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """The address of an emulator of its own, ended afterwards."""
    home = {"AURORA_CFN_HOME": str(folder / "home"), "AURORA_CFN_CACHE": str(folder / "cache")}
    ENVIRONMENT.update(home)
    started = subprocess.run(
        [*AURORA, "local", "start"], check=True, capture_output=True, text=True, env=ENVIRONMENT
    ).stdout
    try:
        yield started.strip()
    finally:
        subprocess.run([*AURORA, "local", "stop"], check=True, capture_output=True, env=ENVIRONMENT)


def deploy_cases(folder: Path, address: str) -> Iterator[Case]:
    """A new stack each time, without and with the checks before it, which no bare script makes.

    What the last run made is deleted before the clock starts.
    """
    (folder / "params").mkdir(exist_ok=True)
    (folder / "params" / "bench.yaml").write_text(PARAMS)
    (folder / "bare_deploy.py").write_text(BARE)
    with_credentials(address)
    command, floor = [*AURORA, "deploy", "--env", "bench", "--yes"], [sys.executable, "bare_deploy.py"]
    rows: Sequence[tuple[str, list[str], float, float]] = (
        ("new stack", ["--no-preflight"], 1.2, 1.35),
        ("new stack, checked", [], 2.5, 2.5),
    )
    for name, more, wall, cpu in rows:
        before = partial(delete, address)
        yield Case(f"deploy, {name}", [*command, *more], floor, wall, folder, before=before, cpu_limit=cpu)


def with_credentials(address: str) -> None:
    """Have commands and floors find the emulator by the usual variables."""
    keys = keys_of(home_from(ENVIRONMENT))
    ENVIRONMENT.update(AWS_ENDPOINT_URL=address, AWS_ACCESS_KEY_ID=keys.access_key_id)
    ENVIRONMENT.update(AWS_SECRET_ACCESS_KEY=keys.secret_access_key)
    ENVIRONMENT.update(AWS_DEFAULT_REGION="eu-west-1")


def delete(address: str) -> None:
    """Delete what the last run made."""
    import boto3

    keys = keys_of(home_from(ENVIRONMENT))
    session = boto3.Session(keys.access_key_id, keys.secret_access_key, region_name="eu-west-1")
    client = session.client("cloudformation", endpoint_url=address)
    client.delete_stack(StackName=STACK)
    for _ in range(200):
        if STACK not in {row["StackName"] for row in client.describe_stacks()["Stacks"]}:
            return
        time.sleep(0.1)
    raise SystemExit(f"{STACK} is not gone after 20 s")


def emulator_memory(address: str) -> str:
    """Resident memory of the idle emulator, without its PostgreSQL servers, where the system knows it."""
    import json
    import urllib.request

    with urllib.request.urlopen(f"{address}/_aurora_cfn/health") as answer:
        pid = json.load(answer)["pid"]
    time.sleep(2 * AFTER_SECONDS)
    return str(Memory("idle emulator", resident(pid)))
