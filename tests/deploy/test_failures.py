"""What DescribeEvents adds to a failure, by the ids of its operations, and what is said where it cannot be had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.failed_operations import MOST, Failures
from aurora_cfn.errors import AwsError
from aurora_cfn.model.event import StackEvent
from tests.deploy.toys import FakeRun, changed, stack
from tests.fakes.rds import denied

REASON = "hook Acme::Guard::Encryption: the storage of a database must be encrypted"
SAID = "The following hook(s) failed: [Acme::Guard::Encryption]"
ALWAYS = 10_000


def hooked(fake: FakeRun) -> None:
    """The next creation fails on a hook whose own words only DescribeEvents has."""
    fake.cfn.fail["Cluster"] = SAID
    execute = fake.cfn.execute_change_set

    def executed(arn: str, *, token: str, disable_rollback: bool | None = None) -> None:
        execute(arn, token=token, disable_rollback=disable_rollback)
        kept = list(fake.cfn._kept.values())[-1]
        failed = next(event for event in kept.events if event.failed)
        fake.cfn.failures = [
            replace(failed, id="hook-1", status="HOOK_FAILED", reason=REASON, at=failed.at - timedelta(seconds=1)),
            replace(failed, id="other", status="HOOK_FAILED", reason="of another operation", operation_id="other"),
        ]

    fake.cfn.execute_change_set = executed  # type: ignore[method-assign]


def answering(fake: FakeRun, failures: list[StackEvent]) -> list[str]:
    """DescribeEvents answers the same of every operation; the ids that it is asked for."""
    asked: list[str] = []

    def events_of(operation: str) -> list[StackEvent]:
        asked.append(operation)
        return failures

    fake.cfn.operation_failures = events_of  # type: ignore[method-assign]
    return asked


def test_the_hook_itself_is_the_cause() -> None:
    fake = FakeRun()
    hooked(fake)
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("failed", 5)
    lines = result.cause.splitlines()
    assert lines[0] == f"Cluster (AWS::RDS::DBCluster): {REASON}"
    assert not any("failed after it" in line for line in lines), "it is the same resource"
    assert fake.cfn.count("DescribeEvents") == 1, "the rollback is an operation of its own, in which nothing failed"


@pytest.mark.parametrize(
    "code", ["AccessDenied", "AccessDeniedException", "InvalidAction", "UnknownOperation", "ValidationError"]
)
def test_without_it_the_events_of_the_stack_show_the_cause_and_it_is_not_asked_again(code: str) -> None:
    fake = FakeRun()
    hooked(fake)
    fake.cfn.trouble["DescribeEvents"] = [AwsError("no", operation="DescribeEvents", code=code)] * ALWAYS
    context = fake.context()
    for _ in range(2):
        result = fake.deploy(context=context)
        assert (result.outcome, result.exit_code) == ("failed", 5)
        assert result.cause.startswith(f"Cluster (AWS::RDS::DBCluster): {SAID}")
    assert fake.cfn.count("DescribeEvents") == 1


def test_an_answer_without_anything_is_no_answer() -> None:
    fake = FakeRun()
    fake.cfn.fail["Cluster"] = SAID
    asked = answering(fake, [])
    context = fake.context()
    for _ in range(2):
        assert fake.deploy(context=context).cause.startswith(f"Cluster (AWS::RDS::DBCluster): {SAID}")
    assert len(asked) == 1


@pytest.mark.parametrize("code", ["Throttling", "Unreachable"])
def test_a_passing_trouble_is_no_reason_to_stop_asking(code: str) -> None:
    fake = FakeRun()
    hooked(fake)
    fake.cfn.trouble["DescribeEvents"] = [AwsError("no", operation="DescribeEvents", code=code)]
    failures = Failures()
    context = changed(fake.context(), failures=failures)
    assert SAID in fake.deploy(context=context).cause
    events = failures.joined(fake.cfn, "", fake.listener.events)
    assert REASON in {event.reason for event in events}


def test_nothing_is_asked_of_what_ends_well() -> None:
    fake = FakeRun()
    fake.deploy()
    fake.deploy(stack(), Size="2")
    assert fake.cfn.count("DescribeEvents") == 0


def test_where_events_may_not_be_read_the_cause_is_shown_all_the_same() -> None:
    fake = FakeRun()
    hooked(fake)
    fake.cfn.trouble["DescribeStackEvents"] = [denied("DescribeStackEvents")] * ALWAYS
    result = fake.deploy()
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert result.cause.splitlines()[0] == f"Cluster (AWS::RDS::DBCluster): {REASON}"


@pytest.mark.parametrize(("events", "calls"), [(0, 1), (1, 1), (2, 0)])
def test_a_stack_is_asked_for_its_operations_only_where_its_events_end_at_once(events: int, calls: int) -> None:
    # Without ids, as an emulator has them; a hook may have stopped the operation after its first event at the latest.
    fake = FakeRun()
    fake.deploy()
    arn, rows = fake.listener.events[0].stack_arn, fake.listener.events[:events]
    fake.cfn.calls.clear()
    Failures().joined(fake.cfn, arn, [replace(row, operation_id="") for row in rows])
    assert fake.cfn.count("DescribeStacks") == calls


def test_not_every_nested_stack_is_asked_about() -> None:
    fake = FakeRun()
    fake.cfn.fail["Cluster"] = SAID
    fake.deploy()
    failed = next(event for event in fake.listener.events if event.failed)
    many: list[StackEvent] = [replace(failed, id=str(n), operation_id=f"op-{n}") for n in range(50)]
    asked = answering(fake, [failed])
    assert Failures().joined(fake.cfn, failed.stack_arn, many) == many
    assert asked == [f"op-{n}" for n in range(MOST)]
