from __future__ import annotations

import json

import boto3
from aws_lambda_powertools.utilities import parameters
from cases import CLUSTER, Cases, refused, same

cases = Cases()
ssm, secrets = boto3.client("ssm"), boto3.client("secretsmanager")


@cases.case("parameters", "the Parameter Store: a name, a path, a secure string, and many names")
def store() -> None:
    for name, kind in (("/tools/one", "String"), ("/tools/deep/two", "SecureString"), ("/tools/three.json", "String")):
        ssm.put_parameter(Name=name, Type=kind, Value=json.dumps({"a": 1}), Overwrite=True)
    same(parameters.get_parameter("/tools/one"), '{"a": 1}')
    same(parameters.get_parameter("/tools/deep/two", decrypt=True, transform="json"), {"a": 1})
    same(sorted(parameters.get_parameters("/tools", recursive=True, decrypt=True)), ["deep/two", "one", "three.json"])
    same(parameters.get_parameters("/tools", transform="auto")["three.json"], {"a": 1})
    same(
        parameters.get_parameters_by_name({"/tools/one": {"transform": "json"}, "/tools/deep/two": {"decrypt": True}})[
            "/tools/one"
        ],
        {"a": 1},
    )


@cases.case("parameters", "set_parameter, a version and a description")
def written() -> None:
    parameters.set_parameter(name="/tools/set", value="x", overwrite=True, description="d")
    same(parameters.get_parameter("/tools/set", force_fetch=True), "x")


@cases.case("parameters", "a cached value is refreshed by force_fetch or its age")
def cached() -> None:
    same(parameters.get_parameter("/tools/one", max_age=100), '{"a": 1}')
    ssm.put_parameter(Name="/tools/one", Type="String", Value="new", Overwrite=True)
    same(parameters.get_parameter("/tools/one", max_age=100), '{"a": 1}')
    same(parameters.get_parameter("/tools/one", force_fetch=True), "new")


@cases.case("secrets", "the secret of the cluster")
def secret() -> None:
    same(sorted(parameters.get_secret(CLUSTER["secretArn"], transform="json")), ["password", "username"])


@cases.case("secrets", "set_secret makes it and gives it another version")
def set_secret() -> None:
    for text in ("one", "two"):
        parameters.set_secret(name="tools-secret", value=text)
        same(parameters.get_secret("tools-secret", force_fetch=True), text)
    same(len(secrets.list_secret_version_ids(SecretId="tools-secret")["Versions"]), 2)


@cases.case("errors", "what is not there")
def missing() -> None:
    with refused("GetParameterError"):
        parameters.get_parameter("/tools/nothing")
    with refused("GetParameterError"):
        parameters.get_secret("nothing")


cases.run()
