"""The ports beside deploying, against the emulator: what RDS, the names, the imports and the drift of a stack say."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.aws.account import AwsAccount, AwsNames
from aurora_cfn.aws.clock import SystemClock
from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.drifts import AwsDrifts, CloudControl
from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.aws.secrets import AwsSecrets
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.ssm import SsmClaims
from aurora_cfn.deploy.context import Context, RunEnvironment, RunId
from aurora_cfn.deploy.drift import Detection
from aurora_cfn.deploy.import_resources import adopted, planned, take_in
from aurora_cfn.deploy.preflight.subject import Deployed, subject
from aurora_cfn.deploy.preview import WarningsOnly
from aurora_cfn.deploy.snapshots import SnapshotTask
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.stack import Stack
from tests.aws.claims_contract import keep_claims, one_of_many_wins
from tests.aws.surroundings_contract import keep_databases, keep_exports, keep_names, keep_snapshots
from tests.local.conftest import Clients, Stacks

pytestmark = pytest.mark.slow
TEMPLATE = """\
Resources:
  Address:
    Type: AWS::SSM::Parameter
    Properties: {Name: /toy/address, Type: String, Value: here}
Outputs:
  Address:
    Value: !Ref Address
    Export: {Name: toy-Address}
"""
USER = """\
Resources:
  Copy:
    Type: AWS::SSM::Parameter
    Properties: {Name: /toy/copy, Type: String, Value: !ImportValue toy-Address}
"""


@pytest.fixture
def session(server: LocalServer, account: str) -> Session:
    return Session(Connection("eu-west-1", None, server.endpoint, (account, server.keys.secret_access_key)))


def created(client: Clients, name: str, template: str) -> Stack:
    arn = client("cloudformation").create_stack(StackName=name, TemplateBody=template)["StackId"]
    assert Stacks(client).settled(arn)["StackStatus"] == "CREATE_COMPLETE"
    return Stack(arn, name, "CREATE_COMPLETE")


def test_drift_is_found_and_is_gone_when_it_is_taken_back(session: Session, client: Clients) -> None:
    stack = created(client, "toy", TEMPLATE)
    detection = Detection(AwsDrifts(session), SystemClock(), limit=30)
    assert detection.run("toy", stack).drifted == ()
    client("ssm").put_parameter(Name="/toy/address", Value="elsewhere", Overwrite=True)
    (row,) = detection.run("toy", stack).drifted
    assert [(one.path, one.expected, one.actual) for one in row.properties] == [("/Value", "here", "elsewhere")]
    client("ssm").put_parameter(Name="/toy/address", Value="here", Overwrite=True)
    assert detection.run("toy", stack).drifted == ()


def test_imports_names_and_keys_of_secrets(session: Session, client: Clients) -> None:
    created(client, "toy", TEMPLATE)
    account = AwsAccount(session)
    assert account.importers("toy-Address") == []
    created(client, "user", USER)
    client("logs").create_log_group(logGroupName="/toy/log")
    text = json.dumps({"username": "u", "password": "p"})
    client("secretsmanager").create_secret(Name="boss", SecretString=text)
    keep_names(AwsNames(session), AwsSecrets(session))
    keep_exports(account)


def test_a_cluster_its_versions_and_a_snapshot(session: Session, client: Clients) -> None:
    databases = AwsDatabases(session)
    version = databases.versions("aurora-postgresql", "17")[-1].version
    client("rds").create_db_cluster(
        DBClusterIdentifier="toy", Engine="aurora-postgresql", EngineVersion=version, MasterUsername="boss",
        MasterUserPassword="a-long-password",
    )  # fmt: skip
    keep_databases(databases, version)
    keep_snapshots(AwsSnapshots(session), lambda: None)
    client("rds").create_db_instance(
        DBInstanceIdentifier="alone", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
        MasterUsername="boss", MasterUserPassword="a-long-password",
    )  # fmt: skip
    one = SnapshotTask(AwsSnapshots(session), SystemClock(), lambda _: None).take("alone", "alone-x", {}, "db-instance")
    assert (one.status, one.database, one.kind) == ("available", "alone", "db-instance")
    assert AwsSnapshots(session).snapshot("nothing", kind="db-instance") is None
    alone = databases.instance("alone")
    assert alone is not None
    assert (alone.status, alone.cluster) == ("available", "")


def test_an_existing_parameter_is_taken_into_a_new_stack(session: Session, client: Clients) -> None:
    client("ssm").put_parameter(Name="/toy/address", Type="String", Value="real")
    entry = EnvironmentStack("toy", "toy", "toy", {}, 1)
    environment = Environment("local", "params/local.yaml", "eu-west-1", (entry,), endpoint="local")
    about = subject(environment, entry, TEMPLATE, {}, Deployed())
    one = planned(about, adopted(about, ["Address=/toy/address"], CloudControl(session)))
    cloudformation = AwsCloudFormation(session)
    context = Context(
        cloudformation, SystemClock(), WarningsOnly(), RunId("r"), RunEnvironment("local"),
    )  # fmt: skip
    result = take_in(context, DesiredStack(entry, "params/local.yaml", TEMPLATE), one, lambda _: True)
    assert result.outcome == "created", result.cause
    found = cloudformation.stack("toy")
    assert found is not None
    assert found.status == "IMPORT_COMPLETE"
    assert [row.physical_id for row in cloudformation.resources("toy")] == ["/toy/address"]
    assert client("ssm").get_parameter(Name="/toy/address")["Parameter"]["Value"] == "real"
    (change,) = one.still_to_change()
    assert change.logical_id == "Address"


def test_systems_manager_keeps_to_the_contract_of_claims(session: Session) -> None:
    claims = SsmClaims(session)
    keep_claims(claims)
    one_of_many_wins(claims)
