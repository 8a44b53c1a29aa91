"""Many stacks at once: how often they ask together, and what a killed run leaves to the next one."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from aurora_cfn.deploy.crowd import CALLS_PER_SECOND, Crowd
from aurora_cfn.model.change_set import ChangeSetRequest
from tests.deploy.toys import TEMPLATE, World

LEFT = "aurora-cfn-20260101T000000-00000000"


def test_one_alone_waits_as_it_would() -> None:
    crowd = Crowd()
    with crowd.joined():
        assert crowd.widened(0.1) == 0.1


@pytest.mark.parametrize("watching", [2, 16, 64])
def test_together_they_ask_no_more_than_the_limit(watching: int) -> None:
    crowd = Crowd()
    with ExitStack() as all_of_them:
        for _ in range(watching):
            all_of_them.enter_context(crowd.joined())
        assert (watching - 1) / crowd.widened(0.1) <= CALLS_PER_SECOND
        assert crowd.widened(10.0) == 10.0, "who waits longer anyway is left alone"


def test_who_leaves_with_an_error_is_no_longer_counted() -> None:
    crowd = Crowd()
    with pytest.raises(ValueError, match="gone"), crowd.joined():
        raise ValueError("gone")
    with crowd.joined():
        assert crowd.widened(0.1) == 0.1


def test_a_run_killed_before_the_execution_is_taken_up_and_what_it_left_is_named() -> None:
    world = World()
    world.cfn.create_change_set(ChangeSetRequest("db-dev", LEFT, "CREATE", TEMPLATE))
    result = world.deploy()
    assert result.outcome == "created"
    assert world.plans[-1].notes == (
        f"the change set {LEFT} of another or a killed run of aurora-cfn waits on this stack too: it is kept",
    )


def test_a_run_killed_during_the_execution_is_found_and_the_way_back_to_it_is_told() -> None:
    world = World()
    arn = world.cfn.create_change_set(ChangeSetRequest("db-dev", LEFT, "CREATE", TEMPLATE)).arn
    world.cfn.change_set(arn)
    world.cfn.execute_change_set(arn, token=LEFT)
    world.cfn.calls.clear()
    result = world.deploy()
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "--follow" in result.cause
    assert world.cfn.calls == ["DescribeStacks"]
    world.clock.sleep(600)
    assert world.deploy().outcome == "unchanged"
