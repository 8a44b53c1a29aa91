"""The checks before a deployment, against the emulator: what it would refuse is found before anything is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.aws.account import AwsAccount, AwsNames, StsCaller
from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.deploy.preflight import CheckPorts, WholeRun, preflight, subject
from aurora_cfn.deploy.preflight.reading import deployed
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.model.environment import Environment, EnvironmentStack
from tests.local.conftest import Clients, Stacks

pytestmark = pytest.mark.slow
PASSWORD = "a-long-password"


@pytest.fixture
def session(server: LocalServer, account: str) -> Session:
    return Session(Connection("eu-west-1", None, server.endpoint, (account, server.keys.secret_access_key)))


def template(*resources: tuple[str, str, dict[str, Any]], export: str = "") -> str:
    body: dict[str, Any] = {
        "Resources": {name: {"Type": f"AWS::{kind}", "Properties": given} for name, kind, given in resources}
    }
    if export:
        body["Outputs"] = {"Out": {"Value": "x", "Export": {"Name": export}}}
    return json.dumps(body)


def aurora(**given: Any) -> tuple[str, str, dict[str, Any]]:
    scaling = {"MinCapacity": 0, "MaxCapacity": 1}
    usual = {"Engine": "aurora-postgresql", "MasterUsername": "boss", "MasterUserPassword": PASSWORD}
    return "C", "RDS::DBCluster", {**usual, "ServerlessV2ScalingConfiguration": scaling, **given}


LOG = ("L", "Logs::LogGroup", {"LogGroupName": "/toy"})


def found(session: Session, text: str, name: str = "toy") -> list[tuple[str, str, str]]:
    """Rule, severity and message of everything that the checks find of the stack; no warning that one could not ask."""
    entry = EnvironmentStack("toy", name, "toy", {}, 1)
    environment = Environment("local", "params/local.yaml", "eu-west-1", (entry,), endpoint="local")
    about = subject(environment, entry, text, {}, deployed(AwsCloudFormation(session), name))
    look = CheckPorts(
        AwsDatabases(session), AwsSecrets(session), AwsNames(session), AwsAccount(session), S3Buckets(session)
    )
    rows = preflight(WholeRun(environment, StsCaller(session).identity(), (about,)), look)
    return [(row.rule, row.severity, row.message) for row in rows]


@pytest.mark.parametrize(
    ("engine", "version"),
    [
        ("aurora-postgresql", "17.7"), ("aurora-postgresql", "16"), ("aurora-mysql", "8.0"),
        ("aurora-mysql", "8.0.mysql_aurora.3.10.3"), ("aurora-mysql", "8.0.mysql_aurora.3.10"), ("postgres", "17.9"),
    ],
)  # fmt: skip
def test_a_version_that_the_emulator_takes_is_offered(session: Session, engine: str, version: str) -> None:
    scaling = {} if engine.startswith("aurora") else {"ServerlessV2ScalingConfiguration": None}
    assert found(session, template(aurora(Engine=engine, EngineVersion=version, **scaling))) == []


@pytest.mark.parametrize(
    ("engine", "version", "low", "said"),
    [
        ("aurora-postgresql", "16.3", 0, "aurora-postgresql 16.3 is not offered in eu-west-1: it has 16.14"),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.9", 0, "is not offered in eu-west-1: it has 8.0.mysql_aurora.3.12"),
        ("aurora-postgresql", "13.9", 0, "scales down to 0.5 ACU and so cannot pause, not to 0"),
    ],
)
def test_one_that_it_refuses_is_an_error(session: Session, engine: str, version: str, low: float, said: str) -> None:
    scaling = {"MinCapacity": low, "MaxCapacity": 1}
    text = template(aurora(Engine=engine, EngineVersion=version, ServerlessV2ScalingConfiguration=scaling))
    ((rule, severity, message),) = found(session, text)
    assert (rule, severity) == ("engine-version", "error")
    assert said in message


def test_names_that_are_taken(session: Session, client: Clients) -> None:
    client("logs").create_log_group(logGroupName="/toy")
    client("ssm").put_parameter(Name="/toy/p", Type="String", Value="x")
    client("secretsmanager").create_secret(Name="toy", SecretString="{}")
    client("rds").create_db_cluster(
        DBClusterIdentifier="toy", Engine="aurora-postgresql", MasterUsername="boss", MasterUserPassword=PASSWORD
    )
    parameter = ("P", "SSM::Parameter", {"Name": "/toy/p", "Type": "String", "Value": "x"})
    secret = ("S", "SecretsManager::Secret", {"Name": "toy"})
    rows = found(session, template(aurora(DBClusterIdentifier="Toy"), LOG, parameter, secret))
    assert {(rule, severity) for rule, severity, _ in rows} == {("names", "error")}
    assert [message.partition(":")[0] for *_, message in rows] == ["C", "L", "P", "S"]


def test_an_export_in_use_a_running_version_and_protection(session: Session, stacks: Stacks) -> None:
    before = aurora(DBClusterIdentifier="guarded", EngineVersion="17.7", DeletionProtection=True)
    stacks.create("toy", json.loads(template(LOG, before, export="toy-Out")))
    value = {"Fn::ImportValue": "toy-Out"}
    user = template(("P", "SSM::Parameter", {"Name": "/user", "Type": "String", "Value": value}))
    stacks.create("user", json.loads(user))
    rows = found(session, template(LOG, aurora(DBClusterIdentifier="guarded", EngineVersion="17.5")))
    assert [row[:2] for row in rows] == [("running-version", "error"), ("exports", "error")]
    rows = found(session, template(LOG, export="toy-Out"))
    assert [row[:2] for row in rows] == [("deletion-protection", "error")]


def test_what_no_stack_exports_and_a_secret_that_is_missing(session: Session) -> None:
    password = "{{resolve:secretsmanager:nowhere:SecretString:password}}"
    text = template(aurora(MasterUserPassword=password, DBSubnetGroupName={"Fn::ImportValue": "nowhere"}))
    assert [row[:2] for row in found(session, text)] == [("imports", "error"), ("secret", "error")]
