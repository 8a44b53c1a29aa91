"""What an update leaves behind: a warning or a failure, waited for or not."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.context import Choices
from tests.deploy.toys import FakeRun, stack

LEAVES = {"Cluster": "it has a final snapshot that is not ready", "Writer": ""}
CLEANING = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


@pytest.fixture
def fake() -> FakeRun:
    made = FakeRun()
    assert made.deploy().outcome == "created"
    made.cfn.leaves = dict(LEAVES)
    return made


def test_what_stays_is_a_warning(fake: FakeRun) -> None:
    result = fake.deploy(Size="2")
    assert (result.outcome, result.exit_code, result.cause) == ("updated", 0, "")
    assert [line for line in fake.listener.lines if "warning" in line] == [
        "db: warning: Cluster (old-cluster) was not deleted: it has a final snapshot that is not ready",
        "db: warning: Writer (old-writer) was not deleted: DELETE_SKIPPED",
    ]


def test_what_stays_fails_a_strict_run_whose_stack_is_as_wanted_all_the_same(fake: FakeRun) -> None:
    result = fake.deploy(context=fake.context(Choices(strict=True)), Size="2")
    assert (result.outcome, result.exit_code, result.good) == ("updated", 9, True)
    head, first, second = result.cause.splitlines()
    assert head == "db-dev was updated, but not all was cleaned up:"
    assert "Cluster (old-cluster)" in first
    assert "Writer (old-writer)" in second
    assert result.stack is not None
    assert result.stack.output("Size") == "2"


def test_a_strict_run_that_leaves_nothing_is_a_success(fake: FakeRun) -> None:
    fake.cfn.leaves = {}
    assert fake.deploy(context=fake.context(Choices(strict=True)), Size="2").exit_code == 0


def test_the_clean_up_need_not_be_waited_for_and_how_to_watch_it_is_said(fake: FakeRun) -> None:
    fake.cfn.seconds = 600
    before = fake.clock.monotonic()
    result = fake.deploy(context=fake.context(Choices(cleanup_wait=False)), Size="2")
    assert (result.outcome, result.exit_code) == ("updated", 0)
    assert fake.clock.monotonic() - before < 3 * 600
    assert result.stack is not None
    assert result.stack.status == CLEANING
    assert not [line for line in fake.listener.lines if "warning" in line]
    assert "its clean-up continues" in fake.listener.lines[-1]
    assert "events --env dev" in fake.listener.lines[-1]


def test_a_policy_that_is_open_is_closed_after_the_clean_up(fake: FakeRun) -> None:
    assert fake.deploy(stack(protect=True), Size="2").outcome == "updated"
    choices = Choices(cleanup_wait=False, allow=("Cluster",))
    result = fake.deploy(stack(protect=True), fake.context(choices), Size="3")
    assert result.stack is not None
    assert result.stack.status == "UPDATE_COMPLETE"


def test_a_creation_or_a_failure_is_waited_for_as_ever() -> None:
    fake = FakeRun()
    quick = fake.context(Choices(cleanup_wait=False))
    assert fake.deploy(context=quick).stack.status == "CREATE_COMPLETE"  # type: ignore[union-attr]
    fake.cfn.fail["Writer"] = "no"
    result = fake.deploy(context=quick, Size="2")
    assert (result.outcome, result.exit_code) == ("failed", 5)
