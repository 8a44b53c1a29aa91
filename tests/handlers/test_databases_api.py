"""The databases API over AWS in memory; every answer is compared with the OpenAPI document."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from aurora_cfn.blueprints.databases_api import ROUTES
from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.environment import names
from aurora_cfn.fleet.client_state import client_state
from aurora_cfn.handlers import fleet_names
from aurora_cfn.handlers.answers import answered
from aurora_cfn.handlers.client_stacks import state_of
from aurora_cfn.handlers.databases_api import databases_of
from aurora_cfn.handlers.fleet_settings import Document, Fleet
from aurora_cfn.model import fleet_client
from aurora_cfn.model.fleet_client import FleetClient
from tests.fakes.aws_clients import FakeAws, refusal
from tests.fleet.toys import client_stack
from tests.handlers.openapi import check_answer, check_body, routes

REGIONS = ("eu-west-1", "eu-central-1")
DOCUMENT = Document(
    "v2", "eu-west-1", "prod", {"Team": "a"},
    {"MaxCapacity": ["4"], "SubnetIds": [{"stack": "network", "output": "A"}, {"stack": "network", "output": "B"}]},
    ("EnvironmentName", "ClusterName", "MaxCapacity", "SubnetIds", "DeletionProtection"), {"DBClusters": 1},
)  # fmt: skip
FLEET = Fleet("clientdb", REGIONS, 2, frozenset({"MaxCapacity"}), "arn:role", "https://files/", DOCUMENT)
ACME = "/aurora-cfn/fleet/clientdb/acme"


class Api:
    """The API without HTTP."""

    def __init__(self) -> None:
        self.aws = FakeAws()
        self.waits: list[float] = []
        self.routes = databases_of(FLEET, self.aws, self.waits.append).routes()
        for region in REGIONS:
            outputs = [{"OutputKey": key, "OutputValue": f"subnet-{key}"} for key in "AB"]
            self.aws.put_stack("network", region, Outputs=outputs)

    def call(
        self, verb: str, client: str = "", body: object = None, query: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and body of the answer, which the document must describe."""
        route = f"{verb} /databases{'/{client}' if client else ''}"
        event = {
            "routeKey": route, "pathParameters": {"client": client}, "queryStringParameters": query or {},
            "headers": {name.replace("_", "-"): text for name, text in headers.items()},
            "body": None if body is None else json.dumps(body),
        }  # fmt: skip
        answer = answered(event, SimpleNamespace(aws_request_id="r"), self.routes)
        found = json.loads(answer["body"])
        check_answer(route, answer["statusCode"], answer["headers"], found)
        return answer["statusCode"], found

    def client(
        self, name: str = "acme", status: str = "CREATE_COMPLETE", region: str = REGIONS[0], **more: Any
    ) -> dict[str, Any]:
        """A client with its claim."""
        tags = {fleet_client.FLEET: "clientdb", fleet_client.CLIENT: name, fleet_client.VERSION: "v1"} | more.pop(
            "tags", {}
        )
        parameters: dict[str, str] = more.pop("parameters", {})
        self.aws.claims[f"/aurora-cfn/fleet/clientdb/{name}"] = region
        return self.aws.put_stack(
            f"clientdb-{name}", region, status, Tags=[{"Key": key, "Value": text} for key, text in tags.items()],
            Parameters=[{"ParameterKey": key, "ParameterValue": text} for key, text in parameters.items()], **more,
        )  # fmt: skip


@pytest.fixture
def api() -> Api:
    return Api()


def test_the_document_has_the_routes_of_the_template() -> None:
    assert sorted(routes()) == sorted(ROUTES)


def test_names_and_tags_are_those_of_the_command_line() -> None:
    for name in ("FLEET", "CLIENT", "VERSION", "OWN_PARAMETERS"):
        assert getattr(fleet_names, name) == getattr(fleet_client, name)
    for name in ("CLIENT_NAME", "CLIENT_LONGEST", "CLIENT_RULE"):
        assert getattr(fleet_names, name) == getattr(names, name)


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_is_the_same_state_as_for_the_command_line(status: str) -> None:
    stack = client_stack("acme", REGIONS[0], status)
    there = client_state(FleetClient("acme", REGIONS[0], REGIONS[0], stack))
    assert {"deleting": "pending", "deleted": "claimed"}.get(state_of(status), state_of(status)) == there


