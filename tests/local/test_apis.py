"""An HTTP API and a REST API with a key: a Python handler runs here, reads the database, and the printed URL works."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import urllib.error
import urllib.request
import zipfile
from typing import Any

import pytest

from aurora_cfn.local.home import Home
from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import cluster

pytestmark = pytest.mark.slow
HANDLER = """
import boto3, json, os

def handler(event, context):
    answer = boto3.client("rds-data").execute_statement(
        resourceArn=os.environ["ARN"], secretArn=os.environ["SECRET"], database="temporal", sql="select 6 * 7",
    )
    return {"statusCode": 200, "body": json.dumps(answer["records"])}
"""
ASSUMED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALLOWED = {"Effect": "Allow", "Action": ["rds-data:*", "secretsmanager:GetSecretValue"], "Resource": "*"}


def get(name: str, attribute: str) -> dict[str, str]:
    return {"Fn::GetAtt": f"{name}.{attribute}"}


def body() -> dict[str, Any]:
    found = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None)
    rest, uri = (
        {"Ref": "Rest"},
        "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations",
    )
    rows = {
        "Role": ("IAM::Role", {"AssumeRolePolicyDocument": ASSUMED, "Policies": [
            {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [ALLOWED]}}]}),
        "F": ("Lambda::Function", {
            "Runtime": "python3.13", "Handler": "index.handler", "Role": get("Role", "Arn"), "Timeout": 20,
            "Code": {"ZipFile": HANDLER}, "Environment": {"Variables": {
                "ARN": get("C", "DBClusterArn"), "SECRET": get("C", "MasterUserSecret.SecretArn")}}}),
        "Http": ("ApiGatewayV2::Api", {"Name": "h", "ProtocolType": "HTTP"}),
        "I2": ("ApiGatewayV2::Integration", {"ApiId": {"Ref": "Http"}, "IntegrationType": "AWS_PROXY",
                                             "IntegrationUri": get("F", "Arn"), "PayloadFormatVersion": "2.0"}),
        "R2": ("ApiGatewayV2::Route", {"ApiId": {"Ref": "Http"}, "RouteKey": "GET /answer",
                                       "Target": {"Fn::Sub": "integrations/${I2}"}}),
        "S2": ("ApiGatewayV2::Stage", {"ApiId": {"Ref": "Http"}, "StageName": "$default", "AutoDeploy": True}),
        "Rest": ("ApiGateway::RestApi", {"Name": "r"}),
        "Path": ("ApiGateway::Resource", {"RestApiId": rest, "ParentId": get("Rest", "RootResourceId"),
                                          "PathPart": "answer"}),
        "M": ("ApiGateway::Method", {"RestApiId": rest, "ResourceId": {"Ref": "Path"}, "HttpMethod": "GET",
                                     "AuthorizationType": "NONE", "ApiKeyRequired": True, "Integration": {
                                         "Type": "AWS_PROXY", "IntegrationHttpMethod": "POST",
                                         "Uri": {"Fn::Sub": uri}}}),
        "D": ("ApiGateway::Deployment", {"RestApiId": rest, "Description": {"Ref": "M"}}),
        "Stage": ("ApiGateway::Stage", {"RestApiId": rest, "DeploymentId": {"Ref": "D"}, "StageName": "v1"}),
        "Key": ("ApiGateway::ApiKey", {"Enabled": True, "Value": "a-key-of-twenty-letters"}),
        "Plan": ("ApiGateway::UsagePlan", {"ApiStages": [{"ApiId": rest, "Stage": {"Ref": "Stage"}}]}),
        "Bound": ("ApiGateway::UsagePlanKey", {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY",
                                               "UsagePlanId": {"Ref": "Plan"}}),
    }  # fmt: skip
    for name, (kind, properties) in rows.items():
        found["Resources"][name] = {"Type": f"AWS::{kind}", "Properties": properties}
    found["Resources"]["F"]["DependsOn"] = "I"
    found["Outputs"] = {
        "Http": {"Value": get("Http", "ApiEndpoint")},
        "Rest": {"Value": {"Fn::Sub": "https://${Rest}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1"}},
    }
    return found


def answer(url: str, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=20) as found:
            return found.status, json.loads(found.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def _swaps_code(stacks: Stacks) -> None:
    """CodeSha256 is the digest of the zip that the function runs."""
    functions = stacks.client("lambda")
    rows = stacks.cloudformation.list_stack_resources(StackName="apis")["StackResourceSummaries"]
    name = next(row["PhysicalResourceId"] for row in rows if row["LogicalResourceId"] == "F")
    before = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    swapped = io.BytesIO()
    with zipfile.ZipFile(swapped, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return 1")
    functions.update_function_code(FunctionName=name, ZipFile=swapped.getvalue())
    after = functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    assert after == base64.b64encode(hashlib.sha256(swapped.getvalue()).digest()).decode() != before


def test_the_printed_urls_answer_with_a_row_of_the_database(stacks: Stacks, home: Home) -> None:
    with_iam = body()
    resources = with_iam["Resources"]
    resources["Signed"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
        "ApiId": {"Ref": "Http"}, "RouteKey": "GET /signed", "AuthorizationType": "AWS_IAM",
        "Target": {"Fn::Sub": "integrations/${I2}"}}}  # fmt: skip
    outputs = stacks.create("apis", with_iam)
    assert answer(f"{outputs['Http']}/signed") == (403, {"message": "Missing Authentication Token"})
    assert answer(f"{outputs['Http']}/answer") == (200, [[{"longValue": 42}]])
    # In the emulator's own folder, which each start empties: a killed one leaves its code behind.
    assert list(home.temporary.glob("ministack-lambda-apis-*/code/index.py"))
    url = f"{outputs['Rest']}/answer"
    assert answer(url) == (403, {"message": "Forbidden"})
    assert answer(url, x_api_key="another-key-of-twenty")[0] == 403
    assert answer(url, x_api_key="a-key-of-twenty-letters") == (200, [[{"longValue": 42}]])
    _swaps_code(stacks)
    stacks.delete("apis")
