"""One DSQL cluster for the tests of this folder, and sessions of its admin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import psycopg2
import pytest

from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import Stacks, clients_of, place

Connect = Callable[[], "Client"]
BODY = {
    "Resources": {"D": {"Type": "AWS::DSQL::Cluster", "Properties": {"DeletionProtectionEnabled": False}}},
    "Outputs": {"Host": {"Value": {"Fn::GetAtt": "D.Endpoint"}}, "Id": {"Value": {"Ref": "D"}}},
}


class Client:
    """A session that gives a statement's rows, the count of changed rows, or the code and words of its error."""

    def __init__(self, **where: Any) -> None:
        self.connection = psycopg2.connect(**where)
        self.connection.autocommit = True

    def __call__(self, statement: str, *parameters: Any) -> Any:
        with self.connection.cursor() as cursor:
            try:
                cursor.execute(statement, parameters or None)
            except psycopg2.Error as error:
                return f"{error.pgcode} {error.diag.message_primary}"
            return cursor.fetchall() if cursor.description else cursor.rowcount


@pytest.fixture(scope="module")
def connect(server: LocalServer) -> Iterator[Connect]:
    stacks = Stacks(clients_of(server, "333333333333"))
    host, port = place(stacks.create("dsql-rules", BODY)["Host"])
    signer = boto3.Session("333333333333", server.keys.secret_access_key, region_name="eu-west-1").client("dsql")
    open_clients: list[Client] = []

    def opened() -> Client:
        token = signer.generate_db_connect_admin_auth_token(host, "eu-west-1")
        client = Client(host=host, port=port, user="admin", password=token, dbname="postgres", sslmode="require")
        open_clients.append(client)
        return client

    yield opened
    for client in open_clients:
        client.connection.close()
    stacks.delete("dsql-rules")


@pytest.fixture
def one(connect: Connect) -> Client:
    return connect()


@pytest.fixture
def two(connect: Connect) -> Client:
    return connect()
