"""`aurora-cfn destroy`: what is checked, what is said, and what goes."""

from __future__ import annotations

import pytest
from click.testing import Result

from aurora_cfn.model.database_copy import COPY, COPY_OF
from tests.cli.project import PARAMS, Project


def destroy(dev: Project, *arguments: str) -> Result:
    return dev.run("destroy", "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments)


def deployed(dev: Project) -> Project:
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.actions.clear()
    return dev


def test_nothing_there_is_no_error(dev: Project) -> None:
    result = destroy(dev, "--yes")
    assert result.exit_code == 0
    assert "nothing to destroy" in result.stderr


def test_everything_goes_and_what_survives_is_said_before(dev: Project) -> None:
    result = destroy(deployed(dev), "--yes")
    assert result.exit_code == 0, result.stderr
    assert "DBCluster (AWS::RDS::DBCluster) leaves a final snapshot" in result.stderr
    assert "deleted" in result.stderr
    assert dev.endpoint.cfn.names() == []


COPIES = {
    "r1": ("restore", "db-dev", "a restored copy of db-dev, is not deleted: aurora-cfn restore --delete r1 --env dev"),
    "branch-pr-8": ("branch", "db-dev", "a branch of db-dev, is not deleted: aurora-cfn branch delete pr-8 --env dev"),
    "r3": ("restore", "other-dev", ""),
}


@pytest.mark.parametrize("suffix", COPIES)
def test_a_copy_of_the_database_is_named_and_stays(dev: Project, suffix: str) -> None:
    kind, of, said = COPIES[suffix]
    original = deployed(dev).endpoint.cfn.stack("db-dev")
    assert original is not None
    tags = {**original.tags, COPY: kind, COPY_OF: of}
    dev.endpoint.cfn.put(f"db-dev-{suffix}", "CREATE_COMPLETE", tags=tags)
    result = destroy(dev, "--yes")
    assert result.exit_code == 0, result.stderr
    assert f"db-dev-{suffix}, {said}" in result.stderr if said else "is not deleted" not in result.stderr
    assert dev.endpoint.cfn.names() == [f"db-dev-{suffix}"]


def test_a_dry_run_only_says_it(dev: Project) -> None:
    result = destroy(deployed(dev), "--dry-run")
    assert result.exit_code == 0, result.stderr
    assert "resources in the stack" in result.stderr
    assert "DeleteStack" not in dev.endpoint.actions


def test_deletion_protection_is_found_before_anything_goes(dev: Project) -> None:
    dev.endpoint.protected.add("db-dev-dbcluster")
    result = destroy(deployed(dev), "--yes")
    assert result.exit_code == 6
    assert "deletion protection of DBCluster" in result.stderr
    assert "DeleteStack" not in dev.endpoint.actions


def test_termination_protection_is_found_before_anything_goes(dev: Project) -> None:
    dev.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    result = destroy(deployed(dev), "--confirm", "db-dev")
    assert result.exit_code == 6
    assert "termination protection is on" in result.stderr
    assert "DeleteStack" not in dev.endpoint.actions


def test_a_protected_environment_wants_the_name_of_each_stack(dev: Project) -> None:
    deployed(dev)
    dev.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    result = destroy(dev, "--yes")
    assert result.exit_code == 6
    assert "--confirm db-dev" in result.stderr
    assert destroy(dev, "--confirm", "db-de").exit_code == 6
    assert "DeleteStack" not in dev.endpoint.actions
    assert destroy(dev, "--confirm", "db-dev").exit_code == 0


def test_a_protected_stack_of_an_unprotected_environment_wants_its_name(dev: Project) -> None:
    deployed(dev)
    dev.write(PARAMS.replace("  db:\n", "  db:\n    protect: true\n"))
    assert destroy(dev, "--yes").exit_code == 6
    assert "DeleteStack" not in dev.endpoint.actions
    assert destroy(dev, "--yes", "--confirm", "db-dev").exit_code == 0


@pytest.mark.parametrize("extra", [(), ("--yes",), ("--confirm", "db-dev")])
def test_a_wrong_name_is_no_consent_in_any_environment(dev: Project, extra: tuple[str, ...]) -> None:
    result = destroy(deployed(dev), "--confirm", "db-prod", *extra)
    assert result.exit_code == 6
    assert "--confirm db-prod: no stack of that name is meant, but db-dev" in result.stderr
    assert "DeleteStack" not in dev.endpoint.actions


def test_the_right_name_is_consent_without_yes(dev: Project) -> None:
    assert destroy(deployed(dev), "--confirm", "db-dev").exit_code == 0
    assert dev.endpoint.cfn.names() == []


def test_a_stack_that_others_import_from_stays(dev: Project) -> None:
    dev.endpoint.importers["db-dev-DNSName"] = ["app-dev"]
    result = destroy(deployed(dev), "--yes")
    assert result.exit_code == 6
    assert "db-dev-DNSName is used by app-dev" in result.stderr


def test_a_failed_deletion_says_the_cause(dev: Project) -> None:
    deployed(dev)
    dev.endpoint.cfn.fail["DBSubnetGroup"] = "Cannot delete the subnet group because a cluster uses it"
    result = destroy(dev, "--yes")
    assert result.exit_code == 10
    assert "error: DBSubnetGroup (AWS::RDS::DBSubnetGroup): Cannot delete the subnet group" in result.stderr


def test_a_stack_that_runs_is_busy(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "UPDATE_IN_PROGRESS")
    assert destroy(dev, "--yes").exit_code == 7


def test_without_a_terminal_nothing_is_asked_and_nothing_done(dev: Project) -> None:
    assert destroy(deployed(dev)).exit_code == 2
    assert dev.endpoint.actions == []


def test_a_name_to_retain_that_is_not_there_is_shown(dev: Project) -> None:
    result = destroy(deployed(dev), "--yes", "--retain", "DBClustr")
    assert result.exit_code == 6
    assert "--retain DBClustr: no such resource is there" in result.stderr
    assert "DeleteStack" not in dev.endpoint.actions


def test_retain_is_for_deletions_that_failed(dev: Project) -> None:
    result = destroy(deployed(dev), "--yes", "--retain", "DBCluster")
    assert result.exit_code == 6
    assert "only after a deletion that failed" in result.stderr
