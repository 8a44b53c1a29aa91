"""Rotation changes passwords for real: RDS's own secrets, functions of a template, the hosted function."""

from __future__ import annotations

import json
from typing import Any

import psycopg2
import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local import status as status_page
from aurora_cfn.local.home import Home
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import OUTPUTS, cluster, connect
from tests.waiting import until

pytestmark = pytest.mark.slow
FUNCTION = """
import boto3, json
def handler(event, context):
    secrets = boto3.client("secretsmanager")
    name, token = event["SecretId"], event["ClientRequestToken"]
    stages = secrets.describe_secret(SecretId=name)["VersionIdsToStages"]
    assert "AWSPENDING" in stages[token], stages
    if event["Step"] == "createSecret":
        try:
            secrets.get_secret_value(SecretId=name, VersionId=token, VersionStage="AWSPENDING")
            raise AssertionError("a value before there can be one")
        except secrets.exceptions.ResourceNotFoundException:
            value = json.loads(secrets.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"])
        value["password"] = "made-by-the-function"
        secrets.put_secret_value(
            SecretId=name, ClientRequestToken=token, SecretString=json.dumps(value), VersionStages=["AWSPENDING"])
    if event["Step"] == "finishSecret":
        now = next(each for each in stages if "AWSCURRENT" in stages[each])
        secrets.update_secret_version_stage(
            SecretId=name, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=now)
"""
LOGIN = {
    "Type": "AWS::SecretsManager::Secret",
    "Properties": {"GenerateSecretString": {
        "SecretStringTemplate": '{"username":"boss"}', "GenerateStringKey": "password", "ExcludePunctuation": True,
    }},
}  # fmt: skip


def password_of(secrets: Any, arn: str) -> str:
    found: str = json.loads(secrets.get_secret_value(SecretId=arn)["SecretString"])["password"]
    return found


def changed(secrets: Any, arn: str, before: str, timeout: float = 40.0) -> str:
    """The password once it is another one."""
    assert until(lambda: password_of(secrets, arn) != before, timeout)
    return password_of(secrets, arn)


def test_a_secret_of_rds_gets_a_new_password_that_the_server_takes(stacks: Stacks) -> None:
    body = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None)
    body["Outputs"] = OUTPUTS | {
        "Secret": {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}},
        "Arn": {"Value": {"Fn::GetAtt": "C.DBClusterArn"}},
    }
    outputs = stacks.create("managed", body)
    secrets, arn = stacks.client("secretsmanager"), outputs["Secret"]
    described = secrets.describe_secret(SecretId=arn)
    assert {row["Key"]: row["Value"] for row in described["Tags"]} == {
        "aws:rds:primaryDBClusterArn": outputs["Arn"], "aws:secretsmanager:owningService": "rds",
    }  # fmt: skip
    assert (described["OwningService"], described["RotationEnabled"]) == ("rds", True)
    before = password_of(secrets, arn)
    version = secrets.rotate_secret(SecretId=arn)["VersionId"]
    now = changed(secrets, arn, before)
    assert secrets.get_secret_value(SecretId=arn)["VersionId"] == version
    connect(outputs, now).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(outputs, before)
    assert secrets.rotate_secret(SecretId=arn, RotateImmediately=False)["VersionId"] == version
    assert password_of(secrets, arn) == now
    stacks.delete("managed")