def test_a_creation_is_begun_with_the_defaults_protected_and_with_its_name_claimed(api: Api) -> None:
    status, body = api.call("POST", body={"client": "acme", "parameters": {"MaxCapacity": 8}}, idempotency_key="k")
    assert (status, body["state"], body["protected"], body["parameters"]) == (
        202,
        "pending",
        True,
        {"MaxCapacity": "8"},
    )
    (made,) = api.aws.named("create_stack")
    values = {row["ParameterKey"]: row["ParameterValue"] for row in made["Parameters"]}
    assert values == {
        "EnvironmentName": "prod", "ClusterName": "clientdb-acme", "MaxCapacity": "8", "SubnetIds": "subnet-A,subnet-B",
    }  # fmt: skip
    assert (made["TemplateURL"], made["RoleARN"], made["OnFailure"]) == (
        "https://files/v2.yaml",
        "arn:role",
        "ROLLBACK",
    )
    tags = {row["Key"]: row["Value"] for row in made["Tags"]}
    wanted = {"aurora-cfn:fleet": "clientdb", "aurora-cfn:client": "acme", "aurora-cfn:version": "v2", "Team": "a",
              "aurora-cfn:parameters": "MaxCapacity"}  # fmt: skip
    assert wanted.items() <= tags.items()
    assert api.aws.claims == {ACME: "eu-west-1"}


@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        ({"client": "acme", "parameters": {"MaxCapacity": 8}}, "k", 200),
        ({"client": "acme", "parameters": {"MaxCapacity": 9}}, "k", 422),
        ({"client": "acme"}, "k", 422),
        ({"client": "acme"}, "", 200),
        ({"client": "acme", "parameters": {"MaxCapacity": 8}}, "other", 200),
        ({"client": "acme", "parameters": {"MaxCapacity": 9}}, "other", 409),
        ({"client": "acme", "region": "eu-central-1"}, "k", 409),
    ],
)
def test_a_creation_that_is_sent_again(api: Api, body: object, key: str, status: int) -> None:
    api.call("POST", body={"client": "acme", "parameters": {"MaxCapacity": 8}}, idempotency_key="k")
    assert api.call("POST", body=body, **({"idempotency_key": key} if key else {}))[0] == status
    assert len(api.aws.named("create_stack")) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "client"),
        ({"client": "Acme"}, "client"),
        ({"client": "a" * 31}, "client"),
        ({"client": "acme", "region": "us-east-1"}, "region"),
        ({"client": "acme", "parameters": []}, "parameters"),
        ({"client": "acme", "parameters": {"DeletionProtection": "false"}}, "parameters.DeletionProtection"),
        ({"client": "acme", "parameters": {"MaxCapacity": True}}, "parameters.MaxCapacity"),
        ({"client": "acme", "tier": "pool"}, "tier"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_claimed(api: Api, body: dict[str, Any], field: str) -> None:
    status, answer = api.call("POST", body=body)
    assert (status, answer["error"].startswith(field)) == (400, True)
    assert api.aws.claims == {}
    # Which regions and parameters there are is for the stack to say, not for the document.
    assert bool(check_body("POST /databases", body)) is (field not in {"region", "parameters.DeletionProtection"})


QUOTA = {"AccountQuotaName": "DBClusters", "Used": 40, "Max": 40}


@pytest.mark.parametrize(
    ("clients", "quotas", "status", "words"),
    [
        (1, [], 202, ""),
        (2, [], 409, "2 clients of 2"),
        (0, [QUOTA], 409, "40 of 40 DBClusters"),
        (0, [QUOTA | {"Used": 39}], 202, ""),
        (0, [QUOTA | {"AccountQuotaName": "OptionGroups"}], 202, ""),
    ],
)
def test_room_is_looked_at_before_the_name_is_claimed(
    api: Api, clients: int, quotas: list[dict[str, Any]], status: int, words: str
) -> None:
    for number in range(clients):
        api.client(f"other{number}")
    api.aws.quotas = quotas
    found, body = api.call("POST", body={"client": "acme"})
    assert (found, words in str(body)) == (status, True)
    assert (ACME in api.aws.claims) is (status == 202)


@pytest.mark.parametrize(
    ("error", "status", "claimed"),
    [
        (refusal("ValidationError", "Parameter 'MaxCapacity' must be a number"), 400, False),
        (refusal("Throttling", "Rate exceeded"), 503, False),
        (refusal("AccessDenied", "not authorized"), 500, False),
    ],
)
def test_what_cloudformation_refuses_frees_the_name(api: Api, error: Exception, status: int, claimed: bool) -> None:
    api.aws.refuse["create_stack"] = error  # type: ignore[assignment]
    assert api.call("POST", body={"client": "acme"})[0] == status
    assert (ACME in api.aws.claims) is claimed


def test_a_claim_without_a_stack_is_adopted_in_its_region(api: Api) -> None:
    api.aws.claims[ACME] = "eu-central-1"
    assert api.call("GET", "acme")[1]["state"] == "claimed"
    assert api.call("POST", body={"client": "acme"})[0] == 409
    assert api.call("POST", body={"client": "acme", "region": "eu-central-1"})[0] == 202


def test_of_twenty_that_claim_one_name_one_creates_it(api: Api) -> None:
    def create(number: int) -> int:
        return api.call("POST", body={"client": "acme", "region": REGIONS[number % 2]})[0]

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(create, range(20)))
    assert found.count(202) == 1
    assert set(found) <= {200, 202, 409}
    assert len([key for key in api.aws.stacks if key[1] == "clientdb-acme"]) == 1


