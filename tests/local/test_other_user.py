"""Another user of the machine reaches every port, and gets nothing."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import psycopg2
import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.servers.folders import data_folder, outside_folders
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import cluster

OTHER = 61234
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"),
]


def as_another_user(work: Callable[[], Any]) -> Any:
    """The result of work done by a process of another user; a text that begins with ! for what it raised."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(OTHER)
            os.setuid(OTHER)
            found = work()
        except BaseException as error:
            found = f"!{type(error).__name__}: {error}"
        os.write(writer, json.dumps(found).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        text = file.read()
    os.waitpid(pid, 0)
    return json.loads(text)


@pytest.fixture(scope="module")
def database(server: LocalServer) -> Any:
    keys = server.keys
    session = boto3.Session("444444444444", keys.secret_access_key, region_name="eu-west-1")
    stacks = Stacks(lambda service: session.client(service, endpoint_url=server.endpoint))
    outputs = stacks.create("guarded", cluster(deletion="Delete"))
    yield {"host": outputs["Host"], "port": int(outputs["Port"])}
    stacks.delete("guarded")


@pytest.mark.parametrize("user", ["rdsadmin", "postgres", "rds_superuser", "boss"])
@pytest.mark.parametrize("tls", ["require", "disable"])
def test_no_user_of_the_database_comes_in_without_its_password(database: Any, user: str, tls: str) -> None:
    found = as_another_user(lambda: str(psycopg2.connect(user=user, dbname="postgres", sslmode=tls, **database)))
    assert found.startswith("!OperationalError")


def test_the_engine_s_own_superuser_is_refused_in_the_words_of_rds(database: Any) -> None:
    found = as_another_user(lambda: str(psycopg2.connect(user="rdsadmin", dbname="postgres", **database)))
    assert 'pg_hba.conf rejects connection for host "127.0.0.1", user "rdsadmin"' in found


def listed(folder: Path) -> list[str]:
    return [str(each) for each in folder.iterdir()]


def test_no_file_and_no_socket_of_the_emulator_can_be_opened(database: Any, home: Home) -> None:
    data = [each for each in data_folder(home).glob("*/") if each.name != "binaries"]  # PostgreSQL's own files
    folders = [home.path, home.postgres, *data, *outside_folders(home)]
    assert len(folders) > 3
    for folder in folders:
        assert as_another_user(partial(listed, folder)).startswith("!PermissionError"), folder
    assert as_another_user(home.keys.read_text).startswith("!PermissionError")
    sockets = list(data_folder(home).glob("*/.s.PGSQL.5432"))
    assert sockets
    for socket in sockets:
        inside = partial(psycopg2.connect, host=str(socket.parent), user="rdsadmin", dbname="postgres")
        assert "Permission denied" in as_another_user(inside)


@pytest.mark.parametrize("keys", [("test", "test"), ("000000000000", "test"), ("444444444444", "guess")])
def test_no_key_of_its_own_making_opens_an_api(server: LocalServer, keys: tuple[str, str]) -> None:
    session = boto3.Session(*keys, region_name="eu-west-1")
    # Made here: the packages may lie in a folder that the other user cannot read.
    secrets = session.client("secretsmanager", endpoint_url=server.endpoint)

    def call() -> str:
        try:
            secrets.list_secrets()
        except ClientError as error:
            return str(error)
        return "listed"

    found = as_another_user(call)
    assert "UnrecognizedClientException" in found or "InvalidSignatureException" in found
    assert "aurora-cfn local env" in found


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/", {"X-Amz-Target": "secretsmanager.ListSecrets"}),
        ("POST", "/", {"X-Amz-Target": "secretsmanager.ListSecrets", "Host": "0123abcd.execute-api.localhost"}),
        ("POST", "/Execute", {}),
        ("POST", "/2015-03-31/functions", {}),
        ("GET", "/?Action=DescribeDBClusters&Version=2014-10-31", {}),
        ("GET", "/_aurora_cfn/status", {}),
        ("POST", "/_aurora_cfn/pause", {"Authorization": "Bearer guess"}),
        ("POST", "/_ministack/reset", {}),
        ("GET", "/_ministack/lambda-code/f", {}),
    ],
)
def test_nothing_is_answered_without_a_signature(
    server: LocalServer, method: str, path: str, headers: dict[str, str]
) -> None:
    def call() -> int:
        request = urllib.request.Request(server.endpoint + path, b"{}" if method == "POST" else None, headers)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert as_another_user(call) in (400, 401, 403)