def test_the_hosted_function_changes_the_password_when_the_schedule_is_made(stacks: Stacks, home: Home) -> None:
    reference = {"Fn::Sub": "{{resolve:secretsmanager:${Login}:SecretString:password}}"}
    body = cluster(deletion="Delete", MasterUserPassword=reference)
    body["Resources"] |= {
        "Login": LOGIN,
        "Link": {"Type": "AWS::SecretsManager::SecretTargetAttachment", "Properties": {
            "SecretId": {"Ref": "Login"}, "TargetId": {"Ref": "C"}, "TargetType": "AWS::RDS::DBCluster"}},
        "Turn": {"Type": "AWS::SecretsManager::RotationSchedule", "DependsOn": ["Link", "I"], "Properties": {
            "SecretId": {"Ref": "Login"}, "HostedRotationLambda": {"RotationType": "PostgreSQLSingleUser"},
            "RotationRules": {"AutomaticallyAfterDays": 30}, "RotateImmediatelyOnUpdate": False}},
    }  # fmt: skip
    body["Outputs"] = OUTPUTS | {"Secret": {"Value": {"Ref": "Login"}}}
    outputs = stacks.create("hosted", body)
    secrets, arn = stacks.client("secretsmanager"), outputs["Secret"]
    before = password_of(secrets, arn)
    connect(outputs, before).close()
    body["Resources"]["Turn"]["Properties"]["RotateImmediatelyOnUpdate"] = True
    stacks.update("hosted", body)
    connect(outputs, changed(secrets, arn, before)).close()
    assert secrets.get_secret_value(SecretId=arn, VersionStage="AWSPREVIOUS")
    shown = "\n".join(status_page.lines(status_page.status(home)))
    assert "RotationSchedule (rotates when it is made" in shown
    hosted = body["Resources"]["Turn"]["Properties"]["HostedRotationLambda"]
    hosted["RotationType"] = "PostgreSQLMultiUser"
    stacks.update("hosted", body)
    shown = "\n".join(status_page.lines(status_page.status(home)))
    assert "RotationSchedule (not emulated: PostgreSQLMultiUser)" in shown
    stacks.delete("hosted")


def test_a_function_of_the_template_rotates_in_its_four_steps(stacks: Stacks) -> None:
    role = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                           "Action": "sts:AssumeRole"}]}  # fmt: skip
    rights = {"Statement": [{"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}]}
    body: dict[str, Any] = {
        "Resources": {
            "Login": LOGIN,
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": role, "Policies": [{"PolicyName": "own", "PolicyDocument": rights}]}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": FUNCTION}, "Timeout": 30,
                "Role": {"Fn::GetAtt": "Role.Arn"}}},
            "Turn": {"Type": "AWS::SecretsManager::RotationSchedule", "Properties": {
                "SecretId": {"Ref": "Login"}, "RotationLambdaARN": {"Fn::GetAtt": "Function.Arn"},
                "RotationRules": {"AutomaticallyAfterDays": 30}}},
        },
        "Outputs": {"Secret": {"Value": {"Ref": "Login"}}},
    }  # fmt: skip
    stacks.create("unpermitted", body, "ROLLBACK_COMPLETE")
    assert any("cannot invoke the specified Lambda function" in each for each in stacks.reasons("unpermitted"))
    body["Resources"]["Permission"] = {"Type": "AWS::Lambda::Permission", "Properties": {
        "FunctionName": {"Ref": "Function"}, "Action": "lambda:InvokeFunction",
        "Principal": "secretsmanager.amazonaws.com"}}  # fmt: skip
    body["Resources"]["Turn"]["DependsOn"] = "Permission"
    arn = stacks.create("functional", body)["Secret"]
    secrets = stacks.client("secretsmanager")
    assert until(lambda: password_of(secrets, arn) == "made-by-the-function")
    stacks.delete("functional")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "No Lambda rotation function ARN is associated with this secret"),
        ({"RotationLambdaARN": "arn:aws:lambda:eu-west-1:123456789012:function:gone"}, "cannot invoke the specified"),
    ],
)
def test_what_cannot_rotate_is_refused(stacks: Stacks, more: dict[str, str], said: str) -> None:
    secrets = stacks.client("secretsmanager")
    arn = secrets.create_secret(Name="still", SecretString="{}")["ARN"]
    with pytest.raises(ClientError, match=said):
        secrets.rotate_secret(SecretId=arn, **more)
    assert not secrets.describe_secret(SecretId=arn)["RotationEnabled"]
