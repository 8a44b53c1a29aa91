"""`role_arn` of a params file, in every command that has CloudFormation do something."""

from __future__ import annotations

import pytest
from click.testing import Result

from aurora_cfn.model.stack import StackResource
from tests.cli.project import PARAMS, Project

ROLE = "arn:aws:iam::123456789012:role/cloudformation"
OWN = "arn:aws:iam::123456789012:role/the-stacks-own"
WITH_ROLE = PARAMS.replace("stacks:", f"role_arn: {ROLE}\nstacks:", 1)


def run(dev: Project, verb: str, *arguments: str) -> Result:
    return dev.run(verb, "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments)


def test_a_deployment_and_its_end(dev: Project) -> None:
    dev.write(WITH_ROLE)
    assert dev.deploy("--yes").exit_code == 0
    assert dev.endpoint.roles == [("CreateChangeSet", ROLE)]
    assert run(dev, "destroy", "--yes").exit_code == 0
    assert dev.endpoint.roles[1:] == [("DeleteStack", ROLE)]


def test_looking_takes_the_role_too_and_for_the_empty_stack_that_goes_again(dev: Project) -> None:
    dev.write(WITH_ROLE)
    assert dev.deploy("--dry-run").exit_code == 0
    assert dev.endpoint.roles == [("CreateChangeSet", ROLE), ("DeleteStack", ROLE)]


@pytest.mark.parametrize(
    ("status", "action", "params", "role"),
    [
        ("UPDATE_ROLLBACK_FAILED", "ContinueUpdateRollback", WITH_ROLE, ROLE),
        ("UPDATE_ROLLBACK_FAILED", "ContinueUpdateRollback", PARAMS, OWN),
        ("UPDATE_FAILED", "RollbackStack", WITH_ROLE, ROLE),
        ("ROLLBACK_COMPLETE", "DeleteStack", PARAMS, OWN),
        ("DELETE_FAILED", "DeleteStack", WITH_ROLE, ROLE),
    ],
)
def test_every_move_takes_the_role_of_the_params_file_or_else_the_stacks_own(
    dev: Project, status: str, action: str, params: str, role: str
) -> None:
    dev.write(params)
    stack = dev.endpoint.cfn.put("db-dev", status, role_arn=OWN)
    dev.endpoint.cfn.put_resource(stack, StackResource("Role", "AWS::IAM::Role", "CREATE_COMPLETE", "role-1"))
    result = run(dev, "recover", "--yes")
    assert result.exit_code == 0, result.stderr
    assert dev.endpoint.roles == [(action, role)]


def test_a_role_that_the_caller_may_not_pass(dev: Project) -> None:
    dev.write(WITH_ROLE)
    words = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: iam:PassRole on resource: {ROLE}"
    dev.endpoint.refusals["CreateChangeSet"] = [("AccessDenied", words)]
    result = dev.deploy("--yes")
    assert result.exit_code == 4
    assert f"CreateChangeSet: {words} (AccessDenied): the caller must be allowed to pass that role" in result.stderr
    assert "ExecuteChangeSet" not in dev.endpoint.actions
