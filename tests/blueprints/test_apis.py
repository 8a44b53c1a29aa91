"""Both API templates: exact permissions, closed doors, logs, and the migration that goes before the function."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import dsql_api, http_api, rds_proxy
from aurora_cfn.blueprints.parts.code import NOT_UPLOADED
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import summaries, template

HTTP: dict[str, Any] = template(http_api.BLUEPRINT)
REST: dict[str, Any] = template(dsql_api.BLUEPRINT)
BOTH = pytest.mark.parametrize("body", [HTTP, REST], ids=["http-api", "dsql-api"])


def of_type(body: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {key: entry["Properties"] for key, entry in body["Resources"].items() if entry["Type"] == name}


def statements(body: dict[str, Any], role: str) -> Iterator[dict[str, Any]]:
    for policy in body["Resources"][role]["Properties"]["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def allowed(body: dict[str, Any], role: str, service: str) -> list[tuple[Any, Any]]:
    return [
        (row["Action"], row["Resource"])
        for row in statements(body, role)
        if row["Effect"] == "Allow" and f"{service}:" in json.dumps(row["Action"])
    ]


def test_the_functions_sign_in_to_one_proxy_as_one_user() -> None:
    for role in ("ApiRole", "MigrationRole"):
        ((action, resource),) = allowed(HTTP, role, "rds-db")
        assert action == "rds-db:connect"
        assert resource["Fn::Sub"].endswith(":dbuser:${ProxyResourceId}/${DatabaseUser}")
    assert allowed(HTTP, "RunnerRole", "rds-db") == []


def test_the_api_signs_in_to_dsql_as_its_own_role_and_only_the_migration_as_admin() -> None:
    cluster = {"Ref": "ClusterArn"}
    choice = {"Fn::If": ["SignsInAsAdmin", "dsql:DbConnectAdmin", "dsql:DbConnect"]}
    assert allowed(REST, "ApiRole", "dsql") == [(choice, cluster)]
    assert allowed(REST, "MigrationRole", "dsql") == [("dsql:DbConnectAdmin", cluster)]
    role = dsql_api.BLUEPRINT.parameter("DatabaseRole")
    assert role is not None
    assert role.default_text != "admin"


@BOTH
def test_a_wildcard_stands_only_where_the_service_knows_no_resources(body: dict[str, Any]) -> None:
    wild = [
        action
        for role in of_type(body, "AWS::IAM::Role")
        if "Policies" in body["Resources"][role]["Properties"]
        for row in statements(body, role)
        if row["Resource"] == "*" and row["Effect"] == "Allow"
        for action in row["Action"]
    ]
    assert {action.split(":")[0] for action in wild} <= {"xray", "ec2"}


@BOTH
def test_functions_run_python_3_13_on_arm_with_a_log_of_their_own(body: dict[str, Any]) -> None:
    functions = of_type(body, "AWS::Lambda::Function")
    assert functions
    for name, made in functions.items():
        assert (made["Runtime"], made["Architectures"]) == ("python3.13", ["arm64"])
        assert made["LoggingConfig"]["LogGroup"] == {"Ref": name.replace("Function", "LogGroup")}
        assert made["Code"] == {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": {"Ref": "CodeKey"}}


@BOTH
def test_the_function_changes_only_after_the_migration_and_every_new_code_migrates(body: dict[str, Any]) -> None:
    assert body["Resources"]["ApiFunction"]["DependsOn"] == ["Migrated"]
    migrated = body["Resources"]["Migrated"]["Properties"]
    assert migrated["CodeKey"] == {"Ref": "CodeKey"}
    # Otherwise CloudFormation waits an hour for an answer that does not come.
    token = migrated["ServiceToken"]["Fn::GetAtt"][0]
    assert int(migrated["ServiceTimeout"]) > int(body["Resources"][token]["Properties"]["Timeout"])


@BOTH
def test_a_stack_without_uploaded_code_is_refused_before_anything_is_made(body: dict[str, Any]) -> None:
    rules = [row["Assert"] for row in body["Rules"]["CodeIsUploaded"]["Assertions"]]
    assert rules == [{"Fn::Not": [{"Fn::Equals": [{"Ref": name}, NOT_UPLOADED]}]} for name in ("CodeBucket", "CodeKey")]
    assert {body["Parameters"][name]["Default"] for name in ("CodeBucket", "CodeKey")} == {NOT_UPLOADED}


@BOTH
def test_the_stage_throttles_and_logs_every_request_as_json(body: dict[str, Any]) -> None:
    stage = body["Resources"]["Stage"]["Properties"]
    settings = stage.get("AccessLogSettings") or stage["AccessLogSetting"]
    assert settings["DestinationArn"] == {"Fn::GetAtt": ["AccessLogGroup", "Arn"]}
    assert {"requestId", "status", "route", "latency"} <= set(json.loads(settings["Format"]))
    assert {"Ref": "ThrottleRate"} in list((stage.get("DefaultRouteSettings") or stage["MethodSettings"][0]).values())


def test_no_rest_method_answers_without_a_key() -> None:
    methods = of_type(REST, "AWS::ApiGateway::Method")
    assert len(methods) == len(dsql_api.ROUTES)
    assert all(method["ApiKeyRequired"] is True for method in methods.values())


def test_another_set_of_methods_is_another_deployment() -> None:
    from aurora_cfn.blueprints.dsql_api_gateway import rest_api

    def deployment(*routes: str) -> str:
        made = rest_api("x", routes, function="F")
        return next(str(resource.title) for resource in made if str(resource.title).startswith("Deployment"))

    assert deployment("GET /a") == deployment("GET /a") != deployment("GET /a", "POST /a")


PAIR = """\
region: eu-west-1
stacks:
  proxy:
    template: rds-proxy
    parameters:
      TargetType: cluster
      TargetName: c
      EngineFamily: {family}
      DatabaseClientSecurityGroupId: sg-0123456789abcdef0
      SecretArn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:s
      VpcId: vpc-0123456789abcdef0
      SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
  api:
    template: http-api
    parameters:
      Engine: {engine}
      SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
      SecurityGroupIds: [{{output: proxy.ClientSecurityGroupId}}]
      ProxyEndpoint: {{output: proxy.DNSName}}
      ProxyResourceId: {{output: proxy.ProxyResourceId}}
