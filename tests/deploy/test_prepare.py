"""The change set that is asked for, and what is taken away again when it is not wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.deploy.prepare import prepare
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest
from aurora_cfn.model.plan import StackPlan
from tests.deploy.toys import TEMPLATE, FakeRun, changed, stack

ROLE = "arn:aws:iam::123456789012:role/deployer"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:stacks"
WANTED: dict[str, Any] = {
    "tags": {"team": "data"},
    "capabilities": ("CAPABILITY_IAM",),
    "role_arn": ROLE,
    "notification_arns": (TOPIC,),
}
ASKED = ChangeSetRequest(
    "db-dev", "aurora-cfn-run1", "CREATE", TEMPLATE,
    parameters={"Size": "2"}, token="aurora-cfn-run1-db", description="aurora-cfn deploy --env dev by ann",
    **WANTED,
)  # fmt: skip


def context(fake: FakeRun, **choices: Any) -> Context:
    return changed(fake.context(Choices(**choices)), origin="by ann")


def prepared(fake: FakeRun, **choices: Any) -> StackPlan:
    return prepare(context(fake, **choices), stack(**WANTED), {"Size": "2"}, fake.cfn.stack("db-dev"))


def review(fake: FakeRun, name: str = "theirs") -> str:
    """A stack in review, with a colleague's change set; its ARN."""
    return fake.cfn.create_change_set(ChangeSetRequest("db-dev", name, "CREATE", TEMPLATE)).arn


def empty_shell(fake: FakeRun) -> None:
    fake.cfn.delete_change_set(review(fake))


@pytest.mark.parametrize(
    ("arrange", "choices", "asked"),
    [
        (lambda fake: None, {}, {}),
        (empty_shell, {}, {}),
        (lambda fake: fake.cfn.put("db-dev", "CREATE_COMPLETE"), {}, {"type": "UPDATE"}),
        (lambda fake: None, {"on_failure": "DELETE"}, {"on_failure": "DELETE"}),
        # AWS takes it for creations only.
        (lambda fake: fake.cfn.put("db-dev", "CREATE_COMPLETE"), {"on_failure": "DELETE"}, {"type": "UPDATE"}),
        (lambda fake: None, {"express": True}, {"express": True}),
        (lambda fake: None, {"disable_rollback": True}, {"disable_rollback": True}),
    ],
)
def test_what_is_asked_for(arrange: Callable[[FakeRun], Any], choices: dict[str, Any], asked: dict[str, Any]) -> None:
    fake = FakeRun()
    arrange(fake)
    plan = prepared(fake, **choices)
    assert plan.change_set is not None
    request, _ = fake.cfn._sets[plan.change_set.arn]
    assert request == replace(ASKED, **asked)


def test_a_key_that_is_too_long_for_a_token_is_cut() -> None:
    fake = FakeRun()
    key = "k" * 200
    prepare(context(fake), stack(key), {}, None)
    ((request, _),) = fake.cfn._sets.values()
    assert request.token == f"aurora-cfn-run1-{key}"[:128]


@pytest.mark.parametrize(
    ("status", "since", "made"),
    [
        (None, False, True),
        ("REVIEW_IN_PROGRESS", False, False),
        ("DELETE_COMPLETE", False, True),
        ("CREATE_COMPLETE", True, False),
        ("UPDATE_ROLLBACK_COMPLETE", True, False),
    ],
)
def test_from_which_event_on_it_is_watched_and_whose_the_stack_is(status: str | None, since: bool, made: bool) -> None:
    fake = FakeRun()
    before = fake.cfn.put("db-dev", status) if status else None
    newest = fake.cfn.newest_event(before.arn) if before else None
    plan = prepare(context(fake), stack(), {}, before)
    assert (plan.since, plan.made_stack) == (newest if since else None, made)


@pytest.mark.parametrize(
    ("status", "error"), [("UPDATE_IN_PROGRESS", BusyError), ("UPDATE_FAILED", DeployError), ("NEWER", DeployError)]
)
def test_nothing_is_asked_for_where_nothing_can_be_done(status: str, error: type[Exception]) -> None:
    fake = FakeRun()
    before = fake.cfn.put("db-dev", status)
    with pytest.raises(error):
        prepare(context(fake), stack(), {}, before)
    assert fake.cfn.count("CreateChangeSet") == 0


