"""A template over 51,200 bytes from the project through the emulator's bucket into a stack, and once only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.aws.buckets import S3Buckets
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.render import render
from tests.aws.bucket_contract import keep
from tests.cli.large import deploy, written
from tests.local.conftest import clients_of

BUCKET = "aurora-cfn-000000000000-eu-west-2"
PARAMS = """\
endpoint: local
region: eu-west-2
tags: {Project: temporal}
stacks:
  book:
    template: book
    parameters: {Title: one}
"""

pytestmark = pytest.mark.slow


def test_buckets_of_the_emulator_keep_to_the_contract(server: LocalServer, account: str) -> None:
    place = Session(Connection("eu-west-1", None, server.endpoint, (account, server.keys.secret_access_key)))
    keep(S3Objects(place), S3Buckets(place), f"contract-{account}", account)


def test_a_large_template_is_deployed_and_travels_once(
    server: LocalServer, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AURORA_CFN_HOME", str(home.path))
    large = written(tmp_path, PARAMS)
    client = clients_of(server, region="eu-west-2")
    first = deploy(large, server.endpoint)
    assert first.exit_code == 0, first.stderr
    assert f"made the bucket {BUCKET}" in first.stderr
    assert client("cloudformation").get_template(StackName="book-dev")["TemplateBody"] == render(large)
    protected(client("s3"))

    written(tmp_path, PARAMS.replace("one", "two"))
    again = deploy(large, server.endpoint)
    assert again.exit_code == 0, again.stderr
    assert "book  its template is there already: s3://" in again.stderr
    s3 = client("s3")
    (version,) = s3.list_object_versions(Bucket=BUCKET)["Versions"]
    assert s3.get_object(Bucket=BUCKET, Key=version["Key"])["Body"].read().decode() == render(large)
    parameters = client("cloudformation").describe_stacks(StackName="book-dev")["Stacks"][0]["Parameters"]
    assert {row["ParameterKey"]: row["ParameterValue"] for row in parameters}["Title"] == "two"


def protected(s3: Any) -> None:
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert list(block.values()) == [True] * 4
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    (owning,) = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert owning["ObjectOwnership"] == "BucketOwnerEnforced"
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    tags = {row["Key"]: row["Value"] for row in s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]}
    assert tags == {"Project": "temporal", "aurora-cfn:protected": "true"}