"""


@pytest.mark.parametrize(
    ("engine", "family", "right"),
    [("mysql", "MYSQL", ""), ("postgresql", "POSTGRESQL", ""), ("mysql", "POSTGRESQL", "postgresql"),
     ("postgresql", "MYSQL", "mysql")],
)  # fmt: skip
def test_an_api_of_another_engine_than_its_proxy_is_refused_offline(engine: str, family: str, right: str) -> None:
    text, known = PAIR.format(engine=engine, family=family), summaries((rds_proxy.BLUEPRINT, http_api.BLUEPRINT))
    if not right:
        assert len(load(text, "params/dev.yaml", "dev", known).stacks) == 2
        return
    with pytest.raises(InputError, match=f"EngineFamily {family}.*set Engine {right}"):
        load(text, "params/dev.yaml", "dev", known)


def test_the_http_api_is_closed_until_someone_opens_it() -> None:
    routes = of_type(HTTP, "AWS::ApiGatewayV2::Route")
    assert {route["RouteKey"] for route in routes.values()} == set(http_api.ROUTES)
    assert all(route["AuthorizationType"] == {"Ref": "Authorization"} for route in routes.values())
    assert HTTP["Parameters"]["Authorization"]["Default"] == "AWS_IAM"


@pytest.mark.parametrize("blueprint", [http_api.BLUEPRINT, dsql_api.BLUEPRINT], ids=lambda item: str(item.name))
def test_every_handler_of_a_template_is_in_its_code(blueprint: Blueprint) -> None:
    entries = {made["Handler"].split(".")[1] for made in of_type(template(blueprint), "AWS::Lambda::Function").values()}
    assert entries == set(blueprint.code)
