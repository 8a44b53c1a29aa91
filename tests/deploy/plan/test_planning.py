"""Making a plan: what is kept, what is taken back, and what cannot be planned yet."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.plan.make import deferred, plan_stack
from aurora_cfn.model.plan import StackPlan, StackResult
from tests.deploy.toys import World, stack


def planned(world: World, kept: list[StackPlan], **given: str) -> StackResult:
    return plan_stack(world.context(), stack(), lambda _: given, world.approve, kept.append)


def test_a_plan_is_kept_with_its_change_set_and_nothing_is_executed() -> None:
    world, kept = World(), list[StackPlan]()
    assert planned(world, kept).outcome == "planned"
    (plan,) = kept
    assert plan.change_set is not None
    assert [row.arn for row in world.cfn.change_sets("db-dev")] == [plan.change_set.arn]
    assert "ExecuteChangeSet" not in world.cfn.calls


def test_where_nothing_changes_nothing_is_kept() -> None:
    world, kept = World(), list[StackPlan]()
    world.deploy(Size="1")
    result = planned(world, kept, Size="1")
    assert (result.outcome, result.stack is not None, kept) == ("unchanged", True, [])
    assert world.cfn.change_sets("db-dev") == []


@pytest.mark.parametrize(("answer", "stop"), [(False, False), (True, True)])
@pytest.mark.parametrize("existing", [True, False])
def test_a_plan_that_is_not_complete_leaves_no_change_set(answer: bool, stop: bool, existing: bool) -> None:
    world, kept = World(), list[StackPlan]()
    if existing:
        world.deploy(Size="1")
    world.answer = answer
    if stop:
        world.stop = True
    result = planned(world, kept, Size="2")
    assert (result.outcome, result.exit_code, kept) == ("detached", 7, [])
    assert "stopped before the plan was complete" in result.cause
    assert world.cfn.names() == (["db-dev"] if existing else [])
    assert world.cfn.change_sets("db-dev") == []


def test_an_error_while_it_is_shown_leaves_no_change_set() -> None:
    world, kept = World(), list[StackPlan]()

    def broken(_: StackPlan) -> bool:
        raise RuntimeError("our bug")

    with pytest.raises(RuntimeError, match="our bug"):
        plan_stack(world.context(), stack(), lambda _: {}, broken, kept.append)
    assert (world.cfn.names(), kept) == ([], [])


def test_a_creation_that_failed_cannot_be_planned_on() -> None:
    world, kept = World(), list[StackPlan]()
    world.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    result = planned(world, kept)
    assert (result.outcome, result.exit_code, kept) == ("failed", 5, [])
    assert "it must be deleted before it can be planned: `aurora-cfn recover --env dev" in result.cause
    assert "CreateChangeSet" not in world.cfn.calls


def test_what_waits_for_another_stack_is_shown_with_the_reason() -> None:
    world = World()
    result = deferred(world.context(), stack(), "it needs network")
    assert (result.outcome, result.cause) == ("deferred", "it needs network")
    assert world.listener.lines == ["db: warning: not in this plan: it needs network"]
    assert world.listener.results == [result]
