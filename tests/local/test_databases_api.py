"""databases-api deployed to the emulator: clients in two regions over signed HTTP, from their creation to their end."""

from __future__ import annotations

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_record
from aurora_cfn.local.wire import call
from tests.handlers.openapi import check_answer
from tests.local.conftest import clients_of
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
tags: {Team: databases}
stacks:
  network: {template: network, parameters: {NatGateways: none, LogRetentionDays: 1}}
  api: {template: databases-api, parameters: {LogRetentionDays: 1}}
fleet:
  name: shop
  template: aurora-serverless-postgres
  regions: [eu-west-1, eu-central-1]
  defaults:
    NetworkStackName: {stack: network}
    MinCapacity: 0.5
    MaxCapacity: 1
    LogRetentionDays: 1
"""
REGIONS = ("eu-west-1", "eu-central-1")


@dataclass(frozen=True)
class Api:
    """The API at its URL; every answer must be one that the OpenAPI document describes."""

    url: str
    keys: Credentials

    def __call__(self, verb: str, path: str = "", body: object = None, **headers: str) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        given = {name.replace("_", "-"): text for name, text in headers.items()}
        signed = AWSRequest(verb, f"{self.url}/databases{path}", data=data, headers=given)
        SigV4Auth(self.keys, "execute-api", "eu-west-1").add_auth(signed)
        request = urllib.request.Request(str(signed.url), data, dict(signed.headers.items()), method=verb)
        try:
            with urllib.request.urlopen(request, timeout=40) as found:
                status, answered, text = found.status, dict(found.headers), found.read()
        except urllib.error.HTTPError as error:
            status, answered, text = error.code, dict(error.headers), error.read()
        route = f"{verb} /databases{'/{client}' if path.startswith('/') else ''}"
        check_answer(route, status, answered, json.loads(text))
        return status, json.loads(text)

    def until(self, client: str, *states: str) -> Any:
        """The client in one of the states, or with no database any more."""
        for _ in range(400):
            status, body = self("GET", f"/{client}")
            if status != 200 or body["state"] in states:
                return body
            time.sleep(0.1)
        raise TimeoutError(client)


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("fleet")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    return Project(folder, server.endpoint, home)


@pytest.fixture(scope="module")
def api(project: Project, server: LocalServer) -> Api:
    deployed = project.run("deploy", "--yes")
    assert deployed.exit_code == 0, deployed.stderr
    network = project.run(
        "deploy", "--yes", "--stack", "network", "--region", "eu-central-1", "--create-beside", "network-local"
    )
    assert network.exit_code == 0, network.stderr
    outputs = project.run("outputs", "--stack", "api", "--format", "json")
    url = json.loads(outputs.stdout)["api"]["ApiUrl"]
    return Api(url, Credentials(server.keys.access_key_id, server.keys.secret_access_key))


@pytest.fixture
def simulate(server: LocalServer, home: Home) -> Iterator[Any]:
    record = read_record(home.record)
    assert record
    yield lambda verb, body=None: call(record, verb, "simulation", body, keys=keys_of(home))
    call(record, "DELETE", "simulation", keys=keys_of(home))


def test_two_clients_in_two_regions_from_their_creation_to_their_end(api: Api, server: LocalServer) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{api.url}/databases", timeout=20)
    body = {"client": "acme", "region": "eu-central-1", "parameters": {"MaxCapacity": 2}}
    assert api("POST", "", body, idempotency_key="a")[0] == 202
    assert api("POST", "", {"client": "globex"})[0] == 202
    # The same request again is no second database; another body or region is refused.
    assert api("POST", "", body, idempotency_key="a")[0] == 200
    assert api("POST", "", body | {"parameters": {"MaxCapacity": 3}}, idempotency_key="a")[0] == 422
    assert api("POST", "", body | {"region": "eu-west-1"}, idempotency_key="a")[0] == 409
    found = api.until("acme", "ready")
    assert (found["cluster_arn"].split(":")[3], found["protected"]) == ("eu-central-1", True)
    assert found["secret_arn"].startswith("arn:aws:secretsmanager:eu-central-1:")
    api.until("globex", "ready")
    listed = api("GET")[1]["databases"]
    assert [(row["client"], row["region"], row["state"]) for row in listed] == [
        ("acme", "eu-central-1", "ready"), ("globex", "eu-west-1", "ready"),
    ]  # fmt: skip
    data = clients_of(server, region="eu-central-1")("rds-data")
    said = data.execute_statement(
        resourceArn=found["cluster_arn"], secretArn=found["secret_arn"], database=found["database"], sql="select 1"
    )
    assert said["records"] == [[{"longValue": 1}]]

    assert api("PATCH", "/acme", {"parameters": {"MaxCapacity": 4}})[0] == 202
    assert api.until("acme", "ready")["parameters"] == {"MaxCapacity": "4"}
    assert api("PATCH", "/acme", {"parameters": {"MaxCapacity": 4}})[0] == 200
    assert api("DELETE", "/acme")[0] == 409
    assert api("PATCH", "/acme", {"protected": False})[0] == 202
    api.until("acme", "ready")
    assert api("DELETE", "/acme")[0] == 202
    (snapshot,) = api.until("acme")["snapshots"]
    rds = clients_of(server, region="eu-central-1")("rds")
    (kept,) = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=snapshot)["DBClusterSnapshots"]
    assert kept["DBClusterIdentifier"] == "shop-acme"
    assert api("DELETE", "/acme")[0] == 410
    assert api("GET", "/acme")[0] == 404


def test_the_command_line_sees_the_same_clients(api: Api, project: Project) -> None:
    api("POST", "", {"client": "initech"})
    api.until("initech", "ready")
    listed = project.run("clients", "--format", "json", verb="list")
    rows = {row["client"]: row for row in json.loads(listed.stdout)}
    assert (rows["initech"]["state"], rows["initech"]["current"]) == ("ready", True)
    deleted = project.run("clients", "initech", "--yes", verb="delete")
    assert deleted.exit_code == 0, deleted.stderr
    assert api("GET", "/initech")[0] == 404


def test_a_creation_that_fails_names_its_first_cause_and_is_made_again(api: Api, simulate: Any) -> None:
    simulate("POST", {"faults": {"create:shop-hooli.DBCluster": "no capacity in this zone"}})
    assert api("POST", "", {"client": "hooli"})[0] == 202
    assert "DBCluster: " in (cause := api.until("hooli", "failed")["cause"])
    assert "no capacity in this zone" in cause
    simulate("DELETE")
    assert api("POST", "", {"client": "hooli"})[0] == 503
    for _ in range(100):
        status, _ = api("POST", "", {"client": "hooli"})
        if status == 202:
            break
        time.sleep(0.1)
    assert api.until("hooli", "ready", "failed")["state"] == "ready"


def test_of_twenty_that_claim_one_name_one_wins(api: Api, server: LocalServer) -> None:
    def create(number: int) -> int:
        return api("POST", "", {"client": "umbrella", "region": REGIONS[number % 2]})[0]

    # Six at once: the emulator starts a process for each request that runs beside others.
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(create, range(20)))
    assert answers.count(202) == 1
    assert set(answers) <= {200, 202, 409}
    stacks = [
        row
        for region in REGIONS
        for row in clients_of(server, region=region)("cloudformation").describe_stacks()["Stacks"]
        if row["StackName"] == "shop-umbrella"
    ]
    assert len(stacks) == 1


def test_what_does_not_fit_is_said_by_cloudformation_and_claims_nothing(api: Api) -> None:
    status, body = api("POST", "", {"client": "many", "parameters": {"MaxCapacity": "many"}})
    assert (status, "MaxCapacity" in body["error"]) == (400, True)
    assert api("GET", "/many")[0] == 404


def test_the_role_of_the_function_reaches_no_other_stack_template_or_region(api: Api, server: LocalServer) -> None:
    iam = clients_of(server)("iam")
    (role,) = [row["RoleName"] for row in iam.list_roles()["Roles"] if row["RoleName"].startswith("api-local-ApiRole")]
    policy = iam.get_role_policy(RoleName=role, PolicyName="work")["PolicyDocument"]
    user = "probe-of-databases-api"
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="same", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]

    def refused(region: str, verb: str, **given: Any) -> bool:
        client: Any = boto3.client(
            "cloudformation", endpoint_url=server.endpoint, region_name=region,
            aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
        )  # fmt: skip
        try:
            getattr(client, verb)(**given)
        except client.exceptions.ClientError as error:
            return "AccessDenied" in str(error.response["Error"]["Code"])
        return False

    files = next(row["Condition"]["StringLike"] for row in policy["Statement"] if row["Sid"] == "ChangeClients")
    url = files["cloudformation:TemplateUrl"].replace("*", "none.yaml")
    passed = next(row["Resource"] for row in policy["Statement"] if row["Sid"] == "PassTheRoleOfClients")
    whole = {"StackName": "shop-x", "TemplateURL": url, "RoleARN": passed}
    assert not refused("eu-west-1", "create_stack", **whole)  # it gets as far as the missing template
    assert refused("eu-west-1", "create_stack", **whole | {"StackName": "network-local"})
    assert refused("us-east-1", "create_stack", **whole)
    assert refused("eu-west-1", "create_stack", **whole | {"TemplateURL": url.replace("/fleet/", "/other/")})
    assert refused("eu-west-1", "create_stack", StackName="shop-x", TemplateBody="{}", RoleARN=passed)
    assert refused("eu-west-1", "create_stack", StackName="shop-x", TemplateURL=url)
    assert refused("eu-west-1", "delete_stack", StackName="network-local", RoleARN=passed)
    assert not refused("eu-west-1", "describe_stacks")
