"""Policies: sorted, limited to what an action can be limited to, and never an empty statement."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.iam.policy import Grants, policy
from aurora_cfn.iam.roles import with_boundaries
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import Made
from aurora_cfn.model.value import Value

SCOPE = Scope("aws-cn", "cn-north-1", "123456789012", ["db-dev", "net-dev"], ["boss", "rds!*"], ["/a", "b"], ["code"])


def statements(grants: Grants, scope: Scope = SCOPE) -> list[dict[str, Any]]:
    document = json.loads(json.dumps(policy(grants, scope)))
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
        ("logs:FilterLogEvents", ["log-group:/aws/rds/cluster/*/*", "log-group:/aws/rds/instance/*/*"]),
        ("logs:StartQuery", ["log-group:/aws/rds/cluster/*/*", "log-group:/aws/rds/instance/*/*"]),
        ("rds:AddTagsToResource", ["cluster-snapshot:*", "snapshot:*"]),
    ],
)
def test_actions_are_limited_to_what_the_environment_has(action: str, resources: list[str]) -> None:
    (statement,) = statements(Grants([action]))
    service = action.partition(":")[0]
    assert statement["Resource"] == [f"arn:aws-cn:{service}:cn-north-1:123456789012:{rest}" for rest in resources]


@pytest.mark.parametrize(("action", "arn"), [("s3:PutObject", "code/*"), ("s3:ListBucket", "code")])
def test_buckets_and_what_is_in_them(action: str, arn: str) -> None:
    (statement,) = statements(Grants([action]))
    assert statement["Resource"] == f"arn:aws-cn:s3:::{arn}"
    only_new = {"Null": {"s3:if-none-match": "false"}} if action == "s3:PutObject" else None
    assert statement.get("Condition") == only_new


@pytest.mark.parametrize("action", ["cloudformation:ListStacks", "rds:DescribeDBClusters", "ssm:DescribeParameters"])
def test_actions_that_cannot_be_limited(action: str) -> None:
    assert statements(Grants([action]))[0]["Resource"] == "*"


def test_a_secret_given_by_its_arn_is_taken_as_it_is() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf"
    assert statements(Grants(["secretsmanager:GetSecretValue"]), Scope(secrets=[arn]))[0]["Resource"] == arn


def test_the_data_api_is_limited_to_clusters() -> None:
    (statement,) = statements(Grants(["rds-data:ExecuteStatement"]), Scope())
    assert statement["Resource"] == "arn:aws:rds:*:*:cluster:*"


@pytest.mark.parametrize(
    ("action", "condition"),
    [
        ("rds:CreateDBClusterSnapshot", None),
        # A copy that is not made yet has no tags.
        ("rds:CopyDBClusterSnapshot", {"StringEqualsIfExists": {"aws:ResourceTag/aurora-cfn:project": "shop"}}),
        ("rds:DeleteDBClusterSnapshot", {"StringEquals": {"aws:ResourceTag/aurora-cfn:project": "shop"}}),
        ("rds:ModifyDBSnapshotAttribute", {"StringEquals": {"aws:ResourceTag/aurora-cfn:project": "shop"}}),
        ("kms:DescribeKey", None),
    ],
)
def test_snapshots_of_any_name_but_only_of_the_environment(action: str, condition: object) -> None:
    scope = replace(SCOPE, owner={"aurora-cfn:project": "shop"})
    (statement,) = statements(Grants([action]), scope)
    assert statement.get("Condition") == condition
    found = statement["Resource"]
    assert "*" not in (found if isinstance(found, list) else [found])


def test_a_key_is_granted_to_rds_alone() -> None:
    (statement,) = statements(Grants(["kms:CreateGrant"]))
    assert statement["Condition"] == {
        "StringLike": {"kms:ViaService": "rds.cn-north-1.amazonaws.com*"},
        "Bool": {"kms:GrantIsForAWSResource": "true"},
    }


def test_the_load_is_read_of_the_stacks_databases_and_with_their_key_alone() -> None:
    own = Made("db-dev", "C", "AWS::RDS::DBCluster", {"PerformanceInsightsKmsKeyId": "1234"})
    scope, actions = replace(SCOPE, insights=True), ["kms:Decrypt", "pi:GetResourceMetrics"]
    key, load = statements(Grants(actions), replace(scope, made=(own,)))
    assert (key["Action"], key["Resource"]) == (["kms:Decrypt"], "arn:aws-cn:kms:cn-north-1:123456789012:key/1234")
    assert key["Condition"]["StringEquals"] == {"kms:EncryptionContext:service": "pi"}
    assert load["Resource"] == "arn:aws-cn:pi:cn-north-1:123456789012:metrics/rds/*"
    assert load["Condition"] == {
        "StringEquals": {"aws:ResourceTag/aws:cloudformation:stack-name": ["db-dev", "net-dev"]}
    }
    assert statements(Grants(actions[1:]), replace(scope, made=(Made("d", "D", "AWS::DSQL::Cluster", {}),))) == []


def test_log_files_are_those_of_the_stacks_instances() -> None:
    (files,) = statements(Grants(["rds:DownloadDBLogFilePortion"]), replace(SCOPE, made=(MADE[0],)))
    assert files["Resource"] == "arn:aws-cn:rds:cn-north-1:123456789012:db:*"
    assert files["Condition"]["StringEquals"].keys() == {"aws:ResourceTag/aws:cloudformation:stack-name"}


def test_a_role_is_passed_to_cloudformation_only() -> None:
    (statement,) = statements(Grants(role_arn="arn:aws:iam::123456789012:role/x"))
    assert (statement["Action"], statement["Resource"]) == (["iam:PassRole"], "arn:aws:iam::123456789012:role/x")
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


MADE = (
    Made("db-dev", "Cluster", "AWS::RDS::DBCluster", {}),
    Made("db-dev", "Role", "AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/P"]}),
)
IN_STACKS = replace(SCOPE, made=MADE)


def test_what_cloudformation_does_in_ones_name_goes_through_it_only() -> None:
    (through,) = statements(Grants(on_behalf=["rds:CreateDBCluster"]), IN_STACKS)
    assert through["Condition"] == {"ForAnyValue:StringEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]}}
    (direct,) = statements(Grants(on_behalf=["rds:CreateDBCluster"], through=False), IN_STACKS)
    assert "Condition" not in direct


@pytest.mark.parametrize("through", [True, False])
def test_roles_are_passed_to_the_services_that_the_templates_name_and_secrets_are_those_of_the_scope(
    through: bool,
) -> None:
    actions = ["iam:PassRole", "rds:CreateDBCluster"]
    given = Grants(on_behalf=actions, through=through, trusted=["lambda.amazonaws.com"], resolves=True)
    rest, secrets, roles = found = statements(given, IN_STACKS)
    assert rest["Action"] == ["rds:CreateDBCluster"]
    assert "arn:aws-cn:rds:cn-north-1:123456789012:cluster:db-dev-cluster-*" in rest["Resource"]
    assert (roles["Action"], roles["Resource"]) == (["iam:PassRole"], "arn:aws-cn:iam::123456789012:role/db-dev-Role-*")
    assert roles["Condition"]["StringEquals"] == {"iam:PassedToService": ["lambda.amazonaws.com"]}
    assert secrets["Resource"][0] == "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:boss-??????"
    assert ["ForAnyValue:StringEquals" in row.get("Condition", {}) for row in found] == [through] * 3


ROLES = ["iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRole", "iam:CreateUser"]


@pytest.mark.parametrize(
    ("boundaries", "written", "denied"),
    [
        ((), ["iam:CreateRole"], []),
        (("arn:b",), ["iam:CreateRole", "iam:PutRolePolicy"], ["KeepBoundaries", "KeepTheBoundary"]),
    ],
)
def test_policies_are_written_into_roles_with_a_boundary_only(
    boundaries: tuple[str, ...], written: list[str], denied: list[str]
) -> None:
    found = statements(Grants(on_behalf=ROLES, through=False), replace(IN_STACKS, boundaries=boundaries))
    rows = {row["Sid"]: row for row in found}
    assert rows["MakeRoles"]["Action"] == written
    assert [row["Sid"] for row in found if row["Effect"] == "Deny"] == denied
    assert rows["AttachPolicies"]["Condition"]["ArnEquals"] == {"iam:PolicyARN": ["arn:aws:iam::aws:policy/P"]}
    assert ("StringEquals" in rows["AttachPolicies"]["Condition"]) is bool(boundaries)
    assert rows["Roles"]["Action"] == ["iam:DeleteRole"]
    assert "iam:CreateUser" not in str(found)


def test_the_boundary_is_that_of_the_roles_or_one_of_our_name_where_a_policy_needs_one() -> None:
    written: dict[str, Value] = {"Policies": [{}]}
    bounded: dict[str, Value] = {**written, "PermissionsBoundary": "arn:theirs"}
    rows: list[tuple[dict[str, Value], tuple[str, ...]]] = [
        ({}, ()),
        (written, ("arn:ours",)),
        (bounded, ("arn:theirs",)),
    ]
    for properties, wanted in rows:
        scope = replace(SCOPE, made=[Made("db-dev", "Role", "AWS::IAM::Role", properties)])
        assert with_boundaries(scope, "arn:ours").boundaries == wanted


def test_where_no_role_is_made_none_is_passed() -> None:
    assert statements(Grants(on_behalf=["iam:PassRole"])) == []


def test_actions_of_one_resource_stand_together_and_sorted() -> None:
    given = Grants(["cloudformation:ListStacks", "ssm:DescribeParameters", "cloudformation:ListImports"])
    (statement,) = statements(given)
    assert statement["Action"] == ["cloudformation:ListImports", "cloudformation:ListStacks", "ssm:DescribeParameters"]
