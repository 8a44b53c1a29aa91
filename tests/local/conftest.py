"""One emulator for a whole run of tests, in a home of its own; accounts keep the tests apart."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_json
from tests.local.response_shapes import problems
from tests.waiting import until

Clients = Callable[..., Any]
NOT_OURS = frozenset({"ec2", "lambda"})
"""Services whose answers are ministack's alone: networks are records, and its functions lack some members."""
_accounts = itertools.count(100000000000)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    here = Home(tmp_path_factory.mktemp("emulator"))
    yield here
    launcher.reset(here)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Home]:
    """A home of this test alone, and no server left in it."""
    home = Home(tmp_path / "home")
    yield home
    launcher.reset(home)


@pytest.fixture(scope="session")
def server(home: Home) -> LocalServer:
    return launcher.ensure_running(home)


@pytest.fixture
def account() -> str:
    """An account that no other test uses."""
    return str(next(_accounts))


def clients_of(server: LocalServer, account: str = "", region: str = "eu-west-1") -> Clients:
    """Makers of clients with the emulator's keys, in an account of its own where one is given."""
    keys = server.keys

    def client(service: str, region: str = region) -> Any:
        made = boto3.client(  # type: ignore[call-overload]
            service, endpoint_url=server.endpoint, region_name=region,
            aws_access_key_id=account or keys.access_key_id, aws_secret_access_key=keys.secret_access_key,
            config=Config(retries={"max_attempts": 0}, proxies={}),
        )  # fmt: skip
        made.meta.events.register_first("before-parse.*.*", fits_its_model)
        return made

    return client


def fits_its_model(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Fail the test that gets an answer which does not fit the service's model."""
    found = [] if operation_model.service_model.service_name in NOT_OURS else problems(operation_model, response_dict)
    assert not found, sorted(set(found))


@pytest.fixture
def client(server: LocalServer, account: str) -> Clients:
    return clients_of(server, account)


class Stacks:
    """Stacks of one test, waited for, with the reasons of what failed."""

    def __init__(self, client: Clients) -> None:
        self.client = client
        self.cloudformation = client("cloudformation")

    def settled(self, name: str, timeout: float = 40.0) -> dict[str, Any]:
        """The stack as soon as nothing is in progress; status DELETE_COMPLETE when it is gone."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            try:
                stack: dict[str, Any] = self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            except self.cloudformation.exceptions.ClientError:
                return {"StackStatus": "DELETE_COMPLETE"}
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                return stack
            time.sleep(0.03)
        raise TimeoutError(name)

    def events(self, name: str) -> int:
        """How many events the stack has."""
        return len(self.cloudformation.describe_stack_events(StackName=name)["StackEvents"])

    def create(self, name: str, body: Any, expected: str = "CREATE_COMPLETE", **more: Any) -> dict[str, str]:
        """The outputs of a new stack."""
        self.cloudformation.create_stack(StackName=name, TemplateBody=_text(body), **CAPABLE, **more)
        return self._outputs(name, expected)

    def update(self, name: str, body: Any, expected: str = "UPDATE_COMPLETE", **more: Any) -> dict[str, str]:
        """The outputs of an updated stack."""
        self.cloudformation.update_stack(StackName=name, TemplateBody=_text(body), **CAPABLE, **more)
        return self._outputs(name, expected)

    def delete(self, name: str, expected: str = "DELETE_COMPLETE") -> None:
        """Delete a stack."""
        self.cloudformation.delete_stack(StackName=name)
        self._outputs(name, expected)

    def reasons(self, name: str) -> list[str]:
        """Why resources and the stack failed, first cause first."""
        events = reversed(self.cloudformation.describe_stack_events(StackName=name)["StackEvents"])
        rows = [
            (event["LogicalResourceId"], event.get("ResourceStatusReason"), event["ResourceStatus"]) for event in events
        ]
        failed = ("FAILED", "ROLLBACK_IN_PROGRESS")
        said = [(name, reason) for name, reason, status in rows if reason and status.endswith(failed)]
        return [f"{name}: {reason}" for name, reason in said if not reason.startswith("The following resource(s)")]

    def _outputs(self, name: str, expected: str) -> dict[str, str]:
        stack = self.settled(name)
        assert stack["StackStatus"] == expected, self.reasons(name)
        return {row["OutputKey"]: row["OutputValue"] for row in stack.get("Outputs", [])}


def saved(home: Home, service: str, *words: str) -> bool:
    """Whether the state of the service on disk, which is what a kill leaves, has these words in the end."""
    path = home.state / f"{service}.json"
    return until(lambda: path.exists() and all(word in path.read_text() for word in words))


def saved_stack(home: Home, name: str, *statuses: str) -> bool:
    """Whether the state on disk has the stack in the end, with one of the statuses if any are given."""

    def there() -> bool:
        found = read_json(home.state / "cloudformation.json") or {}
        rows = found.get("payload", {}).get("stacks", {}).get("data", {}).values()
        return any(row["StackName"] == name and (not statuses or row["StackStatus"] in statuses) for row in rows)

    return until(there)


CAPABLE: dict[str, Any] = {"Capabilities": ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]}


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


@pytest.fixture
def stacks(client: Clients) -> Stacks:
    return Stacks(client)


def listens(server: LocalServer, address: str, port: int) -> bool:
    """Whether this emulator, and not another one that runs beside it, listens there."""
    connections = psutil.Process(server.pid).net_connections()
    return any(each.status == "LISTEN" and each.laddr == (address, port) for each in connections)


def place(endpoint: str) -> tuple[str, int]:
    """Host and port of an endpoint; the port is there only where another program has 5432 on every address."""
    host, _, port = endpoint.partition(":")
    return host, int(port or 5432)


def listening(server: LocalServer) -> list[str]:
    """Every address at which the emulator or a process that it started listens."""
    process = psutil.Process(server.pid)
    found = []
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, FileNotFoundError):  # a database session ends when it likes
            found += [row.laddr.ip for row in each.net_connections() if row.status == "LISTEN"]
    return found
