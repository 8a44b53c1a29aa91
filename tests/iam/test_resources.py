"""What an action is limited to, by rows: the names of resources that are known, and those that CloudFormation makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.iam.boundary import boundary, not_covered
from aurora_cfn.iam.databases import database_statements
from aurora_cfn.iam.roles import left_out, passed_by_name
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.services import service_statements
from aurora_cfn.iam.stack_resources import Made, copied, generated_name
from aurora_cfn.model.live_session import QUEUE_ACTIONS

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"


def scope(*made: Made) -> Scope:
    return Scope("aws", "eu-west-1", "123456789012", ["db-dev"], [], [], ["code"], made)


def made(kind: str, **properties: Any) -> Made:
    return Made("db-dev", "It", kind, properties)


@pytest.mark.parametrize(
    ("stack", "logical_id", "pattern"),
    [
        ("db-dev", "Role", "db-dev-Role-*"),
        ("db--dev", "Role", "db-dev-Role-*"),
        ("s" * 45, "Roles", f"{'s' * 45}-Roles-*"),
        ("s" * 46, "Roles", f"{'s' * 45}-Roles-*"),
        ("stack", "L" * 60, f"stack-{'L' * 45}-*"),
        ("s" * 60, "L" * 60, f"{'s' * 25}-{'L' * 25}-*"),
    ],
)
def test_names_that_cloudformation_makes_are_cut_fairly(stack: str, logical_id: str, pattern: str) -> None:
    assert generated_name(stack, logical_id, 64) == pattern


def resources(statements: Any) -> dict[str, list[str]]:
    rows = {row["Sid"]: row["Resource"] for row in statements}
    return {sid: where if isinstance(where, list) else [where] for sid, where in rows.items()}


@pytest.mark.parametrize(
    ("row", "arn"),
    [
        (made(CLUSTER, DBClusterIdentifier="Dev-DB"), "cluster:dev-db"),
        (made(CLUSTER), "cluster:db-dev-it-*"),
        (made(CLUSTER, DBClusterIdentifier={"Ref": "Unknown"}), "cluster:*"),
        (made(INSTANCE, DBInstanceIdentifier="db"), "db:db"),
        (made(INSTANCE, DBClusterIdentifier="elsewhere"), "cluster:elsewhere"),
        (made(CLUSTER, DBSubnetGroupName="theirs"), "subgrp:theirs"),
        (made("AWS::RDS::DBProxy", DBProxyName="p"), "db-proxy:*"),
        (made(CLUSTER), "pg:default*"),
    ],
)
def test_databases_are_changed_by_name(row: Made, arn: str) -> None:
    found = resources(database_statements(["rds:ModifyDBCluster"], scope(row)))
    assert f"arn:aws:rds:eu-west-1:123456789012:{arn}" in found["Databases"]


@pytest.mark.parametrize(
    ("properties", "sources"),
    [
        ({}, None),
        ({"SnapshotIdentifier": "s"}, ["cluster-snapshot:s", "snapshot:s"]),
        ({"SourceDBClusterIdentifier": "Prod"}, ["cluster:prod"]),
        ({"SnapshotIdentifier": {"aurora-cfn::Reference": "x"}}, ["cluster-snapshot:*", "snapshot:*"]),
    ],
)
def test_only_what_the_params_file_names_is_restored(properties: dict[str, Any], sources: list[str] | None) -> None:
    found = resources(database_statements(["rds:RestoreDBClusterFromSnapshot"], scope(made(CLUSTER, **properties))))
    wanted = sources and [f"arn:aws:rds:eu-west-1:123456789012:{row}" for row in sources]
    assert found.get("Sources") == wanted
    assert not [arn for arn in found["Databases"] if "snapshot" in arn]


def test_kept_backups_are_restored_by_their_tags() -> None:
    """Their ARN does not have the resource id, so a name would allow nothing."""
    row = made(CLUSTER, SourceDbClusterResourceId="cluster-ABCDEFGH")
    known = replace(scope(row), owner={"aurora-cfn:project": "shop"})
    found = {one["Sid"]: one for one in database_statements(["rds:RestoreDBClusterToPointInTime"], known)}
    assert found["KeptBackups"]["Resource"].endswith(":cluster-auto-backup:*")
    assert found["KeptBackups"]["Condition"] == {"StringEquals": {"aws:ResourceTag/aurora-cfn:project": "shop"}}
    none = resources(database_statements(["rds:RestoreDBClusterToPointInTime"], scope(made(CLUSTER))))
    assert "KeptBackups" not in none


FUNCTION = made("AWS::Lambda::Function", FunctionName="own")


@pytest.mark.parametrize(
    ("action", "rows", "sid", "arns"),
    [
        (
            "lambda:UpdateFunctionCode",
            (FUNCTION,),
            "Functions",
            ["arn:aws:lambda:eu-west-1:123456789012:function:own*"],
        ),
        ("lambda:UpdateFunctionCode", (), "Functions", None),
        ("states:UpdateStateMachine", (), "HoldersOfRoles", None),
        (
            "states:UpdateStateMachine",
            (made("AWS::StepFunctions::StateMachine", StateMachineName="m"),),
            "HoldersOfRoles",
            ["arn:aws:states:eu-west-1:123456789012:*db-dev-*", "arn:aws:states:eu-west-1:123456789012:*m*"],
        ),
        ("kms:PutKeyPolicy", (), "Keys", None),
        ("s3:PutBucketPolicy", (), "Buckets", None),
        ("s3:PutBucketPolicy", (made("AWS::S3::Bucket", BucketName="b"),), "Buckets", ["arn:aws:s3:::b"]),
        ("s3:GetObject", (), "Code", ["arn:aws:s3:::code/*"]),
        ("secretsmanager:UpdateSecret", (made("AWS::SecretsManager::Secret", Name="n"),), "Secrets", None),
        ("sns:CreateTopic", (), "Resources", ["arn:aws:sns:eu-west-1:123456789012:*"]),
        ("apigateway:POST", (), "Resources", ["arn:aws:apigateway:eu-west-1::/*"]),
        ("logs:PutResourcePolicy", (), "WithoutResources", ["*"]),
    ],
)
def test_other_services(action: str, rows: tuple[Made, ...], sid: str, arns: list[str] | None) -> None:
    found = resources(service_statements([action], scope(*rows)))
    if arns is not None:
        assert found[sid] == arns
    elif sid == "Secrets":
        assert "arn:aws:secretsmanager:eu-west-1:123456789012:secret:n-??????" in found[sid]
    else:
        assert sid not in found


def test_a_key_of_another_account_that_the_params_file_names_may_be_used() -> None:
    key = "arn:aws:kms:eu-west-1:999999999999:key/1"
    found = resources(service_statements(["kms:CreateGrant"], scope(made(CLUSTER, KmsKeyId=key))))
    assert found["Grants"] == ["arn:aws:kms:eu-west-1:123456789012:key/*", key]


def test_what_iam_allows_nowhere() -> None:
    assert left_out(["iam:CreateUser", "iam:CreateRole", "rds:CreateDBCluster"]) == ["iam:CreateUser"]


def role(*statements: dict[str, Any], managed: str = "") -> Made:
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}]
    return made("AWS::IAM::Role", Policies=policies, ManagedPolicyArns=[managed] if managed else [])


@pytest.mark.parametrize(
    ("action", "resource", "wanted"),
    [
        ("logs:PutLogEvents", {"Fn::GetAtt": "Log.Arn"}, ["arn:aws:logs:eu-west-1:123456789012:*"]),
        ("xray:PutTraceSegments", "*", ["*"]),
        (
            "ec2:X",
            {"Fn::Join": ["", ["arn:aws:ec2:eu-west-1:", {"Ref": "AWS::AccountId"}, ":group/", {"Ref": "G"}]]},
            ["arn:aws:ec2:eu-west-1:123456789012:group/*"],
        ),
        ("iam:PassRole", "*", None),
        ("sts:AssumeRole", "*", None),
        ("s3:*", "*", None),
    ],
)
def test_the_boundary_holds_what_the_roles_have_but_no_way_to_another_role(
    action: str, resource: Any, wanted: list[str] | None
) -> None:
    rows = scope(role({"Effect": "Allow", "Action": action, "Resource": resource}))
    found = resources(boundary(rows, live=False)["Statement"])
    assert list(found.values()) == ([wanted] if wanted else [])
    assert list(not_covered(rows)) == ([] if wanted else [f"db-dev: It: {action}"])


BRANCHES = "arn:aws:cloudformation:eu-west-1:123456789012:stack/*-branch-*/*"
ENDS_BRANCHES = {"Action": "cloudformation:DeleteStack", "Resource": BRANCHES}
OF_BRANCHES = {"StringEquals": {"aws:ResourceTag/aurora-cfn:copy": "branch"}}


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ({**ENDS_BRANCHES, "Condition": OF_BRANCHES}, True),
        (ENDS_BRANCHES, False),
        ({**ENDS_BRANCHES, "Condition": {"StringEquals": {"aws:ResourceTag/aurora-cfn:copy": "restore"}}}, False),
        ({**ENDS_BRANCHES, "Condition": OF_BRANCHES, "Action": "cloudformation:CreateStack"}, False),
        ({**ENDS_BRANCHES, "Condition": OF_BRANCHES, "Action": "cloudformation:*"}, False),
    ],
)
def test_of_cloudformation_the_boundary_holds_the_end_of_branches_alone(rule: dict[str, Any], held: bool) -> None:
    rows = scope(role({"Effect": "Allow", **rule}))
    found = boundary(rows, live=False)["Statement"]
    assert [(row["Action"], row["Resource"], row["Condition"]) for row in found] == (
        [(["cloudformation:DeleteStack"], BRANCHES, OF_BRANCHES)] if held else []
    )
    assert list(not_covered(rows)) == ([] if held else [f"db-dev: It: {rule['Action']}"])


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("rows", [(), (FUNCTION,), (made("Custom::X", ServiceToken="arn:x:function:theirs"),)])
def test_the_boundary_holds_what_sessions_do_where_there_can_be_some(rows: tuple[Made, ...], live: bool) -> None:
    found = {
        action: row["Resource"] for row in boundary(scope(*rows), live=live)["Statement"] for action in row["Action"]
    }
    queues = "arn:aws:sqs:eu-west-1:123456789012:aurora-cfn-live-*-*"
    wanted = {
        "lambda:UpdateFunctionCode": "arn:aws:lambda:eu-west-1:123456789012:function:own*",
        "s3:GetObject": "arn:aws:s3:::code/*",
        **dict.fromkeys(QUEUE_ACTIONS, queues),
    }
    assert found == (wanted if live and rows == (FUNCTION,) else {})


def test_of_a_managed_policy_the_boundary_holds_what_is_known() -> None:
    known = scope(role(managed="arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"))
    assert "logs:PutLogEvents" in boundary(known, live=False)["Statement"][0]["Action"]
    assert list(not_covered(known)) == []
    assert list(not_covered(scope(role(managed="arn:aws:iam::aws:policy/P")))) == [
        "db-dev: It: arn:aws:iam::aws:policy/P"
    ]


def test_copies_have_patterns_after_the_names_of_the_originals_and_begin_with_their_data() -> None:
    made = (
        Made(
            "db-dev",
            "Cluster",
            "AWS::RDS::DBCluster",
            {"DBClusterIdentifier": "db", "DBInstanceClass": "db.serverless"},
        ),
        Made("db-dev", "Writer", "AWS::RDS::DBInstance", {"DBInstanceIdentifier": "db-1"}),
        Made(
            "db-dev", "Logs", "AWS::Logs::LogGroup", {"LogGroupName": "/aws/rds/cluster/db/postgresql", "X": ["my-db"]}
        ),
        Made("net-dev", "Vpc", "AWS::EC2::VPC", {}),
    )
    found = copied(made, "r*")
    assert {row.stack for row in found} == {"db-dev-r*"}
    clusters = [row.properties for row in found if row.logical_id == "Cluster"]
    assert [row["SnapshotIdentifier"] for row in clusters] == ["db-*", "rds:db-*", "db-dev-snapshot-cluster-*"]
    assert {(row["DBClusterIdentifier"], row["SourceDBClusterIdentifier"]) for row in clusters} == {("db-r*", "db")}
    assert clusters[0]["DBInstanceClass"] == "db.serverless"
    others = {row.logical_id: row.properties for row in found if row.logical_id != "Cluster"}
    assert others["Writer"] == {"DBInstanceIdentifier": "db-r*-1"}
    assert others["Logs"] == {"LogGroupName": "/aws/rds/cluster/db-r*/postgresql", "X": ["my-db"]}


THEIRS = "arn:aws:iam::123456789012:role/theirs"


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (made("AWS::Lambda::Function", Role=THEIRS), [THEIRS]),
        (made(CLUSTER, AssociatedRoles=[{"FeatureName": "s3Import", "RoleArn": THEIRS}]), [THEIRS]),
        (made("AWS::ECS::TaskDefinition", ExecutionRoleArn=THEIRS), [THEIRS]),
        (made("AWS::Lambda::Function", Role="arn:aws:iam::123456789012:role/mine"), []),
        (made("AWS::Lambda::Function", Role={"Fn::GetAtt": "Runs.Arn"}), []),
        (made("AWS::IAM::ManagedPolicy", PolicyDocument={"Statement": [{"Resource": THEIRS}]}), []),
        (made("AWS::AutoScaling::AutoScalingGroup",
              ServiceLinkedRoleARN="arn:aws:iam::123456789012:role/aws-service-role/a/b"), []),
    ],
)  # fmt: skip
def test_roles_that_the_templates_pass_and_do_not_make_are_named(row: Made, named: list[str]) -> None:
    assert passed_by_name(scope(row, made("AWS::IAM::Role", RoleName="mine"))) == named