@pytest.mark.parametrize(("key", "status"), [("", 202), ("k", 200)])
def test_a_creation_whose_answer_was_lost_is_still_that_of_the_caller(api: Api, key: str, status: int) -> None:
    api.aws.repeated.add("create_stack")
    given = {"idempotency_key": key} if key else {}
    found = api.call("POST", body={"client": "acme"}, **given)
    assert (found[0], found[1]["state"]) == (status, "pending")
    assert api.call("POST", body={"client": "acme"})[0] == 200


def test_a_failed_creation_names_its_first_cause_and_is_made_again(api: Api) -> None:
    row = api.client(status="ROLLBACK_COMPLETE", EnableTerminationProtection=True)
    events = [("clientdb-acme", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Writer]."),
              ("Group", "CREATE_FAILED", "Resource creation cancelled"), ("Writer", "CREATE_FAILED", "no capacity"),
              ("clientdb-acme", "CREATE_IN_PROGRESS", ""), ("Older", "CREATE_FAILED", "before")]  # fmt: skip
    api.aws.events = [
        {"LogicalResourceId": name, "ResourceStatus": status, "ResourceStatusReason": reason,
         "PhysicalResourceId": row["StackId"] if name == "clientdb-acme" else name}
        for name, status, reason in events
    ]  # fmt: skip
    assert api.call("GET", "acme")[1]["cause"] == "Writer: no capacity"
    assert api.call("POST", body={"client": "acme"})[0] == 503
    assert (row["StackStatus"], row["EnableTerminationProtection"]) == ("DELETE_IN_PROGRESS", False)
    assert api.call("POST", body={"client": "acme"})[0] == 503
    del api.aws.stacks[REGIONS[0], "clientdb-acme"]
    assert api.call("POST", body={"client": "acme"})[0] == 202


def test_the_name_of_a_deleted_client_is_taken_again_in_its_region(api: Api) -> None:
    api.aws.claims[ACME] = "eu-west-1 arn:aws:cloudformation:eu-west-1:1:stack/clientdb-acme/0"
    assert api.call("POST", body={"client": "acme", "region": "eu-central-1"})[0] == 409
    assert api.call("POST", body={"client": "acme"})[0] == 202
    assert api.aws.claims[ACME] == "eu-west-1"


def test_a_stack_of_others_is_never_taken(api: Api) -> None:
    api.aws.put_stack("clientdb-acme", REGIONS[0])
    assert api.call("POST", body={"client": "acme"})[0] == 409
    api.aws.claims[ACME] = REGIONS[0]
    for verb, body in (("GET", None), ("PATCH", {"protected": False}), ("DELETE", None)):
        assert api.call(verb, "acme", body)[0] == 409
    assert api.aws.named("delete_stack") == []


