"""What a person reads before saying yes."""

from __future__ import annotations

import pytest

from aurora_cfn.model.change_set import ChangeSet
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.plan import DesiredStack, StackPlan
from aurora_cfn.report.plan import plan_text


@pytest.mark.parametrize("message", [True, False])
def test_a_change_set_without_all_its_values_says_so(message: bool) -> None:
    desired = DesiredStack(EnvironmentStack("db", "db-dev", "toy", {}, 1), "templates/toy.yaml", "")
    change_set = ChangeSet("arn:cs", "x", "arn:s", "CREATE_COMPLETE", "AVAILABLE", has_values=message)
    text = plan_text(StackPlan(desired, {}, change_set=change_set))
    assert text.startswith("db-dev: create stack, 0 resources\n")
    assert ("CloudFormation left values out of this change set" in text) == (not message)
