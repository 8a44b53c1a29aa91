"""Applying a plan: asked once, executed exactly, refused with what moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.deploy.plan.apply import apply_stack, checked
from aurora_cfn.deploy.stack_policy import OPEN
from aurora_cfn.errors import AwsError, StaleError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.plan import DesiredStack, StackResult
from aurora_cfn.model.plan_file import PlannedStack
from tests.deploy.plan.test_applied_again import apply, planned
from tests.deploy.test_killed import ALIVE, WANTED, Case, new, update
from tests.deploy.toys import TEMPLATE

SECRET = replace(WANTED, secrets=frozenset({"Size"}))


def calls(case: Case) -> list[str]:
    writes = ("Create", "Execute", "Delete", "Set", "Update")
    return [name for name in case.fake.cfn.calls if name.startswith(writes)]


@pytest.mark.parametrize("make", [new, update])
def test_it_is_asked_once_and_executes_what_was_planned(make: Callable[[], Case]) -> None:
    case = make()
    plan = planned(case)
    asked = len(case.fake.plans)
    result = apply(case.context("applied", ALIVE), case, plan)
    assert result.outcome == ("created" if plan.creates else "updated")
    (shown,) = case.fake.plans[asked:]
    assert shown.change_set is not None
    assert shown.change_set.arn == plan.change_set
    assert (case.fake.cfn.count("CreateChangeSet"), case.fake.cfn.count("ExecuteChangeSet")) == (0, 1)


@pytest.mark.parametrize(("answer", "stop"), [(False, False), (True, True)])
@pytest.mark.parametrize("make", [new, update])
def test_without_consent_the_plan_stays_as_it_is(make: Callable[[], Case], answer: bool, stop: bool) -> None:
    case = make()
    plan = planned(case)
    case.fake.answer, case.fake.stop = answer, stop
    result = apply(case.context("applied", ALIVE), case, plan)
    assert (result.outcome, result.exit_code) == ("declined", 0)
    assert bool(result.stack) == (not plan.creates)
    assert calls(case) == []
    assert case.fake.cfn.change_set(plan.change_set).execution_status == "AVAILABLE"


def executed_by_a_colleague(case: Case, plan: PlannedStack) -> None:
    arn = case.fake.cfn.create_change_set(
        ChangeSetRequest(
            "db-dev", "theirs2", "CREATE" if plan.creates else "UPDATE", TEMPLATE, parameters={"Size": "6"}
        )
    ).arn
    case.fake.cfn.execute_change_set(arn, token="theirs")


def deleted_set(case: Case, plan: PlannedStack) -> None:
    case.fake.cfn.delete_change_set(plan.change_set)


def touched(case: Case, plan: PlannedStack) -> None:
    executed_by_a_colleague(case, plan)
    case.fake.clock.sleep(600)


def deleted_stack(case: Case, plan: PlannedStack) -> None:
    case.fake.cfn.set_protection(plan.arn, on=False)
    case.fake.cfn.delete_stack(plan.arn, token="theirs")
    case.fake.clock.sleep(600)


def forgotten_stack(case: Case, plan: PlannedStack) -> None:
    """Deleted so long ago that its ARN means nothing any more."""
    case.fake.cfn._kept.clear()


def named_by_the_shell(case: Case, plan: PlannedStack) -> None:
    """As AWS has it: a stack in review names its change set, though it has executed none."""
    (kept,) = case.fake.cfn._kept.values()
    kept.stack = replace(kept.stack, change_set_arn=plan.change_set)
    deleted_set(case, plan)


GONE = "its change set is gone"


@pytest.mark.parametrize(
    ("make", "meanwhile", "said"),
    [
        (new, deleted_set, [GONE]),
        (update, deleted_set, [GONE]),
        (new, executed_by_a_colleague, ["the stack was to be created and is in CREATE_IN_PROGRESS", GONE]),
        (update, executed_by_a_colleague, ["it went from CREATE_COMPLETE to UPDATE_IN_PROGRESS", GONE]),
        (update, touched, ["it went from CREATE_COMPLETE to UPDATE_COMPLETE", GONE]),
        (new, deleted_stack, ["the stack was deleted"]),
        (update, forgotten_stack, ["the stack was deleted"]),
        (new, named_by_the_shell, [GONE]),
        (update, deleted_stack, ["the stack was deleted"]),
    ],
)
def test_what_moved_is_said_and_nothing_is_done(
    make: Callable[[], Case], meanwhile: Callable[[Case, PlannedStack], None], said: list[str]
) -> None:
    case = make()
    plan = planned(case)
    meanwhile(case, plan)
    case.fake.cfn.calls.clear()
    result = apply(case.context("applied", ALIVE), case, plan)
    assert (result.outcome, result.exit_code) == ("refused", StaleError.exit_code)
    assert not [sentence for sentence in said if sentence not in result.cause], result.cause
    assert calls(case) == []


@pytest.mark.parametrize(("value", "stale"), [("2", False), ("9", True)])
def test_a_value_that_the_file_hides_must_be_that_of_the_change_set(value: str, stale: bool) -> None:
    case = update()
    plan = replace(planned(case), parameters={"Size": {"hidden": True}})
    result = apply_stack(case.context("applied", ALIVE), SECRET, plan, lambda _: {"Size": value}, case.fake.approve)
    assert (result.exit_code == StaleError.exit_code) == stale
    assert ("the value behind the parameter Size has changed" in result.cause) == stale
    assert not stale or value not in result.cause.splitlines()[-1]


def test_a_change_set_that_may_not_be_read_is_no_stale_plan() -> None:
    case = update()
    plan = planned(case)
    refusal = AwsError("DescribeChangeSet: no (AccessDenied)", code="AccessDenied")
    case.fake.cfn.trouble["DescribeChangeSet"] = [refusal]
    assert apply(case.context("applied", ALIVE), case, plan).exit_code == AwsError.exit_code
    assert calls(case) == []


def without_changes(case: Case) -> PlannedStack:
    """A plan in which only the stack policy is to be set."""
    plan = planned(case)
    deleted_set(case, plan)
    return replace(plan, change_set="", parameters={"Size": "1"})


def settled(case: Case, wanted: DesiredStack, plan: PlannedStack) -> StackResult:
    return apply_stack(case.context("applied", ALIVE), wanted, plan, lambda _: {"Size": "1"}, case.fake.approve)


def test_a_plan_without_a_change_set_sets_what_is_around_the_stack() -> None:
    case = update()
    plan = without_changes(case)
    case.fake.cfn.set_stack_policy("db-dev", OPEN)
    result = settled(case, WANTED, plan)
    assert (result.outcome, result.exit_code) == ("updated", 0)
    assert "LogicalResourceId/Cluster" in case.fake.cfn.stack_policy("db-dev")
    assert "db: an earlier run has executed its change set" not in case.fake.listener.lines


def test_what_is_around_the_stack_is_shown_with_the_plan() -> None:
    case = update()
    plan = planned(case)
    case.fake.cfn.set_stack_policy("db-dev", OPEN)
    found = checked(case.context("applied", ALIVE), WANTED, plan, lambda _: {"Size": case.size})
    assert found.policy.startswith("everything is allowed -> ")
    assert found.opened == ("Cluster",)


def test_what_an_earlier_run_executed_is_followed_but_not_beside_someone_else() -> None:
    case = update()
    plan = planned(case)
    assert apply(case.context("first", ALIVE), case, plan).outcome == "updated"
    describe: Any = case.fake.cfn.stack
    # A rollback by hand has begun since; the stack still names our change set.
    case.fake.cfn.stack = lambda name: replace(describe(name), status="UPDATE_ROLLBACK_IN_PROGRESS")  # type: ignore[method-assign]
    result = apply(case.context("again", ALIVE), case, plan)
    assert (result.outcome, result.exit_code) == ("detached", 7)
    assert "the rollback of an update is running on it" in result.cause


def test_what_an_earlier_run_created_and_someone_has_deleted_since() -> None:
    case = new()
    plan = planned(case)
    assert apply(case.context("first", ALIVE), case, plan).outcome == "created"
    stacks: Any = case.fake.cfn.stack
    # Gone between the look at the plan and the look at what is left to do.
    case.fake.cfn.stack = lambda name: stacks(name) if name.startswith("arn:") else None  # type: ignore[method-assign]
    result = apply(case.context("again", ALIVE), case, plan)
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "the stack ended in DELETE_COMPLETE: plan again" in result.cause