def test_a_ready_client_shows_arns_and_address(api: Api) -> None:
    rows = {"ClusterArn": "arn:c", "SecretArn": "arn:s", "DNSName": "h", "DBPort": "5432", "DBName": "app", "X": "y"}
    api.client(Outputs=[{"OutputKey": key, "OutputValue": text} for key, text in rows.items()])
    _, body = api.call("GET", "acme")
    shown = {key: body[key] for key in ("cluster_arn", "secret_arn", "host", "port", "database")}
    assert shown == {"cluster_arn": "arn:c", "secret_arn": "arn:s", "host": "h", "port": 5432, "database": "app"}
    assert api.aws.calls[-1][0] == "describe_stacks"  # no secret is read


def test_pages_of_the_list(api: Api) -> None:
    api.client("acme")
    api.client("globex", "UPDATE_ROLLBACK_COMPLETE", REGIONS[1])
    api.aws.claims["/aurora-cfn/fleet/clientdb/lost"] = REGIONS[1]
    _, first = api.call("GET", query={"limit": "2"})
    assert [(row["client"], row["state"]) for row in first["databases"]] == [
        ("acme", "ready"),
        ("globex", "rolled back"),
    ]
    rest = api.call("GET", query={"limit": "2", "next": first["next"]})[1]
    assert [(row["client"], row["state"]) for row in rest["databases"]] == [("lost", "claimed")]
    # The second page comes from the walk for the first.
    assert len(api.aws.named("get_parameters_by_path")) == 1
    assert len(api.call("GET", query={"state": "claimed"})[1]["databases"]) == 1
    assert len(api.call("GET", query={"region": REGIONS[1]})[1]["databases"]) == 2
    for wrong in ({"region": "mars"}, {"limit": "0"}):
        assert api.call("GET", query=wrong)[0] == 400


GROWS = {
    "Action": "Modify",
    "Replacement": "False",
    "LogicalResourceId": "DBCluster",
    "ResourceType": "AWS::RDS::DBCluster",
}
WRITER = {
    "Action": "Modify",
    "Replacement": "True",
    "LogicalResourceId": "Writer",
    "ResourceType": "AWS::RDS::DBInstance",
}
CLUSTERED = [{"OutputKey": "ClusterArn", "OutputValue": "arn:c"}]


@pytest.mark.parametrize(
    ("changes", "outputs", "status", "words"),
    [
        ([GROWS], CLUSTERED, 202, ""),
        ([GROWS | {"Replacement": "True"}], CLUSTERED, 409, "DBCluster"),
        ([GROWS | {"Replacement": "Conditional"}], CLUSTERED, 409, "DBCluster"),
        ([GROWS | {"Action": "Remove"}], CLUSTERED, 409, "DBCluster"),
        ([WRITER], CLUSTERED, 202, ""),
        ([WRITER], [], 409, "Writer"),
    ],
)
def test_a_change_that_would_lose_data_is_not_executed(
    api: Api, changes: list[dict[str, str]], outputs: list[dict[str, str]], status: int, words: str
) -> None:
    api.client(Outputs=outputs, parameters={"MaxCapacity": "4"})
    rows = [{"ResourceChange": row} for row in changes]
    api.aws.verdicts = [{"Status": "CREATE_COMPLETE", "Changes": rows}]
    found, body = api.call("PATCH", "acme", {"parameters": {"MaxCapacity": 8}})
    assert (found, words in str(body)) == (status, True)
    assert len(api.aws.named("execute_change_set")) == (status == 202)
    assert api.aws.change_sets == {}


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        ({"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."}, 200),
        ({"Status": "FAILED", "StatusReason": "No updates are to be performed."}, 200),
        ({"Status": "FAILED", "StatusReason": "Template error"}, 400),
    ],
)
def test_a_change_set_without_changes_or_that_failed_is_deleted(api: Api, verdict: dict[str, str], status: int) -> None:
    api.client(parameters={"MaxCapacity": "4"})
    api.aws.verdicts = [verdict]
    assert api.call("PATCH", "acme", {"parameters": {"MaxCapacity": 8}})[0] == status
    assert api.aws.change_sets == {}


def test_a_change_set_that_takes_long_is_gone_on_with(api: Api) -> None:
    api.client(parameters={"MaxCapacity": "4"})
    api.aws.verdicts = [{"Status": "CREATE_IN_PROGRESS"}]
    body = {"parameters": {"MaxCapacity": 8}}
    assert api.call("PATCH", "acme", body)[0] == 503
    assert sum(api.waits) == 20
    (name,) = api.aws.change_sets
    api.aws.change_sets[name] = {"Status": "CREATE_COMPLETE"}
    assert api.call("PATCH", "acme", body)[0] == 202


