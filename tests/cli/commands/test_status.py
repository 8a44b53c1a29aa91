"""`aurora-cfn status` as a whole command, in a repository of its own: what is answered, and that it only reads."""

from __future__ import annotations

import json
import subprocess

import pytest
from click.testing import Result

from tests.cli.project import PARAMS, Project

READ_ONLY = {"GetCallerIdentity", "DescribeStacks", "GetTemplate", "DescribeChangeSet", "GetParameters"}


def status(dev: Project, *options: str) -> Result:
    return dev.run("status", "--env", "dev", "--endpoint-url", dev.endpoint.url, *options)


def git(dev: Project, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    ran = subprocess.run(("git", *who, *arguments), cwd=dev.folder, check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture
def committed(dev: Project) -> Project:
    git(dev, "init", "-q")
    git(dev, "add", ".")
    git(dev, "commit", "-q", "-m", "first")
    return dev


@pytest.fixture
def deployed(committed: Project) -> Project:
    assert committed.deploy("--yes").exit_code == 0
    committed.endpoint.actions.clear()
    return committed


def test_what_was_deployed_from_the_commit_runs_as_committed(deployed: Project) -> None:
    ran = status(deployed, "--exit-code")
    assert ran.exit_code == 0, ran.stderr
    commit = git(deployed, "rev-parse", "HEAD")[:12]
    assert "db-dev CREATE_COMPLETE" in ran.stdout
    assert f"commit {commit}: as deployed" in ran.stdout
    assert f"deployed by: dev at {commit} by arn:aws:iam::123456789012:user/me" in ran.stdout
    assert ran.stdout.endswith(f"what runs in dev is what is committed at {commit}\n")
    assert "worktree" not in ran.stdout
    assert set(deployed.endpoint.actions) <= READ_ONLY


def test_an_edit_differs_in_the_worktree_only_until_it_is_committed(deployed: Project) -> None:
    deployed.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    ran = status(deployed, "--exit-code")
    assert ran.exit_code == 0
    assert "worktree: 2 differences (in-place at worst): DBCluster, MaxCapacity" in ran.stdout
    git(deployed, "commit", "-q", "-a", "-m", "more")
    ran = status(deployed, "--exit-code")
    assert ran.exit_code == 8
    assert "is not what is committed" in ran.stdout
    assert status(deployed).exit_code == 0
    assert set(deployed.endpoint.actions) <= READ_ONLY


def test_what_was_deployed_from_edits_is_shown_and_is_not_what_is_committed(committed: Project) -> None:
    committed.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    committed.deploy("--yes")
    ran = status(committed, "--exit-code", "--format", "json")
    assert ran.exit_code == 8
    document = json.loads(ran.stdout)
    assert (document["schema"], document["dirty"], document["as_written"]) == (1, True, False)
    (row,) = document["stacks"]
    assert "with uncommitted changes" in row["deployed_by"]
    assert row["commit"]["changes"]
    assert row["worktree"]["changes"] == []


def test_a_stack_that_is_not_deployed_is_not_what_is_committed(committed: Project) -> None:
    ran = status(committed, "--exit-code")
    assert ran.exit_code == 8
    assert "db-dev NOT_DEPLOYED" in ran.stdout
    assert set(committed.endpoint.actions) <= READ_ONLY


@pytest.mark.parametrize("end", ["UPDATE_FAILED", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_a_stack_whose_operation_failed_does_not_count_as_committed(deployed: Project, end: str) -> None:
    kept = next(iter(deployed.endpoint.cfn._kept.values()))
    deployed.endpoint.cfn._tell(kept, "db-dev", kept.stack.arn, "AWS::CloudFormation::Stack", end, 0, "", "")
    ran = status(deployed, "--exit-code")
    assert ran.exit_code == 8
    assert "did not end well or still runs" in ran.stdout


def test_without_a_repository_the_worktree_is_what_counts(dev: Project) -> None:
    dev.deploy("--yes")
    ran = status(dev, "--exit-code")
    assert ran.exit_code == 0, ran.stderr
    assert "is what is written (nothing is committed here)" in ran.stdout


def test_a_name_that_is_nowhere_is_3(deployed: Project) -> None:
    ran = status(deployed, "--stack", "nope")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "no stack nope" in ran.stderr


def test_an_environment_that_is_not_committed_yet_is_shown(deployed: Project) -> None:
    (deployed.folder / "params" / "dev.yaml").rename(deployed.folder / "params" / "new.yaml")
    ran = deployed.run("status", "--env", "new", "--endpoint-url", deployed.endpoint.url)
    assert ran.exit_code == 0, ran.stderr
    assert "does not have this stack" in ran.stdout


@pytest.mark.parametrize("key", ["region", "profile"])
def test_a_place_that_is_not_committed_yet_is_where_both_sides_are_looked_for(deployed: Project, key: str) -> None:
    moved = {"region": PARAMS.replace("eu-west-1", "eu-central-1"), "profile": f"profile: work\n{PARAMS}"}[key]
    deployed.write(moved)
    config = deployed.folder / "config"
    config.write_text("[profile work]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = secret\n")
    there = ("status", "--env", "dev", "--endpoint-url", deployed.endpoint.url)
    ran = deployed.run(*there, environ={"AWS_CONFIG_FILE": str(config)})
    assert ran.exit_code == 0, ran.stderr
    assert f"params/dev.yaml: {key} as in the worktree, not as committed" in ran.stderr
    assert ran.stdout.startswith("db-dev CREATE_COMPLETE")


def test_an_endpoint_that_is_not_committed_yet_is_not_looked_for_in_aws(deployed: Project) -> None:
    """With no credentials at all, as on the machine of someone who tries it out."""
    deployed.write(f"endpoint: local\n{PARAMS}")
    ran = deployed.run(
        "status", "--env", "dev", "--endpoint-url", deployed.endpoint.url,
        environ={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
    )  # fmt: skip
    assert ran.exit_code == 0, ran.stderr
    assert "endpoint as in the worktree, not as committed" in ran.stderr
    assert "as deployed" in ran.stdout
