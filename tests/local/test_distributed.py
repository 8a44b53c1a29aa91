"""Aurora DSQL: a cluster with a real database that accepts a token as password."""

from __future__ import annotations

from typing import Any

import boto3
import psycopg2
import psycopg2.extensions
import pytest

from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.postgres.front.distributed import granted
from tests.local.conftest import Stacks, listens, place


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("select 1", "select 1"),
        ("AWS IAM GRANT api TO 'arn:x'", "INSERT INTO sys.iam_pg_role_mappings"),
        ('aws iam grant "A""b" to \'arn:x\';', "'A\"b'::regrole"),
        ("AWS IAM REVOKE api FROM 'arn:x'", "DELETE FROM sys.iam_pg_role_mappings WHERE pg_role_name = 'api'"),
        ("select 'AWS IAM GRANT api TO ''arn:x'''", "select 'AWS IAM GRANT api TO ''arn:x'''"),
    ],
)
def test_grants_of_iam_become_rows(sql: str, words: str) -> None:
    assert words in granted(sql)


def run(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


@pytest.mark.slow
def test_a_cluster_serves_roles_that_were_granted_and_no_one_else(server: LocalServer, stacks: Stacks) -> None:
    body = {
        "Resources": {"D": {"Type": "AWS::DSQL::Cluster", "Properties": {"DeletionProtectionEnabled": False}}},
        "Outputs": {"Host": {"Value": {"Fn::GetAtt": "D.Endpoint"}}, "Id": {"Value": {"Ref": "D"}}},
    }
    outputs = stacks.create("dsql", body)
    host, port = place(outputs["Host"])
    signer = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1").client(
        "dsql"
    )
    admin = signer.generate_db_connect_admin_auth_token(host, "eu-west-1")
    other = signer.generate_db_connect_auth_token(host, "eu-west-1")

    def connect(user: str, token: str, **more: Any) -> Any:
        given = {"host": host, "sslmode": "require", "connect_timeout": 10} | more
        connection = psycopg2.connect(port=port, user=user, password=token, dbname="postgres", **given)
        connection.autocommit = True
        return connection

    session = connect("admin", admin)
    assert run(session, "select current_user") == ("admin",)
    run(session, "create table games (id int primary key)")
    run(session, "create role api with login")
    with pytest.raises(psycopg2.OperationalError, match="access denied for api"):
        connect("api", other)
    run(session, "AWS IAM GRANT api TO 'arn:aws:iam::123456789012:role/api'")
    with pytest.raises(psycopg2.Error, match="permission denied for table games"):
        run(connect("api", other), "select * from games")
    run(session, "grant select on games to api")
    assert run(connect("api", other), "select count(*) from games") == (0,)
    elsewhere = [
        signer.generate_db_connect_admin_auth_token("127.0.0.99", "eu-west-1"),
        signer.generate_db_connect_admin_auth_token(host, "us-east-1"),
        boto3.Session("test", "test")
        .client("dsql", "eu-west-1")
        .generate_db_connect_admin_auth_token(host, "eu-west-1"),
    ]
    faults: list[tuple[str, str, dict[str, str]]] = [("admin", token, {}) for token in (other, "guessed", *elsewhere)]
    for user, token, more in (*faults, ("admin", admin, {"sslmode": "disable"})):
        with pytest.raises(psycopg2.OperationalError, match="unable to accept connection"):
            connect(user, token, **more)
    full = f"{outputs['Id']}.dsql.eu-west-1.on.aws"
    named = signer.generate_db_connect_admin_auth_token(full, "eu-west-1")
    assert run(connect("admin", named, host=full, hostaddr=host), "select 1") == (1,)
    if psycopg2.extensions.libpq_version() >= 170000:
        assert run(connect("admin", admin, sslnegotiation="direct"), "select 1") == (1,)
    assert listens(server, host, port)
    stacks.delete("dsql")
    assert not listens(server, host, port)