def given(api: Api) -> tuple[dict[str, str], list[str], dict[str, str], str]:
    """Values, previous values, tags and template of the last change set."""
    last = api.aws.named("create_change_set")[-1]
    rows = last["Parameters"]
    values = {row["ParameterKey"]: row["ParameterValue"] for row in rows if "ParameterValue" in row}
    previous = [row["ParameterKey"] for row in rows if row.get("UsePreviousValue")]
    return values, previous, {row["Key"]: row["Value"] for row in last["Tags"]}, last["TemplateURL"]


def test_a_client_keeps_its_version_until_it_is_upgraded_and_its_own_parameters_then(api: Api) -> None:
    kept = {"MaxCapacity": "2", "MinCapacity": "1", "DeletionProtection": "true"}
    api.client(parameters=kept, tags={fleet_client.OWN_PARAMETERS: "MaxCapacity"})
    api.aws.refuse["execute_change_set"] = refusal("Throttling")
    api.call("PATCH", "acme", {"parameters": {"MaxCapacity": 8}})
    values, previous, tags, url = given(api)
    assert (values, previous) == ({"MaxCapacity": "8"}, ["DeletionProtection", "MinCapacity"])
    assert (tags["aurora-cfn:version"], url) == ("v1", "https://files/v1.yaml")
    api.call("PATCH", "acme", {"version": "v2"})
    values, previous, tags, url = given(api)
    assert values == {"EnvironmentName": "prod", "ClusterName": "clientdb-acme", "SubnetIds": "subnet-A,subnet-B"}
    assert previous == ["DeletionProtection", "MaxCapacity"]
    assert (tags["aurora-cfn:version"], url) == ("v2", "https://files/v2.yaml")
    assert api.call("PATCH", "acme", {"version": "v3"})[0] == 400


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "ROLLBACK_COMPLETE", "DELETE_FAILED", "DELETE_IN_PROGRESS"])
def test_only_a_ready_client_is_changed(api: Api, status: str) -> None:
    api.client(status=status)
    assert api.call("PATCH", "acme", {"protected": False})[0] == 409
    assert api.call("PATCH", "acme", {})[0] == 400


def test_a_deletion_in_its_three_steps_and_what_is_left(api: Api) -> None:
    row = api.client(EnableTerminationProtection=True, parameters={"DeletionProtection": "true"})
    assert api.call("DELETE", "acme")[0] == 409
    assert api.call("PATCH", "acme", {"protected": False})[0] == 202
    assert given(api)[0] == {"DeletionProtection": "false"}
    row |= {
        "Parameters": [{"ParameterKey": "DeletionProtection", "ParameterValue": "false"}],
        "StackStatus": "UPDATE_COMPLETE",
    }
    assert api.call("DELETE", "acme")[1]["state"] == "deleting"
    assert api.aws.claims == {ACME: f"eu-west-1 {row['StackId']}"}
    assert api.call("DELETE", "acme")[0] == 202
    assert len(api.aws.named("delete_stack")) == 1
    del api.aws.stacks[REGIONS[0], "clientdb-acme"]
    api.aws.snapshots = ["final"]
    assert api.call("GET")[1]["databases"][0]["state"] == "deleted"
    for _ in range(2):
        assert api.call("GET", "acme")[1]["snapshots"] == ["final"]
    assert api.call("DELETE", "acme")[0] == 410
    assert api.call("DELETE", "acme")[0] == api.call("GET", "acme")[0] == 404


@pytest.mark.parametrize(
    ("status", "answer"),
    [("CREATE_IN_PROGRESS", 409), ("UPDATE_IN_PROGRESS", 409), ("DELETE_FAILED", 202), ("ROLLBACK_COMPLETE", 202)],
)
def test_what_a_deletion_does_in_other_states(api: Api, status: str, answer: int) -> None:
    api.client(status=status, EnableTerminationProtection=status == "ROLLBACK_COMPLETE")
    assert api.call("DELETE", "acme")[0] == answer
    assert len(api.aws.named("delete_stack")) == (answer == 202)
