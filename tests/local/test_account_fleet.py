"""`fleet` as a whole command against the emulator: two accounts in two regions, from their creation to their end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.stack_sets import AwsStackSets
from aurora_cfn.cli import root
from aurora_cfn.fleet.set_operation import follow
from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_record
from aurora_cfn.local.wire import call
from aurora_cfn.model.stack_set import InstancesRequest, Preferences, SetDefinition, Targets
from tests.aws.stack_sets_contract import keep_stack_sets
from tests.local.conftest import clients_of, saved
from tests.local.test_restart import killed
from tests.local.test_sql import Project

pytestmark = pytest.mark.slow
A, B, C = "111111111111", "222222222222", "333333333333"
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: A queue of a client.
Parameters:
  ClientName: {Type: String}
  QueueName: {Type: String, Default: orders}
  Size: {Type: Number, Default: 1024, MinValue: 1024, MaxValue: 262144}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      QueueName: !Sub "${QueueName}-${ClientName}"
      MaximumMessageSize: !Ref Size
      MessageRetentionPeriod: 345600
"""
PARAMS = f"""\
endpoint: local
region: eu-west-1
stacks:
  alone: {{template: shop, parameters: {{ClientName: alone}}}}
fleet:
  name: shops
  template: shop
  regions: [eu-west-1, eu-central-1]
  defaults: {{Size: 2048}}
  accounts:
    clients:
      acme: {{account: "{A}"}}
      globex: {{account: "{B}", regions: [eu-west-1], parameters: {{Size: 4096}}}}
"""
ACME, GLOBEX = f"acme {A} eu-west-1", f"globex {B} eu-west-1"


