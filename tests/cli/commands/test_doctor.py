"""`aurora-cfn doctor` as a whole: what it asks, what it says, how it ends."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.project import PARAMS, Project

OFFER = {
    "Engine": "aurora-postgresql",
    "EngineVersion": "17.5",
    "ServerlessV2FeaturesSupport": {"MinCapacity": "0", "MaxCapacity": "256"},
}
WRITES = ("Create", "Delete", "Execute", "Update", "Put", "Set", "Modify")


@pytest.fixture
def aws(dev: Project) -> Project:
    """An account in which nothing is in the way."""
    nothing: dict[str, Any] = {
        "DescribeDBEngineVersions": {"DBEngineVersions": [OFFER]},
        "DescribeDBClusters": {"DBClusters": []},
        "DescribeDBInstances": {"DBInstances": []},
        "DescribeAccountAttributes": {"AccountQuotas": []},
        "DescribeAccountLimits": {"AccountLimits": []},
        "ListStacks": {"StackSummaries": []},
        "ListExports": {"Exports": []},
        "DescribeLogGroups": {"logGroups": []},
        "DescribeParameters": {"Parameters": []},
    }
    dev.endpoint.answers |= nothing
    return dev


def doctor(project: Project, *arguments: str) -> Any:
    return project.run("doctor", "--env", "dev", "--endpoint-url", project.endpoint.url, *arguments)


def test_nothing_in_the_way(aws: Project) -> None:
    result = doctor(aws)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "dev: no findings in 1 template\n"
    assert not [action for action in aws.endpoint.actions if action.startswith(WRITES)]


def test_what_prevents_it_is_listed_and_ends_with_one(aws: Project) -> None:
    aws.write(PARAMS + "      DBMaster: boss\n      EngineVersion: '17.5'\n")
    aws.endpoint.answers["GetSecretValue"] = {"SecretString": json.dumps({"username": "canary-1"}), "Name": "boss"}
    aws.endpoint.answers["DescribeDBEngineVersions"] = {"DBEngineVersions": []}
    result = doctor(aws)
    assert result.exit_code == 1
    assert (
        "params/dev.yaml:8:1: error secret: the secret that DBMaster names lacks password: it has username\n"
        in result.stdout
    )
    assert (
        "params/dev.yaml:9:1: error engine-version: DBCluster: aurora-postgresql 17.5 is not offered" in result.stdout
    )
    assert "canary" not in result.output
    assert "2 errors" in result.stderr


def test_without_permissions_it_says_each_one_and_succeeds(dev: Project) -> None:
    for action in (
        "DescribeDBEngineVersions",
        "DescribeAccountAttributes",
        "DescribeAccountLimits",
        "DescribeDBClusters",
    ):
        dev.endpoint.refusals[action] = [("AccessDenied", "not authorized")] * 9
    result = doctor(dev)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    assert all("warning" in line and ": needs " in line for line in lines)


def test_json_holds_the_findings(aws: Project) -> None:
    aws.endpoint.account = "999999999999"
    result = doctor(aws, "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["summary"]["errors"] == 1
    assert document["findings"][0]["rule"] == "caller"
    assert "999999999999" in document["findings"][0]["message"]


def test_when_aws_cannot_be_reached_there_is_no_clean_bill(dev: Project) -> None:
    result = dev.run("doctor", "--env", "dev", "--endpoint-url", "http://127.0.0.1:1")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert "cannot reach http://127.0.0.1:1" in result.stderr


def test_an_unknown_environment(dev: Project) -> None:
    result = dev.run("doctor", "--env", "prod")
    assert (result.exit_code, result.stdout) == (3, "")


# What deploy makes of it


def test_deploy_looks_ahead_and_refuses_what_cannot_succeed(aws: Project) -> None:
    aws.endpoint.answers["DescribeDBEngineVersions"] = {"DBEngineVersions": []}
    result = aws.deploy("--yes", looking=True)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error engine-version" in result.stderr
    assert "nothing was sent" in result.stderr
    assert not [action for action in aws.endpoint.actions if action.startswith(WRITES)]


def test_deploy_goes_on_when_nothing_is_in_the_way(aws: Project) -> None:
    result = aws.deploy("--yes", looking=True)
    assert result.exit_code == 0, result.stderr
    assert aws.endpoint.actions.index("DescribeDBEngineVersions") < aws.endpoint.actions.index("CreateChangeSet")


def test_deploy_goes_on_without_the_permissions_to_look(dev: Project) -> None:
    result = dev.deploy("--yes", looking=True)
    assert result.exit_code == 0, result.stderr
    assert "could not check the quotas of RDS" in result.stderr


def test_the_bucket_for_code_is_looked_at(aws: Project) -> None:
    cluster = "arn:aws:dsql:eu-west-1:123456789012:cluster/abcdefghijklmnopqrstuvwxyz"
    code = f"      ClusterEndpoint: x.dsql.eu-west-1.on.aws\n      ClusterArn: {cluster}\n"
    aws.write(f"bucket: mine\n{PARAMS}  games:\n    template: dsql-api\n    parameters:\n{code}")
    result = doctor(aws)
    assert result.exit_code == 1
    assert (
        "params/dev.yaml:1:1: error bucket: there is no bucket mine, and games would be uploaded to it" in result.stdout
    )
    aws.endpoint.s3.buckets["mine"] = {}
    assert (doctor(aws).exit_code, aws.endpoint.actions.count("HeadBucket")) == (0, 2)
    assert not [action for action in aws.endpoint.actions if action.startswith(WRITES)]
