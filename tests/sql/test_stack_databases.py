"""Databases found through the resources of stacks of any template."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.model.rds_database import Cluster, Endpoint, Instance
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.render import template
from aurora_cfn.sql.stack_databases import StackDatabases, attached_secret, may_have_database, only_cluster
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.rds import FakeDatabases

ATTACHED = """\
Resources:
  Secret: {Type: AWS::SecretsManager::Secret}
  Other: {Type: AWS::SecretsManager::Secret}
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: !Ref Db, TargetType: AWS::RDS::DBInstance}
  Db: {Type: AWS::RDS::DBInstance}
"""


class Dsql:
    """The port DsqlClusters over one cluster."""

    def endpoint(self, identifier: str) -> str | None:
        return {"abc": "abc.dsql.eu-west-1.on.aws", "near": "127.0.0.1:5433"}.get(identifier)


def resource(logical_id: str, kind: str, physical_id: str, status: str = "CREATE_COMPLETE") -> StackResource:
    return StackResource(logical_id, kind, status, physical_id)


class FakeStacks:
    """Stacks with resources, and what RDS knows of these."""

    def __init__(self) -> None:
        self.cloudformation = FakeCloudFormation(FakeClock())
        self.rds = FakeDatabases()

    def stack(self, name: str, *rows: StackResource, template: str = "Resources: {}\n") -> Stack:
        stack = self.cloudformation.put(name, "CREATE_COMPLETE", template)
        for row in rows:
            self.cloudformation.put_resource(stack, row)
        return stack

    def of(self, stack: Stack) -> list[Database]:
        return StackDatabases(self.cloudformation, self.rds, Dsql()).of(stack)


def cluster(**more: Any) -> Cluster:
    endpoint = Endpoint("w.cluster-x", 5432, "orders", "app", **more)
    return Cluster("orders", "arn:c", "available", "aurora-postgresql", "17.7", endpoint=endpoint)


def test_a_cluster_with_the_data_api_and_the_secret_that_rds_manages() -> None:
    stacks = FakeStacks()
    stacks.rds.clusters["orders"] = cluster(secret_arn="arn:s", data_api=True)
    stack = stacks.stack("db-dev", resource("Orders", "AWS::RDS::DBCluster", "orders"))
    assert stacks.of(stack) == [
        Database("db-dev", "orders", "arn:s", "arn:c", "w.cluster-x", 5432, "postgresql", "Orders", identifier="orders")
    ]


CLUSTER_ROW = {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": "aurora-postgresql"}}
MEMBER = {"Type": "AWS::RDS::DBInstance", "Properties": {"DBClusterIdentifier": {"Ref": "Orders"}}}
ONE: dict[str, Any] = {
    "Resources": {"Orders": CLUSTER_ROW, "Writer": MEMBER, "Logs": {"Type": "AWS::Logs::LogGroup"}},
    "Outputs": {"ClusterArn": {"Value": {"Fn::GetAtt": ["Orders", "DBClusterArn"]}}},
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Orders"),
        ({"Transform": "AWS::LanguageExtensions"}, ""),
        ({"Outputs": {}}, ""),
        ({"Outputs": {"ClusterArn": "wrong"}}, ""),
        ({"Outputs": {"ClusterArn": {"Value": {"Fn::ImportValue": "other-ClusterArn"}}}}, ""),
        ({"Outputs": {"ClusterArn": {"Value": {"Fn::GetAtt": ["Other", "DBClusterArn"]}}}}, ""),
        ({"Resources": {}}, ""),
        ({"Resources": {"Orders": CLUSTER_ROW, "Old": CLUSTER_ROW}}, ""),
        ({"Resources": {"Orders": CLUSTER_ROW, "Alone": {"Type": "AWS::RDS::DBInstance"}}}, ""),
        ({"Resources": {"Orders": CLUSTER_ROW, "Global": {"Type": "AWS::DSQL::Cluster"}}}, ""),
        ({"Resources": {"Orders": CLUSTER_ROW, "Inner": {"Type": "AWS::CloudFormation::Stack"}}}, ""),
        ({"Resources": {"Orders": CLUSTER_ROW, "Fn::ForEach::X": ["X", [], {}]}}, ""),
        ({"Resources": {"Orders": {"Type": "AWS::DSQL::Cluster"}}}, ""),
    ],
)
def test_outputs_are_enough_only_where_the_template_can_have_no_other_database(
    changed: dict[str, Any], expected: str
) -> None:
    assert only_cluster({**ONE, **changed}) == expected


@pytest.mark.parametrize("name", ["aurora-serverless-postgres", "aurora-serverless-mysql"])
def test_outputs_are_enough_for_the_shipped_clusters(name: str) -> None:
    assert only_cluster(template(BY_NAME[name])) == "DBCluster"


def test_without_the_data_api_only_the_network_is_left() -> None:
    stacks = FakeStacks()
    stacks.rds.clusters["orders"] = cluster(secret_arn="arn:s")
    (found,) = stacks.of(stacks.stack("db-dev", resource("Orders", "AWS::RDS::DBCluster", "orders")))
    assert (found.has_data_api, found.cluster_arn) == (False, "")


def test_members_of_a_cluster_are_no_databases_of_their_own_and_an_instance_is() -> None:
    stacks = FakeStacks()
    stacks.rds.clusters["orders"] = cluster(secret_arn="arn:s", data_api=True)
    stacks.rds.instances["w"] = Instance("w", "available", "aurora-postgresql", "17.7", cluster="orders")
    alone = Endpoint("i.x", 3306, "stock", "app")
    stacks.rds.instances["i"] = Instance("i", "available", "mysql", "8.4.6", endpoint=alone)
    rows = [
        resource("Orders", "AWS::RDS::DBCluster", "orders"),
        resource("Writer", "AWS::RDS::DBInstance", "w"),
        resource("Stock", "AWS::RDS::DBInstance", "i"),
        resource("Gone", "AWS::RDS::DBInstance", "i", "DELETE_COMPLETE"),
        resource("Vanished", "AWS::RDS::DBInstance", "unknown"),
    ]
    found = stacks.of(stacks.stack("db-dev", *rows))
    assert [(one.resource, one.engine, one.port) for one in found] == [
        ("Orders", "postgresql", 5432), ("Stock", "mysql", 3306)
    ]  # fmt: skip


def test_the_attached_secret_opens_an_instance() -> None:
    stacks = FakeStacks()
    stacks.rds.instances["i"] = Instance("i", "available", "postgres", "17.7", endpoint=Endpoint("h", 5432))
    rows = resource("Secret", "AWS::SecretsManager::Secret", "arn:secret"), resource("Db", "AWS::RDS::DBInstance", "i")
    (found,) = stacks.of(stacks.stack("db-dev", *rows, template=ATTACHED))
    assert (found.secret_arn, found.name) == ("arn:secret", "postgres")


def test_nested_stacks_are_read_too() -> None:
    stacks = FakeStacks()
    stacks.rds.clusters["orders"] = cluster(secret_arn="arn:s", data_api=True)
    inner = stacks.stack("inner", resource("Orders", "AWS::RDS::DBCluster", "orders"))
    outer = stacks.stack("db-dev", resource("Data", "AWS::CloudFormation::Stack", inner.arn))
    assert [(one.stack, one.resource) for one in stacks.of(outer)] == [("db-dev", "Data.Orders")]


@pytest.mark.parametrize(
    ("identifier", "host", "port"), [("abc", "abc.dsql.eu-west-1.on.aws", 5432), ("near", "127.0.0.1", 5433)]
)
def test_dsql_is_opened_by_a_token(identifier: str, host: str, port: int) -> None:
    stacks = FakeStacks()
    (found,) = stacks.of(stacks.stack("db-dev", resource("Cluster", "AWS::DSQL::Cluster", identifier)))
    assert (found.host, found.port, found.signed, found.name) == (host, port, True, "postgres")


SECRET = {"Type": "AWS::SecretsManager::Secret"}


def with_password(password: Any = None) -> Any:
    return {"Type": "AWS::RDS::DBCluster", "Properties": {"MasterUserPassword": password}}


def attached(target: Any, secret: Any) -> Any:
    row = {
        "Type": "AWS::SecretsManager::SecretTargetAttachment",
        "Properties": {"TargetId": target, "SecretId": secret},
    }
    return {"S": SECRET, "Db": with_password(), "A": row}


@pytest.mark.parametrize(
    ("rows", "secret"),
    [
        ({}, ""),
        (attached({"Ref": "Db"}, {"Ref": "S"}), "S"),
        (attached({"Fn::Sub": "${Db}"}, {"Fn::Join": ["", [{"Ref": "S"}]]}), "S"),
        (attached({"Ref": "Db"}, {"Fn::If": ["Always", {"Ref": "S"}, "x"]}), "S"),
        (attached({"Ref": "Other"}, {"Ref": "S"}), ""),
        (attached({"Ref": "Db"}, "arn"), ""),
        ({"S": SECRET, "Db": with_password("plain")}, ""),
        ({"S": SECRET, "Db": with_password({"Fn::Sub": "{{resolve:secretsmanager:${S}::password}}"})}, "S"),
        ({"S": SECRET, "Db": with_password({"Fn::Join": ["", ["{{", {"Ref": "S"}, "}}"]]})}, "S"),
    ],
)
def test_the_secret_of_a_database_is_read_from_the_template(rows: Any, secret: str) -> None:
    template = {"Resources": rows, "Conditions": {"Always": {"Fn::Equals": ["a", "a"]}}}
    assert attached_secret(resources(Evaluator(Side(template))), "Db") == secret


@pytest.mark.parametrize(
    ("template", "may"),
    [("Type: AWS::RDS::DBCluster", True), ("Type: AWS::DSQL::Cluster", True), ("Transform: x", True), ("a VPC", False)],
)
def test_only_templates_with_a_database_are_looked_into(template: str, may: bool) -> None:
    assert may_have_database(template) is may
