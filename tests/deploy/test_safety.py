"""Stack policies and snapshots around an execution."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.deploy.engine import Choices
from aurora_cfn.deploy.policy import OPEN, policy_for
from aurora_cfn.errors import AwsError
from tests.deploy.toys import TEMPLATE, World, stack

MORE = TEMPLATE.replace("Writer:", "Reader:\n    Type: AWS::RDS::DBInstance\n  Writer:")


def denied(policy: str) -> list[str]:
    found = json.loads(policy)["Statement"]
    return [name for row in found if row["Effect"] == "Deny" for name in row["Resource"]]


def test_a_policy_names_what_keeps_data_but_not_what_was_allowed() -> None:
    assert "LogicalResourceId/Cluster" in denied(policy_for(TEMPLATE))
    assert "LogicalResourceId/Cluster" not in denied(policy_for(TEMPLATE, {"Cluster"}))
    assert policy_for("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}") == OPEN


def test_only_a_protected_environment_has_one() -> None:
    world = World()
    world.deploy()
    assert world.cfn.count("SetStackPolicy") == 0
    assert world.deploy(stack(protect=True, template=MORE)).outcome == "updated"
    assert "LogicalResourceId/Cluster" in denied(world.cfn.stack_policy("db-dev"))


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_allowed_once_is_closed_again_even_after_a_failure(fails: bool) -> None:
    world = World()
    world.deploy(stack(protect=True))
    seen: list[str] = []
    execute = world.cfn.execute_change_set

    def spy(arn: str, *, token: str, disable_rollback: bool = False) -> None:
        seen.append(world.cfn.stack_policy("db-dev"))
        if fails:
            raise AwsError("ExecuteChangeSet: no (AccessDenied)", code="AccessDenied")
        execute(arn, token=token, disable_rollback=disable_rollback)

    world.cfn.execute_change_set = spy  # type: ignore[method-assign]
    engine = world.engine(Choices(allow=("Cluster",)))
    result = world.deploy(stack(protect=True, template=MORE), engine)
    assert result.outcome == ("refused" if fails else "updated")
    assert "LogicalResourceId/Cluster" not in denied(seen[0])
    assert "LogicalResourceId/Cluster" in denied(world.cfn.stack_policy("db-dev"))


def test_protection_that_goes_opens_the_policy() -> None:
    world = World()
    world.deploy(stack(protect=True))
    world.deploy(stack(template=MORE))
    assert world.cfn.stack_policy("db-dev") == OPEN