def executed_by_a_colleague(fake: FakeRun) -> None:
    fake.cfn.execute_change_set(review(fake), token="theirs")


def begun_by_hand(fake: FakeRun) -> None:
    """Their operation has begun, and ours is still listed: no call of AWS is refused for it."""
    (kept,) = fake.cfn._kept.values()
    kept.events = []
    kept.stack = replace(kept.stack, status="CREATE_IN_PROGRESS")


@pytest.mark.parametrize(
    ("before", "meanwhile", "left"),
    [
        (None, None, None),
        (None, review, ("REVIEW_IN_PROGRESS", ["theirs"])),
        (None, executed_by_a_colleague, ("CREATE_IN_PROGRESS", [])),
        (None, begun_by_hand, ("CREATE_IN_PROGRESS", [])),
        (None, lambda fake: fake.cfn.delete_stack("db-dev", token=""), None),
        (empty_shell, None, ("REVIEW_IN_PROGRESS", [])),
        (empty_shell, review, ("REVIEW_IN_PROGRESS", ["theirs"])),
        (review, None, ("REVIEW_IN_PROGRESS", ["theirs"])),
    ],
)
def test_what_is_left_when_the_answer_is_no(
    before: Callable[[FakeRun], Any] | None,
    meanwhile: Callable[[FakeRun], Any] | None,
    left: tuple[str, list[str]] | None,
) -> None:
    fake = FakeRun()
    if before is not None:
        before(fake)

    def no(plan: StackPlan) -> bool:
        if meanwhile is not None:
            meanwhile(fake)
        return False

    assert fake.deploy(approve=no).outcome == "declined"
    found = fake.cfn.stack("db-dev")
    assert left == (found and (found.status, [row.name for row in fake.cfn.change_sets("db-dev")]))
    assert not [line for line in fake.listener.lines if "warning" in line]


@pytest.mark.parametrize("operation", ["DeleteChangeSet", "DescribeStacks", "ListChangeSets", "DeleteStack"])
def test_what_cannot_be_taken_back_is_shown_and_does_not_hide_the_answer(operation: str) -> None:
    fake = FakeRun()

    def no(plan: StackPlan) -> bool:
        fake.cfn.trouble[operation] = [AwsError(f"{operation}: no (AccessDenied)", code="AccessDenied")]
        return False

    assert fake.deploy(approve=no).outcome == "declined"
    (line,) = fake.listener.lines
    assert line.startswith("db: warning: could not delete the change set arn:aws:cloudformation:")
    assert line.endswith(f": {operation}: no (AccessDenied)")


def pending(fake: FakeRun, times: int, then: Callable[[], None] = lambda: None) -> None:
    """Change sets that take a while; `then` is called at the last look at an unfinished one."""
    describe, left = fake.cfn.change_set, [times]

    def change_set(arn: str) -> ChangeSet:
        found = describe(arn)
        left[0] -= 1
        if left[0] == 0:
            then()
        return replace(found, status="CREATE_IN_PROGRESS", execution_status="UNAVAILABLE") if left[0] >= 0 else found

    fake.cfn.change_set = change_set  # type: ignore[method-assign]


def test_it_is_asked_again_at_a_widening_pace_until_it_is_worked_out() -> None:
    fake = FakeRun()
    pending(fake, 12)
    assert prepared(fake).change_set is not None
    assert fake.cfn.count("DescribeChangeSet") == 13
    assert len(fake.clock.sleeps) == 12
    assert max(fake.clock.sleeps) > 2 * fake.clock.sleeps[0]


def test_who_leaves_while_it_is_worked_out_leaves_nothing_behind() -> None:
    fake = FakeRun()
    pending(fake, 3, lambda: setattr(fake, "stop", True))
    with pytest.raises(BusyError, match="before anything was changed"):
        prepared(fake)
    assert (fake.cfn.names(), fake.cfn._sets) == ([], {})