class Fleet:
    """The project, and what its commands say."""

    def __init__(self, project: Project, home: Home) -> None:
        self.project, self._home = project, home
        (project.folder / "params").mkdir()
        (project.folder / "templates").mkdir()
        (project.folder / "templates/shop.yaml").write_text(TEMPLATE)
        self.write(PARAMS)

    def write(self, text: str) -> None:
        (self.project.folder / "params/local.yaml").write_text(text)

    def run(self, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
        """stdout and stderr."""
        ran = self.project.run("fleet", *arguments, verb=verb)
        assert ran.exit_code == code, ran.stderr
        return ran.stdout, ran.stderr

    def states(self) -> dict[str, str]:
        rows: list[dict[str, Any]] = json.loads(self.run("status", "--format", "json")[0])
        return {f"{row['client']} {row['region']}": row["state"] for row in rows}

    def simulate(self, **wanted: dict[str, Any]) -> None:
        record = read_record(self._home.record)
        assert record
        call(record, "POST" if wanted else "DELETE", "simulation", wanted or None, keys=keys_of(self._home))


@pytest.fixture
def fleet(server: LocalServer, home: Home, tmp_path: Path) -> Iterator[Fleet]:
    found = Fleet(Project(tmp_path, server.endpoint, home), home)
    yield found
    found.simulate()
    found.run("delete", "--all", "--confirm", "shops")


@pytest.fixture
def port(server: LocalServer) -> AwsStackSets:
    return port_of(server)


def port_of(server: LocalServer) -> AwsStackSets:
    keys = (server.keys.access_key_id, server.keys.secret_access_key)
    return AwsStackSets(Session(Connection("eu-west-1", None, server.endpoint, keys)))


def test_the_emulator_keeps_the_contract(port: AwsStackSets) -> None:
    keep_stack_sets(port, SystemClock(), "contract")


def test_the_whole_life_of_a_fleet_of_accounts(fleet: Fleet, server: LocalServer) -> None:
    out, said = fleet.run("deploy", "--dry-run")
    assert (out, "shops: create the StackSet, from templates/shop.yaml" in said) == ("", True)
    assert set(fleet.states().values()) == {"missing"}
    out, said = fleet.run("deploy", "--yes")
    assert (out, f"  {GLOBEX}  succeeded" in said) == ("", True)
    assert fleet.states() == dict.fromkeys(("acme eu-central-1", "acme eu-west-1", "globex eu-west-1"), "current")
    queues = clients_of(server, B)("sqs")
    attributes = queues.get_queue_attributes(QueueUrl=url(server, B), AttributeNames=["All"])["Attributes"]
    assert attributes["MaximumMessageSize"] == "4096"
    assert fleet.run("deploy", "--yes") == ("", "shops: nothing to change\n")

    # What loses data is refused for the client that it is not allowed in, before anything starts.
    fleet.write(PARAMS.replace("{Size: 2048}", "{Size: 2048, QueueName: tasks}"))
    out, said = fleet.run("deploy", "--yes", "--allow-replace", "acme.Queue", code=6)
    assert (out, f"{GLOBEX}: Queue: allow it with --allow-replace Queue" in said) == ("", True)
    assert "orders-globex -> tasks-globex" in said
    assert "(operation" not in said

    # A client's own value is a second operation, and what it does is in the review.
    fleet.write(PARAMS.replace("4096", "8192"))
    said = fleet.run("deploy", "--yes")[1]
    assert f"{GLOBEX} (its parameters) (templates/shop.yaml), by deployed template" in said
    assert "MaximumMessageSize: 4096 -> 8192" in said
    assert "update of 3 stacks" not in said

    # A client that moves to another account leaves its stack, which is deleted by the account.
    fleet.write(PARAMS.replace(B, C))
    assert f"{B} eu-west-1 is in no client of params/local.yaml" in fleet.run("deploy", "--yes")[1]
    assert "add --confirm" in fleet.run("delete", B, "--yes", code=6)[1]
    said = fleet.run("delete", B, "--confirm", B)[1]
    assert "Queue: the queue is deleted, and with it the messages" in said
    assert fleet.run("delete", B, "--yes", code=3)[0] == ""
    assert "1 succeeded" in fleet.run("delete", "globex", "--retain", "--yes")[1]
    assert url(server, C)
    assert "the StackSet is deleted" in fleet.run("delete", "--all", "--confirm", "shops")[1]
    assert set(fleet.states().values()) == {"missing"}


def url(server: LocalServer, account: str) -> str:
    """The queue of globex in that account."""
    return str(clients_of(server, account)("sqs").get_queue_url(QueueName="orders-globex")["QueueUrl"])


def test_a_failure_stops_the_operation_and_the_same_command_goes_on(fleet: Fleet) -> None:
    fleet.simulate(faults={"create:Queue": "no room for a queue"})
    said = fleet.run("deploy", "--yes", code=5)[1]
    assert re.search(rf"error: {ACME}: ResourceLogicalId:Queue, .*ResourceStatusReason:.*no room for a queue", said)
    assert f"acme {A} eu-central-1  cancelled" in said
    assert "outdated" in fleet.states()["acme eu-west-1"]
    fleet.simulate()
    fleet.run("deploy", "--yes")
    # An update that failed: it may be repeated, but a further change is not reviewed.
    fleet.simulate(faults={"update:Queue": "no room for more"})
    fleet.write(PARAMS.replace("2048", "3072"))
    fleet.run("deploy", "--yes", code=5)
    fleet.simulate()
    fleet.write(PARAMS.replace("2048", "5120"))
    said = fleet.run("deploy", "--yes", code=6)[1]
    assert f"{ACME}: its last operation failed or was stopped" in said
    fleet.write(PARAMS.replace("2048", "3072"))
    fleet.run("deploy", "--yes")
    assert set(fleet.states().values()) == {"current"}


def test_a_signal_stops_the_operation_before_the_next_stack(fleet: Fleet) -> None:
    fleet.simulate(delays={"AWS::SQS::*": 1})
    address = ["--env", "local", "--endpoint-url", fleet.project.endpoint]
    process = subprocess.Popen(
        [sys.executable, "-m", "aurora_cfn", "fleet", "deploy", *address, "--yes"], cwd=fleet.project.folder,
        env=os.environ | fleet.project.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr
    lines: list[str] = []
    while not any("running" in line for line in lines):
        lines.append(process.stderr.readline())
        assert lines[-1], lines
    process.send_signal(signal.SIGTERM)
    out, rest = process.communicate(timeout=180)
    assert (process.returncode, out) == (130, ""), rest
    assert "stopping: a stack in progress continues to its end, and no further one begins" in rest
    fleet.simulate()
    said = fleet.run("deploy", "--yes")[1]
    assert "shops: create the stacks of acme in eu-central-1\n" in said
    assert set(fleet.states().values()) == {"current"}


def test_what_is_refused_before_aws_is_asked(fleet: Fleet) -> None:
    ran = fleet.project.run("clients", verb="list")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "use `aurora-cfn fleet deploy|status|delete --env local`" in ran.stderr
    assert "name the clients, or give --all" in fleet.run("delete", "--yes", code=2)[1]
    assert "add --yes to deploy without being asked" in fleet.run("deploy", code=2)[1]
    fleet.write(PARAMS[: PARAMS.index("  accounts:")])
    assert "has no section `fleet.accounts`" in fleet.run("status", code=3)[1]
    fleet.write(PARAMS)


def test_a_stack_set_of_others_is_left_alone_and_the_emulator_says_that_it_is_a_wrapper(
    fleet: Fleet, port: AwsStackSets
) -> None:
    client = port.session.client("cloudformation")
    client.create_stack_set(StackSetName="shops", TemplateBody="Resources: {T: {Type: AWS::SNS::Topic}}")
    assert "the StackSet shops belongs to another owner" in fleet.run("deploy", "--yes", code=6)[1]
    shown = CliRunner(env=fleet.project.environment).invoke(root, ["local", "status"]).stdout
    assert re.search(r"stack set +shops  0 instances  eu-west-1  0+  by a wrapper of ours: any account exists", shown)
    client.delete_stack_set(StackSetName="shops")


def test_a_killed_emulator_keeps_its_stack_sets_and_goes_on_with_no_operation(own: Home) -> None:
    server = launcher.ensure_running(own)
    port, unit = port_of(server), Targets((A,), ("ou-ab12-11111111",))
    port.create_set(SetDefinition("kept", TEMPLATE, {"ClientName": "x"}, permissions="service-managed"), token="a")
    port.create_instances(InstancesRequest("kept", "first", unit, ("eu-west-1",), Preferences()))
    follow(port, "kept", "first", SystemClock(), lambda _: None, lambda: False)
    record = read_record(own.record)
    assert record
    call(record, "POST", "simulation", {"delays": {"AWS::SQS::*": 60}}, keys=keys_of(own))
    port.create_instances(InstancesRequest("kept", "second", unit, ("eu-central-1",), Preferences()))
    assert saved(own, "cloudformation", '"second"')
    killed(server)
    port = port_of(launcher.ensure_running(own))
    (kept,) = [row for row in port.stack_instances("kept") if row.region == "eu-west-1"]
    assert (kept.account, kept.unit, kept.status) == (A, "ou-ab12-11111111", "CURRENT")
    second = port.operation("kept", "second")
    assert second is not None
    assert (second.status, second.reason) == ("STOPPED", "The emulator was stopped while this operation ran")
    assert [row.status for row in port.results("kept", "second")] == ["CANCELLED"]
