"""`dev` on AWS as a whole, against the emulator: swap, relay, saves, errors, kill -9, restore, and the schedule."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.aws.live_ends import AwsSessionEnds
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.model.live_session import CodePlace
from tests.examples.test_dev import Session as Running
from tests.examples.workplace import ROOT, Workplace
from tests.waiting import until

pytestmark = pytest.mark.slow
TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: lambda.amazonaws.com}}
  Greeter:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: app.main
      Timeout: 20
      Role: !GetAtt Role.Arn
      Code: ../src
      Environment: {Variables: {GREETING: hello}}
"""
PARAMS = """\
region: eu-west-1
account: "000000000000"
live: true
permissions_boundary: arn:aws:iam::aws:policy/PowerUserAccess
stacks:
  shop:
    template: shop
"""
CODE = """\
import os, time

def main(event, context):
    if event.get("fail"):
        raise KeyError(event["fail"])
    time.sleep(event.get("sleep", 0))
    print("greeted", event.get("name"))
    return {"answer": f"{os.environ['GREETING']} {event.get('name')}", "who": os.environ.get("AWS_ACCESS_KEY_ID", ""),
            "size": len(event.get("pad", ""))}
"""


class Shop:
    """The project, its deployed function, and the `dev` of it."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        lines = [line.removeprefix("export ").partition("=") for line in place.run("local", "env").stdout.splitlines()]
        self.values = {name: value.strip("'\"") for name, _, value in lines if name.startswith("AWS_")}
        self.client = place.client("lambda")
        (place.folder / "src").mkdir()
        self.source = place.folder / "src" / "app.py"
        self.source.write_text(CODE)
        (place.folder / "templates" / "shop.yaml").write_text(TEMPLATE)
        (place.folder / "params" / "shop.yaml").write_text(PARAMS)
        done = self.run("deploy", "--yes", "--no-proof", "--no-preflight")
        assert done.returncode == 0, done.stderr
        stack = place.client("cloudformation").describe_stack_resource(
            StackName="shop-shop", LogicalResourceId="Greeter"
        )
        self.name = stack["StackResourceDetail"]["PhysicalResourceId"]
        self.packaged = self.sha()

    @property
    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {**kept, **self.values, "AURORA_CFN_HOME": str(self.place.home), "PYTHONPATH": str(ROOT)}

    def words(self, verb: str, *options: str) -> list[str]:
        return [verb, "--env", "shop", "--endpoint-url", self.values["AWS_ENDPOINT_URL"], *options]

    def command(self, verb: str, *options: str) -> list[str]:
        return [sys.executable, "-m", "aurora_cfn", *self.words(verb, *options)]

    def run(self, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
        return self.place.run(*self.words(verb, *options), environ=self.values)

    def asked(self, answer: str) -> int:
        """The exit code of `deploy` on a terminal that gives this answer to its question about the session."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            self.command("deploy", "--no-proof", "--no-preflight"), cwd=self.place.folder, env=self.environ,
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        seen, said = b"", False
        with suppress(OSError):  # EIO: it has ended
            while select.select([ours], [], [], 120)[0] and (more := os.read(ours, 4096)):
                seen += more
                if not said and b"[y/N]" in seen:
                    os.write(ours, f"{answer}\n".encode())
                    said = True
        os.close(ours)
        assert b"End that and put the deployed code back first? [y/N]" in seen, seen
        return process.wait(timeout=120)

    def sha(self) -> str:
        return str(self.client.get_function_configuration(FunctionName=self.name)["CodeSha256"])

    def call(self, **event: Any) -> tuple[Any, str]:
        """The answer of the function, and the kind of error."""
        found = self.client.invoke(FunctionName=self.name, Payload=json.dumps(event))
        return json.loads(found["Payload"].read()), found.get("FunctionError", "")

    @contextmanager
    def dev(self, *options: str) -> Iterator[Running]:
        path = self.place.folder / "dev.txt"
        with path.open("wb") as file:
            process = subprocess.Popen(
                self.command("dev", *options), cwd=self.place.folder, env=self.environ | {"PYTHONUNBUFFERED": "1"},
                stdout=file, stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
            )  # fmt: skip
            running = Running(process, path)
            try:
                assert until(lambda: "save a file" in running.said() or process.poll() is not None), running.said()
                assert process.poll() is None, running.said()
                yield running
            finally:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def shop(workplace: Workplace) -> Shop:
    return Shop(workplace)


