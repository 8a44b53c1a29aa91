"""`aurora-cfn recover`: every failed state, what is asked of AWS, and what never happens by itself."""

from __future__ import annotations

import pytest
from click.testing import Result

from aurora_cfn.deploy.stack_status import STATUSES
from aurora_cfn.model.stack import StackResource
from tests.cli.project import PARAMS, Project

CLUSTER = StackResource("DBCluster", "AWS::RDS::DBCluster", "UPDATE_FAILED", "dev-auroracluster", "Cannot downgrade")
ROLE = StackResource("Role", "AWS::IAM::Role", "CREATE_COMPLETE", "role-1")


def recover(dev: Project, *arguments: str, yes: bool = True) -> Result:
    given = [*arguments, *(["--yes"] if yes else [])]
    return dev.run("recover", "--env", "dev", "--endpoint-url", dev.endpoint.url, *given)


def stuck(dev: Project, status: str) -> Project:
    stack = dev.endpoint.cfn.put("db-dev", status)
    dev.endpoint.cfn.put_resource(stack, CLUSTER)
    dev.endpoint.cfn.put_resource(stack, ROLE)
    return dev


def writes(dev: Project) -> list[str]:
    return [action for action in dev.endpoint.actions if not action.startswith(("Describe", "List", "Get"))]


def test_the_rollback_is_continued_without_skipping_anything(dev: Project) -> None:
    result = recover(stuck(dev, "UPDATE_ROLLBACK_FAILED"))
    assert result.exit_code == 0, result.stderr
    assert writes(dev) == ["ContinueUpdateRollback"]
    assert dev.endpoint.skipped == []
    assert "recovered" in result.stderr


def test_a_rollback_that_fails_again_says_why(dev: Project) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot downgrade from 17.5 to 17.4"
    result = recover(stuck(dev, "UPDATE_ROLLBACK_FAILED"))
    assert result.exit_code == 10
    assert "error: DBCluster (AWS::RDS::DBCluster): Cannot downgrade" in result.stderr


def test_only_what_was_named_is_skipped(dev: Project) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot downgrade from 17.5 to 17.4"
    result = recover(stuck(dev, "UPDATE_ROLLBACK_FAILED"), "--stack", "db", "--skip", "DBCluster")
    assert result.exit_code == 0, result.stderr
    assert dev.endpoint.skipped == ["DBCluster"]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--skip", "Nope"), "has no resource Nope"),
        (("--skip", "Role"), "only resources in UPDATE_FAILED can be skipped"),
    ],
)
def test_wrong_names_change_nothing(dev: Project, arguments: tuple[str, ...], part: str) -> None:
    result = recover(stuck(dev, "UPDATE_ROLLBACK_FAILED"), *arguments)
    assert result.exit_code == 3
    assert part in result.stderr
    assert writes(dev) == []


def test_an_update_that_failed_without_rollback_is_rolled_back(dev: Project) -> None:
    result = recover(stuck(dev, "UPDATE_FAILED"))
    assert result.exit_code == 0, result.stderr
    assert writes(dev) == ["RollbackStack"]


@pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_FAILED"])
def test_what_has_resources_is_deleted_only_when_that_is_said(dev: Project, status: str) -> None:
    result = recover(stuck(dev, status))
    assert result.exit_code == 10
    assert "dev-auroracluster" in result.stderr
    assert "--delete" in result.stderr
    assert writes(dev) == []
    again = recover(dev, "--delete")
    assert again.exit_code == 0, again.stderr
    assert writes(dev) == ["DeleteStack"]


def test_a_failed_deletion_is_tried_again_and_retains_what_was_named(dev: Project) -> None:
    dev.endpoint.cfn.fail["DBCluster"] = "Cannot delete protected Cluster"
    result = recover(stuck(dev, "DELETE_FAILED"))
    assert result.exit_code == 10
    assert "DeletionProtection=false" in result.stderr
    result = recover(dev, "--retain", "DBCluster")
    assert result.exit_code == 0, result.stderr
    assert writes(dev) == ["DeleteStack", "DeleteStack"]


@pytest.mark.parametrize(
    ("confirmed", "code", "message", "called"),
    [
        ((), 6, "the environment is protected: --yes is not enough, add --confirm db-dev", []),
        (("--confirm", "db"), 6, "--confirm db: no stack of that name is meant, but db-dev", []),
        (("--confirm", "db-dev"), 0, "recovered", ["DeleteStack"]),
    ],
)
@pytest.mark.parametrize(
    "params",
    [PARAMS.replace("stacks:", "protect: true\nstacks:"), PARAMS.replace("  db:\n", "  db:\n    protect: true\n")],
    ids=["environment", "stack"],
)
@pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"])
def test_yes_deletes_nothing_of_a_protected_environment(
    dev: Project, status: str, params: str, confirmed: tuple[str, ...], code: int, message: str, called: list[str]
) -> None:
    dev.write(params)
    result = recover(stuck(dev, status), "--delete", *confirmed)
    assert (result.exit_code, writes(dev)) == (code, called), result.stderr
    assert message in result.stderr


def test_a_failed_import_is_for_a_person(dev: Project) -> None:
    result = recover(stuck(dev, "IMPORT_ROLLBACK_FAILED"))
    assert result.exit_code == 10
    assert "console" in result.stderr
    assert writes(dev) == []


@pytest.mark.parametrize("status", [status for status in STATUSES if STATUSES[status].move == "wait"])
def test_while_something_runs_it_is_busy(dev: Project, status: str) -> None:
    result = recover(stuck(dev, status))
    assert result.exit_code == 7
    assert f"`aurora-cfn events --env dev --endpoint-url {dev.endpoint.url} --stack db --follow`" in result.stderr
    assert writes(dev) == []


QUIET = [name for name, row in STATUSES.items() if row.recovery == "nothing"]


@pytest.mark.parametrize("status", QUIET)
def test_where_nothing_failed_there_is_nothing_to_recover(dev: Project, status: str) -> None:
    result = recover(stuck(dev, status))
    assert result.exit_code == 0
    assert "nothing to recover" in result.stderr
    assert writes(dev) == []


def test_without_a_terminal_the_move_is_named_and_nothing_done(dev: Project) -> None:
    result = recover(stuck(dev, "UPDATE_ROLLBACK_FAILED"), yes=False)
    assert result.exit_code == 1, result.stderr
    assert "  DBCluster (AWS::RDS::DBCluster) dev-auroracluster UPDATE_FAILED" in result.stderr
    assert (
        "Continue the rollback of db-dev, trying every resource again? no: there is no terminal to ask on; --yes agrees"
        in result.stderr
    )
    assert writes(dev) == []


def test_who_said_yes_beforehand_reads_what_that_was_to(dev: Project) -> None:
    result = recover(stuck(dev, "UPDATE_FAILED"))
    assert "Roll db-dev back to its last stable state? yes" in result.stderr


@pytest.mark.parametrize("status", ["UPDATE_ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"])
def test_the_command_that_a_deployment_names_reaches_the_same_place(dev: Project, status: str) -> None:
    result = stuck(dev, status).deploy("--yes")
    assert result.exit_code == 10
    way = f"--env dev --endpoint-url {dev.endpoint.url} --stack db"
    assert f"`aurora-cfn recover {way}`" in result.stderr
    assert writes(dev) == []


def test_protection_of_a_stack_that_never_came_up_is_not_in_the_way(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "ROLLBACK_COMPLETE", protected=True)
    result = recover(dev)
    assert result.exit_code == 0, result.stderr
    assert writes(dev) == ["UpdateTerminationProtection", "DeleteStack"]
    assert dev.endpoint.cfn.names() == []
