"""An RDS Proxy in a stack: it listens, asks for a token, and logs in at the database with the secret."""

from __future__ import annotations

from typing import Any

import boto3
import psycopg2
import pytest

from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import Stacks, listens, place
from tests.local.rds.test_stacks_with_databases import cluster, row

pytestmark = pytest.mark.slow


def behind_a_proxy(iam: str) -> dict[str, Any]:
    body = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None)
    secret = {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}
    body["Resources"] |= {
        "V": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "A": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "V"}, "CidrBlock": "10.0.1.0/24"}},
        "B": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "V"}, "CidrBlock": "10.0.2.0/24"}},
        "P": {
            "Type": "AWS::RDS::DBProxy",
            "Properties": {
                "DBProxyName": "door", "EngineFamily": "POSTGRESQL", "RequireTLS": True,
                "RoleArn": "arn:aws:iam::123456789012:role/proxy", "VpcSubnetIds": [{"Ref": "A"}, {"Ref": "B"}],
                "Auth": [{"AuthScheme": "SECRETS", "SecretArn": secret, "IAMAuth": iam}],
            },
        },
        "T": {
            "Type": "AWS::RDS::DBProxyTargetGroup", "DependsOn": "I",
            "Properties": {
                "DBProxyName": {"Ref": "P"}, "TargetGroupName": "default", "DBClusterIdentifiers": [{"Ref": "C"}],
            },
        },
    }  # fmt: skip
    body["Outputs"] = {"Host": {"Value": {"Fn::GetAtt": "P.Endpoint"}}, "Secret": {"Value": secret}}
    return body


def test_a_token_opens_the_proxy_and_nothing_else_does(server: LocalServer, stacks: Stacks) -> None:
    endpoint = stacks.create("px", behind_a_proxy("REQUIRED"))["Host"]
    assert stacks.client("rds").describe_db_proxies()["DBProxies"][0]["Endpoint"] == endpoint
    host, port = place(endpoint)

    def connect(password: str, user: str = "boss", **more: Any) -> Any:
        given = {"host": host, "port": port, "dbname": "temporal", "user": user, "connect_timeout": 10} | more
        return psycopg2.connect(password=password, **given)

    session = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1")
    token = session.client("rds").generate_db_auth_token(DBHostname=host, Port=port, DBUsername="boss")
    assert row(connect(token), "select current_user") == ("boss",)
    for name, number, region in (("127.0.0.99", port, None), (host, port + 1, None), (host, port, "us-east-1")):
        other = session.client("rds").generate_db_auth_token(name, number, "boss", Region=region)
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(other)
    stranger = boto3.Session("test", "test", region_name="eu-west-1").client("rds")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(stranger.generate_db_auth_token(host, port, "boss"))
    with pytest.raises(psycopg2.OperationalError, match="requires TLS"):
        connect(token, sslmode="disable")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect("guessed")
    with pytest.raises(psycopg2.OperationalError, match="no credentials for the role"):
        connect(token, user="stranger")
    assert listens(server, host, port)
    stacks.delete("px")
    assert not listens(server, host, port)
