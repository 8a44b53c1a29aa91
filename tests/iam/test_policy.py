"""Policies: sorted, limited to what an action can be limited to, and never an empty statement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.report.policy import Grants, Scope, policy, policy_json

SCOPE = Scope("aws-cn", "cn-north-1", "123456789012", ["db-dev", "net-dev"], ["boss", "rds!*"], ["/a", "b"], ["code"])


def statements(grants: Grants, scope: Scope = SCOPE) -> list[dict[str, Any]]:
    document = json.loads(policy_json(policy(grants, scope)))
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    return found


@pytest.mark.parametrize(
    ("action", "resources"),
    [
        ("cloudformation:DescribeStacks", ["stack/db-dev/*", "stack/net-dev/*"]),
        ("secretsmanager:GetSecretValue", ["secret:boss-??????", "secret:rds!*-??????"]),
        ("ssm:GetParameters", ["parameter/a", "parameter/b"]),
        ("cloudformation:DescribeEvents", ["stack/db-dev/*", "stack/net-dev/*", "changeSet/*"]),
        ("rds:CreateDBClusterSnapshot", ["cluster:*", "cluster-snapshot:*"]),
        ("rds:CreateDBSnapshot", ["db:*", "snapshot:*"]),
        ("rds:AddTagsToResource", ["cluster-snapshot:*", "snapshot:*"]),
    ],
)
def test_actions_are_limited_to_what_the_environment_has(action: str, resources: list[str]) -> None:
    (statement,) = statements(Grants([action]))
    service = action.partition(":")[0]
    assert statement["Resource"] == [f"arn:aws-cn:{service}:cn-north-1:123456789012:{rest}" for rest in resources]


@pytest.mark.parametrize(("action", "arn"), [("s3:PutObject", "code/*"), ("s3:ListBucket", "code")])
def test_buckets_and_what_is_in_them(action: str, arn: str) -> None:
    assert statements(Grants([action]))[0]["Resource"] == f"arn:aws-cn:s3:::{arn}"


@pytest.mark.parametrize("action", ["cloudformation:ListStacks", "rds:DescribeDBClusters", "ssm:DescribeParameters"])
def test_actions_that_cannot_be_limited(action: str) -> None:
    assert statements(Grants([action]))[0]["Resource"] == "*"


def test_a_secret_given_by_its_arn_is_taken_as_it_is() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf"
    assert statements(Grants(["secretsmanager:GetSecretValue"]), Scope(secrets=[arn]))[0]["Resource"] == arn


def test_the_data_api_is_limited_to_clusters() -> None:
    (statement,) = statements(Grants(["rds-data:ExecuteStatement"]), Scope())
    assert statement["Resource"] == "arn:aws:rds:*:*:cluster:*"


def test_a_role_is_passed_to_cloudformation_only() -> None:
    (statement,) = statements(Grants(role_arn="arn:aws:iam::123456789012:role/x"))
    assert (statement["Action"], statement["Resource"]) == (["iam:PassRole"], "arn:aws:iam::123456789012:role/x")
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


def test_what_cloudformation_does_in_ones_name_goes_through_it_only() -> None:
    (through,) = statements(Grants(on_behalf=["rds:CreateDBCluster"]))
    assert through["Condition"] == {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}}
    (direct,) = statements(Grants(on_behalf=["rds:CreateDBCluster"], through=False))
    assert "Condition" not in direct


@pytest.mark.parametrize("through", [True, False])
def test_roles_are_passed_to_the_services_that_the_templates_name_and_secrets_are_those_of_the_scope(
    through: bool,
) -> None:
    actions = ["iam:PassRole", "rds:CreateDBCluster"]
    found = statements(Grants(on_behalf=actions, through=through, trusted=["lambda.amazonaws.com"], resolves=True))
    rest, roles, secrets = found
    assert (rest["Action"], rest["Resource"]) == (["rds:CreateDBCluster"], "*")
    assert (roles["Action"], roles["Resource"]) == (["iam:PassRole"], "arn:aws-cn:iam::123456789012:role/*")
    assert roles["Condition"]["StringEquals"] == {"iam:PassedToService": ["lambda.amazonaws.com"]}
    assert secrets["Resource"][0] == "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:boss-??????"
    assert ["ForAnyValue:StringEquals" in row.get("Condition", {}) for row in found] == [through] * 3


def test_where_no_role_is_made_none_is_passed() -> None:
    assert statements(Grants(on_behalf=["iam:PassRole"])) == []


def test_actions_of_one_resource_stand_together_and_sorted() -> None:
    given = Grants(["cloudformation:ListStacks", "ssm:DescribeParameters", "cloudformation:ListImports"])
    (statement,) = statements(given)
    assert statement["Action"] == ["cloudformation:ListImports", "cloudformation:ListStacks", "ssm:DescribeParameters"]
