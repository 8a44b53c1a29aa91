"""The AWS CLI itself as a client, with the commands that people copy from a README."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import Stacks

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("aws"), reason="the AWS CLI cannot be a dependency: it pins its own botocore"),
]


def test_create_describe_and_query(server: LocalServer, stacks: Stacks, account: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "templates" / "aurora-serverless-postgres.yaml", tmp_path)
    environment = os.environ | {
        "AWS_ENDPOINT_URL": server.endpoint, "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": server.keys.secret_access_key,
        "AWS_DEFAULT_REGION": "eu-west-1", "AWS_PAGER": "",
    }  # fmt: skip

    def aws(*arguments: str) -> Any:
        done = subprocess.run(["aws", *arguments], capture_output=True, text=True, cwd=tmp_path, env=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    secret = json.dumps({"username": "temporal", "password": "a-long-password"})
    arn = aws("secretsmanager", "create-secret", "--name", "Mahira", "--secret-string", secret)["ARN"]
    aws(
        "cloudformation", "create-stack", "--stack-name", "aurora-serverless-dev",
        "--template-body", "file://aurora-serverless-postgres.yaml", "--parameters",
        "ParameterKey=EnvironmentName,ParameterValue=dev", "ParameterKey=DBMaster,ParameterValue=Mahira",
        "ParameterKey=DatabaseName,ParameterValue=temporal", "ParameterKey=DeletionProtection,ParameterValue=false",
        "--capabilities", "CAPABILITY_IAM",
    )  # fmt: skip
    assert stacks.settled("aurora-serverless-dev")["StackStatus"] == "CREATE_COMPLETE"
    query = ["--query", "Stacks[0].Outputs"]
    outputs = aws("cloudformation", "describe-stacks", "--stack-name", "aurora-serverless-dev", *query)
    found = {row["OutputKey"]: row["OutputValue"] for row in outputs}
    assert {"StackName", "ClusterName", "DNSName", "DBName", "DBPort"} <= set(found)
    answer = aws(
        "rds-data", "execute-statement", "--resource-arn", found["ClusterArn"], "--secret-arn", arn,
        "--database", "temporal", "--sql", "SELECT version();",
    )  # fmt: skip
    assert answer["records"][0][0]["stringValue"].startswith("PostgreSQL ")
    aws("cloudformation", "delete-stack", "--stack-name", "aurora-serverless-dev")
    assert stacks.settled("aurora-serverless-dev")["StackStatus"] == "DELETE_COMPLETE"
