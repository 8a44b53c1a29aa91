"""Templates over 51,200 bytes in whole commands: what is uploaded, what is made after asking, what is printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.plan.file import sha256
from aurora_cfn.render import render
from tests.cli.commands.test_import import REAL
from tests.cli.large import PARAMS, book, deploy, plan, written
from tests.cli.project import Project
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving
from tests.scripted.s3 import SETTINGS

MADE = "aurora-cfn-123456789012-eu-west-1"
MAKING = {"CreateBucket", *SETTINGS.values(), "PutObject", "CreateChangeSet"}


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.chdir(tmp_path)
    with serving(Endpoint(FakeCloudFormation(FakeClock(), seconds=0, at_once=True))) as found:
        yield found


@pytest.fixture
def large(endpoint: Endpoint, tmp_path: Path) -> Blueprint:
    return written(tmp_path)


def test_declined_nothing_is_changed(endpoint: Endpoint, large: Blueprint) -> None:
    done = deploy(large, endpoint.url, yes=False, text="n\n")
    assert (done.exit_code, done.stdout) == (1, "")
    size = len(render(large).encode())
    for part in (
        f"the template of book-dev has {size:,} bytes; over 51,200 it goes through a bucket, and params/dev.yaml",
        f"{MADE} would be made, for all environments of this account and region, and stays afterwards;",
        f"Make the bucket {MADE}? [y/N]:",
        "book  declined: nothing was changed",
        "or name another one as `bucket:` in params/dev.yaml",
    ):
        assert part in done.stderr, done.stderr
    assert not MAKING & set(endpoint.actions)
    assert (endpoint.s3.buckets, endpoint.cfn.names()) == ({}, [])


def test_agreed_it_is_made_protected_filled_and_then_the_change_set_is_asked_for(
    endpoint: Endpoint, large: Blueprint
) -> None:
    done = deploy(large, endpoint.url, yes=False, text="y\ny\n")
    assert done.exit_code == 0, done.stderr
    order = [action for action in endpoint.actions if action in MAKING]
    assert order == ["CreateBucket", *SETTINGS.values(), "PutObject", "CreateChangeSet"]
    assert endpoint.cfn.template("book-dev") == render(large)
    kept = endpoint.s3.settings[MADE]
    assert kept["publicAccessBlock"].count(">true<") == 4
    assert "<SSEAlgorithm>AES256<" in kept["encryption"]
    assert "<Status>Enabled<" in kept["versioning"]
    assert "BucketOwnerEnforced" in kept["ownershipControls"]
    assert json.loads(kept["policy"])["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert "<Key>Project</Key><Value>temporal</Value>" in kept["tagging"]
    assert f"book  made the bucket {MADE}: no public access, no ACLs" in done.stderr


def test_the_second_run_uploads_nothing_and_asks_for_nothing(endpoint: Endpoint, large: Blueprint) -> None:
    assert deploy(large, endpoint.url).exit_code == 0
    endpoint.actions.clear()
    done = deploy(large, endpoint.url)
    assert done.exit_code == 0
    assert "its template is there already: s3://" in done.stderr
    assert [name for name in endpoint.actions if "Bucket" in name or "Object" in name] == [
        "HeadBucket",
        "GetBucketTagging",
        "HeadObject",
    ]


def test_a_bucket_named_in_the_params_file_is_used_as_it_is(endpoint: Endpoint, large: Blueprint) -> None:
    Path("params/dev.yaml").write_text(f"bucket: mine\n{PARAMS}")
    endpoint.s3.buckets["mine"] = {}
    assert deploy(large, endpoint.url).exit_code == 0
    assert list(endpoint.s3.buckets["mine"]) == [f"aurora-cfn/book/{sha256(render(large))[:32]}.yaml"]
    assert not {"CreateBucket", *SETTINGS.values(), "GetBucketTagging"} & set(endpoint.actions)


@pytest.mark.parametrize("where", ["exists", "is made meanwhile"])
def test_a_bucket_of_another_account_is_refused(endpoint: Endpoint, large: Blueprint, where: str) -> None:
    endpoint.s3.owners[MADE] = "999999999999"
    endpoint.s3.buckets |= {MADE: {}} if where == "exists" else {}
    done = deploy(large, endpoint.url)
    assert (done.exit_code, done.stdout) == (4, "")
    assert f"bucket {MADE}: " in done.stderr
    assert ("must belong to the account" if where == "exists" else "another account has a bucket") in done.stderr
    assert endpoint.cfn.names() == []
    assert "PutObject" not in endpoint.actions


def test_without_an_account_in_the_params_file_it_is_the_callers(endpoint: Endpoint, large: Blueprint) -> None:
    Path("params/dev.yaml").write_text(PARAMS.replace('account: "123456789012"\n', ""))
    assert deploy(large, endpoint.url).exit_code == 0
    assert list(endpoint.s3.buckets) == [MADE]


def test_what_ended_half_way_is_completed(endpoint: Endpoint, large: Blueprint) -> None:
    endpoint.s3.refusals["PutBucketVersioning"] = "AccessDenied"
    first = deploy(large, endpoint.url)
    assert (first.exit_code, "PutObject" in endpoint.actions) == (4, False)
    assert f"bucket {MADE}: PutBucketVersioning: refused by the test (AccessDenied)" in first.stderr
    again = deploy(large, endpoint.url)
    assert (again.exit_code, set(endpoint.s3.settings[MADE])) == (0, set(SETTINGS))
    assert f"protected the bucket {MADE}" in again.stderr


def test_a_dry_run_says_what_is_missing_and_makes_nothing(endpoint: Endpoint, large: Blueprint) -> None:
    done = deploy(large, endpoint.url, Choices(preflight=False, dry_run=True))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "book-dev would be created from a template of 1 resource:" in done.stderr
    assert "no change set was made: the template of book-dev has" in done.stderr
    assert "a dry run makes no bucket" in done.stderr
    assert not MAKING & set(endpoint.actions)


def test_a_plan_has_the_templates_hash_and_is_not_made_without_the_bucket(endpoint: Endpoint, large: Blueprint) -> None:
    refused = plan(large, endpoint.url)
    assert (refused.exit_code, Path("plan.json").exists()) == (1, False)
    assert "--yes agrees" in refused.stderr
    assert not MAKING & set(endpoint.actions)
    done = plan(large, endpoint.url, yes=True)
    assert done.exit_code == 0, done.stderr
    (row,) = json.loads(Path("plan.json").read_text())["stacks"]
    assert row["template_sha256"] == sha256(render(large))
    assert "ExecuteChangeSet" not in endpoint.actions


def test_over_the_limit_it_is_said_before_anything_is_called(endpoint: Endpoint, tmp_path: Path) -> None:
    huge = written(tmp_path, blueprint=book(1030))
    done = deploy(huge, endpoint.url)
    assert (done.exit_code, done.stdout, endpoint.actions) == (1, "", [])
    assert "templates/book.yaml:1:1: error E1002: the template has 1,0" in done.stderr
    assert "and CloudFormation takes 1,000,000 at most" in done.stderr


def test_an_import_into_a_large_stack_goes_through_the_bucket_too(dev: Project) -> None:
    deployed = render(book())
    dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE", deployed)
    answer = {"Identifier": "prod-db", "Properties": json.dumps(REAL)}
    dev.endpoint.answers["GetResource"] = {"TypeName": "AWS::RDS::DBCluster", "ResourceDescription": answer}
    where = ("--env", "dev", "--endpoint-url", dev.endpoint.url, "--stack", "db")
    done = dev.run("import", *where, "DBCluster=prod-db", "--yes")
    assert done.exit_code == 0, done.output
    ((key, data),) = dev.endpoint.s3.buckets[MADE].items()
    assert key.startswith("aurora-cfn/aurora-serverless-postgres/")
    assert "DBClusterIdentifier: prod-db" in data.decode()
    assert dev.endpoint.cfn.template("db-dev") == data.decode()
