"""A plan whose application was killed before or after any call: applied again it continues, executing nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aurora_cfn.deploy.context import Context
from aurora_cfn.deploy.plan.apply import apply_stack
from aurora_cfn.deploy.plan.file import planned_stack
from aurora_cfn.deploy.plan.make import plan_stack
from aurora_cfn.errors import StaleError
from aurora_cfn.model.ownership import PLAN_SUFFIX
from aurora_cfn.model.plan import StackPlan, StackResult
from aurora_cfn.model.plan_file import PlannedStack
from tests.deploy.test_killed import ALIVE, DEAD, WANTED, Case, Killed, Life, Mortal, check, new, update
from tests.deploy.toys import changed


def planned(case: Case) -> PlannedStack:
    kept: list[StackPlan] = []
    context = changed(case.context("planned", ALIVE), owner=PLAN_SUFFIX)
    assert (
        plan_stack(context, WANTED, lambda _: {"Size": case.size}, case.fake.approve, kept.append).outcome == "planned"
    )
    case.fake.cfn.calls.clear()
    return planned_stack(kept[0], None)


def apply(context: Context, case: Case, plan: PlannedStack) -> StackResult:
    return apply_stack(context, WANTED, plan, lambda _: {"Size": case.size}, case.fake.approve)


def killed(case: Case, plan: PlannedStack, calls: int, *, carries_out: bool) -> Life:
    life, context = Life(calls, carries_out), case.context("killed", DEAD)
    mortal: Any = Mortal(case.fake.cfn, life)
    try:
        apply(changed(context, cloudformation=mortal, snapshots=Mortal(case.snapshots, life)), case, plan)
    except Killed:
        return life
    return life


@pytest.mark.parametrize("carries_out", [False, True])
@pytest.mark.parametrize("make", [new, update])
def test_killed_at_any_call_the_same_plan_gets_there(make: Callable[[], Case], carries_out: bool) -> None:
    case = make()
    count = len(killed(case, planned(case), 10_000, carries_out=True).calls)
    assert count > 5
    for number in range(1, count + 1):
        case = make()
        plan = planned(case)
        killed(case, plan, number, carries_out=carries_out)
        result = apply(case.context("again", ALIVE), case, plan)
        where = f"call {number} of {count}"
        assert result.exit_code == 0, f"{where}: {result.cause}"
        assert result.stack is not None, where
        assert result.touched, "databases that were not asked yet prove themselves"
        case.snapshots.kept.clear()
        check(case, where)


def test_a_plan_that_was_executed_is_done_and_is_not_executed_again() -> None:
    case = new()
    plan = planned(case)
    assert apply(case.context("first", ALIVE), case, plan).outcome == "created"
    again = apply(case.context("again", ALIVE), case, plan)
    assert (again.outcome, again.exit_code) == ("unchanged", 0)
    assert case.fake.cfn.count("ExecuteChangeSet") == 1
    assert "db: an earlier run has executed its change set" in case.fake.listener.lines


def test_another_change_since_makes_it_stale() -> None:
    case = new()
    plan = planned(case)
    assert apply(case.context("first", ALIVE), case, plan).outcome == "created"
    case.size = "3"
    case.deploy(case.context("between", ALIVE))
    case.size = "1"
    again = apply(case.context("again", ALIVE), case, plan)
    assert again.exit_code == StaleError.exit_code
    assert "the stack was to be created and is in UPDATE_COMPLETE" in again.cause


def test_an_execution_that_failed_is_no_success_the_second_time() -> None:
    case = new()
    plan = planned(case)
    case.fake.cfn.fail["Writer"] = "no"
    assert apply(case.context("first", ALIVE), case, plan).outcome == "failed"
    case.fake.cfn.fail.clear()
    again = apply(case.context("again", ALIVE), case, plan)
    assert (again.outcome, again.exit_code) == ("failed", 5)
    assert "an earlier run executed the plan, and the stack ended in ROLLBACK_COMPLETE: plan again" in again.cause
