"""The same calls on three sides: the fake in memory, boto3 over the wire, and the emulator.

Where a side differs from what AWS documents, a comment says how; Stubber cases hold what no side but AWS can give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, ChangeSetType
from aurora_cfn.model.event import StackEvent
from aurora_cfn.ports import CloudFormation
from tests.aws.stubs import session, stubbed
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving

TEMPLATE = """\
Parameters:
  Size:
    Type: String
    Default: "1"
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Ref Size
Outputs:
  Size:
    Value: !Ref Size
"""
NAME = "contract"
Wait: TypeAlias = Callable[[], None]
Side: TypeAlias = tuple[CloudFormation, Wait]


@contextmanager
def memory() -> Iterator[Side]:
    clock = FakeClock()
    yield FakeCloudFormation(clock), lambda: clock.sleep(60)


@contextmanager
def wire() -> Iterator[Side]:
    clock = FakeClock()
    with serving(Endpoint(FakeCloudFormation(clock))) as endpoint:
        connection = Connection("eu-west-1", None, endpoint.url, ("test", "test"))
        yield AwsCloudFormation(Session(connection)), lambda: clock.sleep(60)


@contextmanager
def emulator() -> Iterator[Side]:
    import time

    from aurora_cfn.local import launcher

    server = launcher.ensure_running()
    try:
        connection = Connection("eu-west-1", None, server.endpoint, ("test", "test"))
        # Everything is done in milliseconds there.
        yield AwsCloudFormation(Session(connection)), lambda: time.sleep(0.5)
    finally:
        launcher.stop()


@pytest.fixture(scope="module", params=[memory, wire, pytest.param(emulator, marks=pytest.mark.slow)])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    with request.param() as made:
        yield made


def asked(name: str, kind: ChangeSetType, **parameters: str) -> ChangeSetRequest:
    return ChangeSetRequest(
        NAME,
        name,
        kind,
        TEMPLATE,
        parameters=parameters,
        tags={"Project": "x"},
        token=f"t-{name}",
    )


def finished(cfn: CloudFormation, wait: Wait, name: str, kind: ChangeSetType, **parameters: str) -> ChangeSet:
    created = cfn.create_change_set(asked(name, kind, **parameters))
    for _ in range(20):
        found = cfn.change_set(created.arn)
        if not found.pending:
            assert found.arn == created.arn
            assert found.stack_arn == created.stack_arn
            return found
        wait()
    raise AssertionError(found)


def ended(cfn: CloudFormation, wait: Wait, arn: str, since: str | None) -> list[StackEvent]:
    for _ in range(20):
        wait()
        events = list(cfn.events(arn, since=since))
        if any(event.of_stack and event.settled for event in events):
            return events
    raise AssertionError(events)


def test_a_stack_from_nothing_to_nothing(side: Side) -> None:
    cfn, wait = side
    assert cfn.stack(NAME) is None

    first = finished(cfn, wait, "first", "CREATE", Size="2")
    assert [(change.action, change.logical_id, change.type) for change in first.changes] == [
        ("Add", "Topic", "AWS::SNS::Topic")
    ]
    shell = cfn.stack(NAME)
    assert shell is not None
    assert shell.status == "REVIEW_IN_PROGRESS"
    assert not shell.busy
    assert [row.name for row in cfn.change_sets(NAME)] == ["first"]
    beside = finished(cfn, wait, "beside", "CREATE", Size="5")
    assert beside.stack_arn == first.stack_arn == cfn.stack(NAME).arn  # type: ignore[union-attr]
    with pytest.raises(AwsError):
        cfn.create_change_set(replace(asked("refused", "CREATE"), template="Resources: [1"))
    assert [row.name for row in cfn.change_sets(first.stack_arn)] == ["first", "beside"]

    cfn.execute_change_set(first.arn, token="run-1")
    events = ended(cfn, wait, first.stack_arn, None)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[-1].status == "CREATE_COMPLETE"
    assert "run-1" in {event.token for event in events}
    assert "beside" not in {row.name for row in cfn.change_sets(first.stack_arn)}, "dropped with the execution"
    stack = cfn.stack(first.stack_arn)
    assert stack is not None
    assert (stack.name, stack.status, stack.output("Size")) == (NAME, "CREATE_COMPLETE", "2")
    assert stack.tags["Project"] == "x"
    assert stack.change_set_arn == first.arn
    assert [row.logical_id for row in cfn.resources(NAME) if row.exists] == ["Topic"]
    assert "AWS::SNS::Topic" in cfn.template(NAME)

    same = finished(cfn, wait, "same", "UPDATE", Size="2")
    assert same.failed
    assert same.empty
    cfn.delete_change_set(same.arn)
    cfn.delete_change_set(same.arn)

    mark = cfn.newest_event(NAME)
    second = finished(cfn, wait, "second", "UPDATE", Size="3")
    assert [change.action for change in second.changes] == ["Modify"]
    assert second.changes[0].replacement == "False"
    cfn.execute_change_set(second.arn, token="run-2")
    fresh = ended(cfn, wait, second.stack_arn, mark)
    assert not {event.id for event in fresh} & {event.id for event in events}
    assert fresh[-1].status == "UPDATE_COMPLETE"
    assert cfn.stack(NAME).change_set_arn == second.arn  # type: ignore[union-attr]
    assert cfn.stack(NAME).output("Size") == "3"  # type: ignore[union-attr]

    cfn.set_protection(NAME, on=True)
    with pytest.raises(AwsError, match="TerminationProtection"):
        cfn.delete_stack(second.stack_arn, token="run-3")
    cfn.set_protection(NAME, on=False)
    mark = cfn.newest_event(NAME)
    cfn.delete_stack(second.stack_arn, token="run-4")
    assert ended(cfn, wait, second.stack_arn, mark)[-1].status == "DELETE_COMPLETE"
    assert cfn.stack(NAME) is None


def test_what_aws_refuses_keeps_its_code(side: Side) -> None:
    cfn, _ = side
    with pytest.raises(AwsError) as refused:
        cfn.create_change_set(ChangeSetRequest("nobody", "x", "UPDATE", TEMPLATE))
    assert refused.value.code == "ValidationError"
    with pytest.raises(AwsError) as gone:
        cfn.events("arn:aws:cloudformation:eu-west-1:123456789012:stack/nobody/1")
    assert gone.value.code == "ValidationError"


def test_of_an_operation_that_nobody_knows_nothing_failed(side: Side) -> None:
    # AWS's documentation does not say what it answers; a refusal is borne where this is asked.
    assert side[0].operation_failures("00000000-0000-0000-0000-000000000000") == []


def test_failures_of_an_operation_keep_the_words_of_hooks_and_validations() -> None:
    place = session()
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"
    at = datetime(2026, 11, 21, tzinfo=UTC)
    common = {"StackId": arn, "OperationId": "op", "OperationType": "CREATE_STACK", "LogicalResourceId": "Cluster"}
    resource = {"ResourceType": "AWS::RDS::DBCluster", "PhysicalResourceId": "db"}
    hook = {"EventType": "HOOK_INVOCATION_ERROR", "HookType": "A::B::C", "HookStatus": "HOOK_COMPLETE_FAILED"}
    rows = [
        {
            "EventType": "PROVISIONING_ERROR",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": "no",
            **resource,
        },
        {**hook, "HookStatusReason": "not encrypted", "HookFailureMode": "FAIL"},
        {**hook, "HookStatusReason": "only a warning", "HookFailureMode": "WARN"},
        {
            "EventType": "VALIDATION_ERROR",
            "ValidationName": "N",
            "ValidationStatusReason": "bad",
            "ValidationPath": "/P",
        },
        {"EventType": "PROGRESS_EVENT", "OperationStatus": "FAILED"},
    ]
    told = [
        {"EventId": f"e{number}", "Timestamp": at - timedelta(seconds=number), **common, **row}
        for number, row in enumerate(rows)
    ]
    asked = {"OperationId": "op", "Filters": {"FailedEvents": True}}
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("describe_events", {"OperationEvents": told[:2], "NextToken": "t"}, asked)
        stub.add_response("describe_events", {"OperationEvents": told[2:]}, {**asked, "NextToken": "t"})
        found = AwsCloudFormation(place).operation_failures("op")
    assert [(event.status, event.reason) for event in found] == [
        ("VALIDATION_FAILED", "N at /P: bad"),
        ("HOOK_FAILED", "hook A::B::C: not encrypted"),
        ("CREATE_FAILED", "no"),
    ]
    assert {(event.stack_name, event.logical_id, event.operation_id) for event in found} == {("s", "Cluster", "op")}


def test_the_last_operations_of_a_stack_are_told() -> None:
    place = session()
    row = {"StackName": "s", "StackId": "arn", "StackStatus": "ROLLBACK_COMPLETE", "CreationTime": datetime.now(UTC)}
    last = [{"OperationType": "ROLLBACK", "OperationId": "2"}, {"OperationType": "CREATE_STACK", "OperationId": "1"}]
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("describe_stacks", {"Stacks": [{**row, "LastOperations": last}]}, {"StackName": "s"})
        found = AwsCloudFormation(place).stack("s")
    assert found is not None
    assert found.operations == ("2", "1")


def test_all_pages_of_a_change_set_are_one() -> None:
    place = session()
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/x/1"
    common = {
        "ChangeSetId": arn, "ChangeSetName": "x", "StackName": "s", "StackId": "arn:aws:cloudformation:r:1:stack/s/1",
        "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE",
    }  # fmt: skip
    detail = {
        "Target": {"Attribute": "Properties", "Name": "Port", "RequiresRecreation": "Always", "BeforeValue": "1"},
        "Evaluation": "Static",
    }
    rows = [
        {"ResourceChange": {"Action": "Modify", "LogicalResourceId": name, "Replacement": "True", "Details": [detail]}}
        for name in ("A", "B")
    ]
    with stubbed(place, "cloudformation") as stub:
        asked = {"ChangeSetName": arn, "IncludePropertyValues": True}
        stub.add_response("describe_change_set", {**common, "Changes": rows[:1], "NextToken": "t"}, asked)
        stub.add_response("describe_change_set", {**common, "Changes": rows[1:]}, {**asked, "NextToken": "t"})
        found = AwsCloudFormation(place).change_set(arn)
    assert [change.logical_id for change in found.changes] == ["A", "B"]
    assert found.changes[0].properties[0].recreation == "Always"
    assert found.changes[0].properties[0].before == "1"
    assert found.values_told


def test_values_that_aws_dropped_are_read_again_without() -> None:
    place = session()
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/x/1"
    answer = {
        "ChangeSetId": arn, "ChangeSetName": "x", "StackName": "s", "StackId": "arn:aws:cloudformation:r:1:stack/s/1",
        "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "Changes": [],
    }  # fmt: skip
    with stubbed(place, "cloudformation") as stub:
        told = {**answer, "StatusReason": "Some property values were dropped"}
        stub.add_response("describe_change_set", told, {"ChangeSetName": arn, "IncludePropertyValues": True})
        stub.add_response("describe_change_set", answer, {"ChangeSetName": arn, "IncludePropertyValues": False})
        assert not AwsCloudFormation(place).change_set(arn).values_told


def test_events_are_read_back_only_to_the_mark() -> None:
    place = session()
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"
    at = datetime(2026, 11, 21, tzinfo=UTC)
    rows = [{"StackId": arn, "EventId": f"e{n}", "StackName": "s", "Timestamp": at} for n in (5, 4, 3)]
    older = [{"StackId": arn, "EventId": f"e{n}", "StackName": "s", "Timestamp": at} for n in (2, 1)]
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("describe_stack_events", {"StackEvents": rows, "NextToken": "t"}, {"StackName": arn})
        stub.add_response("describe_stack_events", {"StackEvents": older}, {"StackName": arn, "NextToken": "t"})
        stub.add_response("describe_stack_events", {"StackEvents": rows, "NextToken": "t"}, {"StackName": arn})
        assert [row.id for row in AwsCloudFormation(place).events(arn, since="e1")] == ["e2", "e3", "e4", "e5"]
        assert [row.id for row in AwsCloudFormation(place).events(arn, since="e3")] == ["e4", "e5"]
