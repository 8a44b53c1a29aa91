"""`aurora-cfn diff` as a whole: exit code, stdout, stderr, and what was called."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from tests.cli.project import PARAMS, Project

READ_ONLY = {"GetCallerIdentity", "DescribeStacks", "GetTemplate"}


def diff(dev: Project, *options: str) -> Result:
    return dev.run("diff", "--env", "dev", "--endpoint-url", dev.endpoint.url, *options)


@pytest.fixture
def deployed(dev: Project) -> Project:
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.actions.clear()
    return dev


def test_what_is_deployed_as_written_has_no_differences(deployed: Project) -> None:
    ran = diff(deployed, "--exit-code")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == "dev as deployed -> dev as written: no changes\n"
    assert set(deployed.endpoint.actions) <= READ_ONLY


def test_a_changed_value_is_shown_with_its_property_and_8(deployed: Project) -> None:
    deployed.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    ran = diff(deployed, "--exit-code")
    assert ran.exit_code == 8
    assert "db-dev (templates/aurora-serverless-postgres.yaml), by deployed template:" in ran.stdout
    assert "ServerlessV2ScalingConfiguration.MaxCapacity: 8 -> 16" in ran.stdout
    assert "because: parameter MaxCapacity: 8 to 16" in ran.stdout
    assert set(deployed.endpoint.actions) <= READ_ONLY
    assert diff(deployed).exit_code == 0
    assert "cost a month in dev:" in ran.stdout
    assert "0 to 8 ACU" in ran.stdout[ran.stdout.index("cost a month") :]
    assert "cost a month" not in diff(deployed, "--stack", "db").stdout


def test_a_template_that_replaces_a_named_cluster_fails_with_11_before_it_is_allowed_with_6(deployed: Project) -> None:
    file = deployed.folder / "templates" / "aurora-serverless-postgres.yaml"
    text = file.read_text()
    assert "StorageEncrypted: true" in text
    file.write_text(text.replace("StorageEncrypted: true", "StorageEncrypted: false"))
    ran = diff(deployed)
    assert ran.exit_code == 11
    assert "Properties.StorageEncrypted: true -> false" in ran.stdout
    assert diff(deployed, "--allow-replace", "DBCluster").exit_code == 11
    tried = ("--try-anyway", "DBCluster", "--try-anyway", "Writer")
    assert diff(deployed, *tried).exit_code == 6
    assert diff(deployed, *tried, "--allow-replace", "DBCluster").exit_code == 0


def test_tags_and_termination_protection_are_compared_too(deployed: Project) -> None:
    deployed.write(PARAMS.replace("stacks:", "tags: {Team: data}\nprotect: true\nstacks:"))
    found = json.loads(diff(deployed, "--format", "json").stdout)["changes"]
    assert {(change["section"], change["logical_id"]) for change in found} == {
        ("Stack", "Tags"),
        ("Stack", "TerminationProtection"),
    }


def test_a_stack_that_is_not_deployed_is_all_new(dev: Project) -> None:
    ran = diff(dev, "--exit-code")
    assert ran.exit_code == 8
    assert "note: it is not deployed yet, so everything is new" in ran.stdout
    assert "+ DBCluster (AWS::RDS::DBCluster)" in ran.stdout
    assert set(dev.endpoint.actions) <= READ_ONLY
    live = diff(dev, "--live")
    assert "no change set was made, because there is no stack" in live.stdout
    assert "CreateChangeSet" not in dev.endpoint.actions


def test_live_asks_a_change_set_and_takes_it_back(deployed: Project) -> None:
    deployed.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    ran = diff(deployed, "--live")
    assert ran.exit_code in {0, 6}
    assert "by change set:" in ran.stdout
    assert ran.stderr == ""
    assert {"CreateChangeSet", "DescribeChangeSet", "DeleteChangeSet"} <= set(deployed.endpoint.actions)
    assert "ExecuteChangeSet" not in deployed.endpoint.actions
    assert deployed.endpoint.cfn.change_sets("db-dev") == []


def test_live_without_a_difference_is_none(deployed: Project) -> None:
    ran = diff(deployed, "--live", "--exit-code")
    assert ran.exit_code == 0
    assert "no changes" in ran.stdout
    assert deployed.endpoint.cfn.change_sets("db-dev") == []


def test_only_the_stacks_asked_for_are_read(deployed: Project) -> None:
    ran = diff(deployed, "--stack", "nope")
    assert ran.exit_code == 3
    assert "no stack nope" in ran.stderr
    assert ran.stdout == ""
    assert diff(deployed, "--stack", "db").exit_code == 0


def test_what_aws_refuses_is_4(deployed: Project) -> None:
    deployed.endpoint.refusals["GetTemplate"] = [("AccessDenied", "not authorized to perform GetTemplate")] * 9
    ran = diff(deployed)
    assert ran.exit_code == 4
    assert "GetTemplate" in ran.stderr
    assert ran.stdout == ""


def test_another_account_is_refused(deployed: Project) -> None:
    deployed.write(PARAMS.replace("123456789012", "210987654321"))
    ran = diff(deployed)
    assert ran.exit_code == 3
    assert "210987654321" in ran.stderr


def test_a_missing_template_is_shown(deployed: Project) -> None:
    (deployed.folder / "templates" / "aurora-serverless-postgres.yaml").unlink()
    ran = diff(deployed)
    assert ran.exit_code == 3
    assert "templates/aurora-serverless-postgres.yaml" in ran.stderr