def seconds(work: Callable[[], Any]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_a_session_answers_from_the_folder_and_ctrl_c_puts_the_code_back(shop: Shop) -> None:
    with shop.dev() as running:
        assert shop.sha() != shop.packaged
        assert shop.call(name="Mars")[0]["answer"] == "hello Mars"
        shop.source.write_text(CODE.replace("GREETING']} ", "GREETING']}, dear "))
        assert shop.call(name="Mars")[0]["answer"] == "hello, dear Mars"
        times = [seconds(lambda: shop.call(name="Mars")) for _ in range(10)]
        assert statistics.median(times) < 0.4, times
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(lambda number: shop.call(name=str(number))[0], range(6)))
        assert [row.get("answer", row) for row in found] == [f"hello, dear {number}" for number in range(6)]
        body, kind = shop.call(fail="nothing")
        # The emulator's own workers give each error one type, where Lambda gives the exception's.
        assert (body["errorMessage"], kind) == ("'nothing'", "Unhandled")
        with ThreadPoolExecutor(2) as pool:
            # Longer than a silent session may be, and larger than a message.
            slow = pool.submit(shop.call, name="slow", sleep=4.5)
            large = pool.submit(shop.call, name="large", pad=os.urandom(400_000).hex())
            other = shop.run("dev")
        assert slow.result()[0]["answer"] == "hello, dear slow"
        assert large.result()[0]["size"] == 800_000
        shop.source.write_text(CODE)
        assert (other.returncode, "live until" in other.stderr) == (7, True), other.stderr
        result = shop.run("status")
        assert "Greeter runs a live session: " in result.stderr + result.stdout, result.stdout + result.stderr
        refused = shop.run("deploy", "--yes", "--no-proof", "--no-preflight")
        assert (refused.returncode, "dev --env shop" in refused.stderr) == (7, True), refused.stderr
        # On a terminal it asks whether to end the session first; no is the answer without one.
        assert shop.asked("n") == 7
        assert shop.sha() != shop.packaged
        assert running.end(signal.SIGINT) == 130, running.said()
    assert "runs the deployed code again" in running.said()
    assert "greeted Mars" in running.said()
    assert shop.sha() == shop.packaged
    assert left(shop) == ([], [])


def left(shop: Shop) -> tuple[list[str], list[str]]:
    queues = shop.place.client("sqs").list_queues(QueueNamePrefix="aurora-cfn-live-").get("QueueUrls", [])
    rows = shop.place.client("scheduler").list_schedules(NamePrefix="aurora-cfn-live-")["Schedules"]
    return queues, [row["Name"] for row in rows]


def test_a_deployment_ends_the_session_after_a_yes(shop: Shop) -> None:
    iam = shop.place.client("iam")
    (name,) = (row["RoleName"] for row in iam.list_roles()["Roles"] if row["RoleName"].startswith("aurora-cfn-live-"))
    # As a session of an older version left it.
    iam.delete_role_permissions_boundary(RoleName=name)
    with shop.dev() as running:
        boundary = iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
        assert boundary == "arn:aws:iam::aws:policy/PowerUserAccess"
        assert shop.asked("y") == 0
        assert until(lambda: running.process.poll() is not None), running.said()
    assert shop.sha() == shop.packaged
    assert left(shop) == ([], [])


def test_after_kill_9_callers_get_502_soon_and_restore_puts_the_code_back(shop: Shop) -> None:
    with shop.dev("--as-function") as running:
        assert shop.call(name="Mars")[0]["who"] != shop.values["AWS_ACCESS_KEY_ID"]
        running.end(signal.SIGKILL)
    with ThreadPoolExecutor(2) as pool:
        direct = pool.submit(shop.call, name="Mars")
        began = time.monotonic()
        answer, _ = shop.call(requestContext={"http": {"method": "GET"}}, rawPath="/")
        assert time.monotonic() - began < 5
    assert answer["statusCode"] == 502
    assert "aurora-cfn dev --env shop" in json.loads(answer["body"])["error"]
    assert "does not answer" in direct.result()[0]["errorMessage"]
    assert len(left(shop)[1]) == 1
    done = shop.run("dev", "--restore")
    assert (done.returncode, shop.sha() == shop.packaged) == (0, True), done.stderr
    assert left(shop) == ([], [])
    assert shop.call(name="Mars")[0]["answer"] == "hello Mars"
    assert "has no live session" in shop.run("dev", "--restore").stderr


def test_a_schedule_puts_the_code_back_when_the_machine_is_gone(shop: Shop) -> None:
    values = shop.values
    session = Session(
        Connection(
            "eu-west-1", None, values["AWS_ENDPOINT_URL"],
            (values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"]),
        )
    )  # fmt: skip
    with shop.dev() as running:
        running.end(signal.SIGKILL)
    state = AwsFunctions(session).function_state(shop.name)
    assert state
    (name,) = left(shop)[1]
    target = shop.place.client("scheduler").get_schedule(Name=name)["Target"]
    sent = json.loads(target["Input"])
    assert sent["RevisionId"] == state.revision
    ends = AwsSessionEnds(session, target["RoleArn"].rpartition("/")[2])
    past = datetime.now(UTC) - timedelta(minutes=1)
    ends.set_session_end(name, past, state, CodePlace(sent["S3Bucket"], sent["S3Key"]), guarded=True)
    assert until(lambda: shop.sha() == shop.packaged)
    # The next session finds the queues of the killed one, and ends it.
    with shop.dev() as running:
        assert "ends the session of a command that was killed" in running.said()
        running.end(signal.SIGTERM)
    assert left(shop) == ([], [])


REFUSALS = {
    "no consent": (PARAMS.replace("live: true\n", ""), "write `live: true`"),
    "a protected stack": (f"{PARAMS}    protect: true\n", "shop is protected"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_without_consent_nothing_is_replaced(shop: Shop, case: str) -> None:
    params, what = REFUSALS[case]
    path: Path = shop.place.folder / "params" / "shop.yaml"
    path.write_text(params)
    try:
        done = shop.run("dev")
    finally:
        path.write_text(PARAMS)
    assert (done.returncode, what in done.stderr) == (3, True), done.stderr
    assert shop.sha() == shop.packaged
