"""Stacks of the project that no params file has any more: who says it, what is refused, and what goes."""

from __future__ import annotations

import json

import pytest
from click.testing import Result

from aurora_cfn.model.ownership import Ownership
from aurora_cfn.project.identity import project_name
from tests.cli.project import PARAMS, Project

RENAMED = PARAMS.replace("  db:", "  orders:")
WITHOUT = PARAMS.replace("  db:", "  other:").replace("aurora-serverless-postgres", "network").split("    param")[0]
STILL = "db-dev is not in params/dev.yaml any more, but still runs (CREATE_COMPLETE), and costs about USD "


def run(dev: Project, command: str, *arguments: str) -> Result:
    return dev.run(command, "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments)


@pytest.fixture
def left(dev: Project) -> Project:
    """The database is deployed, and no longer in the params file."""
    assert dev.deploy("--yes").exit_code == 0
    dev.write(WITHOUT)
    dev.endpoint.actions.clear()
    return dev


def test_status_diff_and_deploy_name_it_with_its_costs_and_the_remedy(left: Project) -> None:
    remedy = f"`aurora-cfn destroy --env dev --endpoint-url {left.endpoint.url} --orphans` removes it"
    looked = run(left, "status", "--exit-code")
    assert looked.exit_code == 8
    assert STILL in looked.stdout
    assert STILL in run(left, "diff").stdout
    assert STILL in (ran := left.deploy("--dry-run")).stderr
    assert remedy in ran.stderr


def test_status_has_it_as_data(left: Project) -> None:
    (row,) = json.loads(run(left, "status", "--format", "json").stdout)["orphans"]
    assert (row["name"], row["environment"], row["file_exists"]) == ("db-dev", "dev", True)
    assert row["costs"].startswith("USD ")


def test_a_stack_with_a_new_key_is_not_created_beside_itself(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(RENAMED)
    ran = dev.deploy("--yes")
    assert ran.exit_code == 6
    assert "stacks.orders: orders-dev does not exist, and db-dev" in ran.stderr
    assert "write `name: db-dev` under orders" in ran.stderr
    assert dev.endpoint.cfn.names() == ["db-dev"]


def test_with_its_old_name_it_goes_on_and_with_consent_a_second_one_is_made(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(RENAMED.replace("  orders:\n", "  orders:\n    name: db-dev\n"))
    assert dev.deploy("--yes").exit_code == 0
    assert dev.endpoint.cfn.names() == ["db-dev"]
    dev.write(RENAMED)
    assert dev.deploy("--yes", "--create-beside", "orders-dev").exit_code == 0
    assert dev.endpoint.cfn.names() == ["db-dev", "orders-dev"]


def test_destroy_orphans_removes_it_and_nothing_else(left: Project) -> None:
    assert left.deploy("--yes").exit_code == 0
    assert left.endpoint.cfn.names() == ["db-dev", "other-dev"]
    listings = left.endpoint.listings
    seen = run(left, "destroy", "--orphans", "--dry-run")
    assert seen.exit_code == 0, seen.stderr
    assert left.endpoint.listings == listings + 1
    assert "DBCluster (AWS::RDS::DBCluster) leaves a final snapshot" in seen.stderr
    assert run(left, "destroy", "--orphans", "--yes").exit_code == 0
    assert left.endpoint.cfn.names() == ["other-dev"]
    assert "no orphaned stack is known" in run(left, "destroy", "--orphans", "--yes").stderr


def test_an_orphan_has_every_guard(left: Project) -> None:
    left.endpoint.protected.add("db-dev-dbcluster")
    ran = run(left, "destroy", "--orphans", "--yes")
    assert ran.exit_code == 6
    assert "deletion protection of DBCluster" in ran.stderr
    assert "write it back into params/dev.yaml" in ran.stderr
    assert "DeleteStack" not in left.endpoint.actions


def test_one_of_an_environment_without_a_file_goes_only_by_name(dev: Project) -> None:
    gone = Ownership(project_name(None), "gone").tags
    dev.endpoint.cfn.put("db-gone", "CREATE_COMPLETE", "Resources: {A: {Type: 'AWS::SNS::Topic'}}", tags=gone)
    assert "nothing to destroy" in (ran := run(dev, "destroy", "--orphans", "--yes")).stderr
    assert "db-gone belonged to params/gone.yaml, which is gone" in ran.stderr
    assert "--orphans --stack db-gone` removes it" in ran.stderr
    assert run(dev, "destroy", "--orphans", "--stack", "db-gone", "--yes").exit_code == 0
    assert dev.endpoint.cfn.names() == []


def test_a_name_that_no_orphan_has_is_refused(dev: Project) -> None:
    ran = run(dev, "destroy", "--orphans", "--stack", "db-dev", "--yes")
    assert ran.exit_code == 3
    assert "no such orphaned stack" in ran.stderr


@pytest.mark.parametrize("command", ["destroy", "recover"])
def test_a_stack_of_another_project_goes_only_by_name(dev: Project, command: str) -> None:
    status = "ROLLBACK_COMPLETE" if command == "recover" else "CREATE_COMPLETE"
    other = Ownership("billing", "dev").tags
    dev.endpoint.cfn.put("db-dev", status, "Resources: {A: {Type: 'AWS::SNS::Topic'}}", tags=other)
    ran = run(dev, command, "--yes")
    assert ran.exit_code == 6
    assert f"`aurora-cfn {command} --env dev --take-over db-dev` works on it anyway" in ran.stderr
    assert dev.endpoint.cfn.names() == ["db-dev"]
    assert run(dev, command, "--yes", "--take-over", "db-dev").exit_code == 0
    assert dev.endpoint.cfn.names() == []


def test_deploy_takes_over_only_stacks_that_it_deploys(dev: Project) -> None:
    assert dev.deploy("--yes", "--take-over", "other").exit_code == 3
