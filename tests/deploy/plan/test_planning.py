"""Making a plan: what is kept, what is taken back, and what cannot be planned yet."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.plan.make import deferred, plan_stack
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.plan import StackPlan, StackResult
from tests.deploy.test_ownership import context
from tests.deploy.toys import FakeRun, stack


def planned(fake: FakeRun, kept: list[StackPlan], **given: str) -> StackResult:
    return plan_stack(fake.context(), stack(), lambda _: given, fake.approve, kept.append)


def test_a_plan_is_kept_with_its_change_set_and_nothing_is_executed() -> None:
    fake, kept = FakeRun(), list[StackPlan]()
    assert planned(fake, kept).outcome == "planned"
    (plan,) = kept
    assert plan.change_set is not None
    assert [row.arn for row in fake.cfn.change_sets("db-dev")] == [plan.change_set.arn]
    assert "ExecuteChangeSet" not in fake.cfn.calls


def test_where_nothing_changes_nothing_is_kept() -> None:
    fake, kept = FakeRun(), list[StackPlan]()
    fake.deploy(Size="1")
    result = planned(fake, kept, Size="1")
    assert (result.outcome, result.stack is not None, kept) == ("unchanged", True, [])
    assert fake.cfn.change_sets("db-dev") == []


@pytest.mark.parametrize(("answer", "stop"), [(False, False), (True, True)])
@pytest.mark.parametrize("existing", [True, False])
def test_a_plan_that_is_not_complete_leaves_no_change_set(answer: bool, stop: bool, existing: bool) -> None:
    fake, kept = FakeRun(), list[StackPlan]()
    if existing:
        fake.deploy(Size="1")
    fake.answer = answer
    if stop:
        fake.stop = True
    result = planned(fake, kept, Size="2")
    assert (result.outcome, result.exit_code, kept) == ("detached", 7, [])
    assert "stopped before the plan was complete" in result.cause
    assert fake.cfn.names() == (["db-dev"] if existing else [])
    assert fake.cfn.change_sets("db-dev") == []


def test_an_error_while_it_is_shown_leaves_no_change_set() -> None:
    fake, kept = FakeRun(), list[StackPlan]()

    def broken(_: StackPlan) -> bool:
        raise RuntimeError("our bug")

    with pytest.raises(RuntimeError, match="our bug"):
        plan_stack(fake.context(), stack(), lambda _: {}, broken, kept.append)
    assert (fake.cfn.names(), kept) == ([], [])


def test_a_creation_that_failed_cannot_be_planned_on() -> None:
    fake, kept = FakeRun(), list[StackPlan]()
    fake.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    result = planned(fake, kept)
    assert (result.outcome, result.exit_code, kept) == ("failed", 5, [])
    assert "it must be deleted before it can be planned: `aurora-cfn recover --env dev" in result.cause
    assert "CreateChangeSet" not in fake.cfn.calls


def test_what_waits_for_another_stack_is_shown_with_the_reason() -> None:
    fake = FakeRun()
    result = deferred(fake.context(), stack(), "it needs network")
    assert (result.outcome, result.cause) == ("deferred", "it needs network")
    assert fake.listener.lines == ["db: warning: not in this plan: it needs network"]
    assert fake.listener.results == [result]


def test_a_stack_of_another_owner_is_not_planned() -> None:
    fake, kept = FakeRun(), list[StackPlan]()
    fake.cfn.put("db-dev", "CREATE_COMPLETE", tags=Ownership("billing", "dev").tags)
    result = plan_stack(context(fake), stack(), lambda _: {}, fake.approve, kept.append)
    assert (result.outcome, result.exit_code, kept) == ("refused", 6, [])
    assert "CreateChangeSet" not in fake.cfn.calls
