"""One emulator for a whole run of tests, in a home of its own; accounts keep the tests apart."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer

Clients = Callable[..., Any]
_accounts = itertools.count(100000000000)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    here = Home(tmp_path_factory.mktemp("emulator"))
    yield here
    launcher.reset(here)


@pytest.fixture(scope="session")
def server(home: Home) -> LocalServer:
    return launcher.ensure_running(home)


@pytest.fixture
def account() -> str:
    """An account that no other test uses."""
    return str(next(_accounts))


def clients_of(endpoint: str, account: str, region: str = "eu-west-1") -> Clients:
    def client(service: str, region: str = region) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service, endpoint_url=endpoint, region_name=region, aws_access_key_id=account,
            aws_secret_access_key="test", config=Config(retries={"max_attempts": 0}, proxies={}),
        )  # fmt: skip

    return client


@pytest.fixture
def client(server: LocalServer, account: str) -> Clients:
    return clients_of(server.endpoint, account)
