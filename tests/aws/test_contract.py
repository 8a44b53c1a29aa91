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
AFTER = TEMPLATE.replace(
    "Outputs:",
    "  After:\n    Type: AWS::SNS::Topic\n    DependsOn: Topic\n    Properties: {DisplayName: !Ref Size}\nOutputs:",
)
NAME = "contract"
POLICY = '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'
Wait: TypeAlias = Callable[[], None]
Trouble: TypeAlias = Callable[[str, str], None]
"""Has what is done to the topic (create, update, delete) fail or take its time; both empty: all is well again."""
Side: TypeAlias = tuple[CloudFormation, Wait, Trouble]


def in_memory(cfn: FakeCloudFormation) -> Trouble:
    def trouble(verb: str, what: str) -> None:
        cfn.fail = {"Topic": what} if verb and what != "slow" else {}
        cfn.durations = {"Topic": 600} if what == "slow" else {}

    return trouble


@contextmanager
def memory() -> Iterator[Side]:
    clock = FakeClock()
    cfn = FakeCloudFormation(clock)
    yield cfn, lambda: clock.sleep(60), in_memory(cfn)


@contextmanager
def wire() -> Iterator[Side]:
    clock = FakeClock()
    with serving(Endpoint(FakeCloudFormation(clock))) as endpoint:
        connection = Connection("eu-west-1", None, endpoint.url, ("test", "test"))
        yield AwsCloudFormation(Session(connection)), lambda: clock.sleep(60), in_memory(endpoint.cfn)


@contextmanager
def emulator() -> Iterator[Side]:
    import os
    import time

    from aurora_cfn.local import launcher
    from aurora_cfn.local.home import home_from
    from aurora_cfn.local.record import read_record
    from aurora_cfn.local.wire import call

    server = launcher.ensure_running()
    record = read_record(home_from(os.environ).record)
    assert record

    def trouble(verb: str, what: str) -> None:
        call(record, "DELETE", "simulation", keys=server.keys)
        if what == "slow":
            call(record, "POST", "simulation", {"delays": {"AWS::SNS::*": 1}}, keys=server.keys)
        elif verb:
            call(record, "POST", "simulation", {"faults": {f"{verb}:{NAME}.Topic": what}}, keys=server.keys)

    try:
        connection = Connection(
            "eu-west-1", None, server.endpoint, (server.keys.access_key_id, server.keys.secret_access_key)
        )
        # Everything is done in milliseconds there.
        yield AwsCloudFormation(Session(connection)), lambda: time.sleep(0.05), trouble
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


def finished(
    cfn: CloudFormation, wait: Wait, name: str, kind: ChangeSetType, *, template: str = TEMPLATE, **parameters: str
) -> ChangeSet:
    created = cfn.create_change_set(replace(asked(name, kind, **parameters), template=template))
    for _ in range(200):
        found = cfn.change_set(created.arn)
        if not found.pending:
            assert found.arn == created.arn
            assert found.stack_arn == created.stack_arn
            return found
        wait()
    raise AssertionError(found)


def ended(cfn: CloudFormation, wait: Wait, arn: str, since: str | None) -> list[StackEvent]:
    for _ in range(200):
        wait()
        events = list(cfn.events(arn, since=since))
        if any(event.of_stack and event.settled for event in events):
            return events
    raise AssertionError(events)


def test_a_stack_from_nothing_to_nothing(side: Side) -> None:
    cfn, wait, _ = side
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
    cfn, _, _ = side
    with pytest.raises(AwsError) as refused:
        cfn.create_change_set(ChangeSetRequest("absent", "x", "UPDATE", TEMPLATE))
    assert refused.value.code == "ValidationError"
    with pytest.raises(AwsError) as gone:
        cfn.events("arn:aws:cloudformation:eu-west-1:123456789012:stack/absent/1")
    assert gone.value.code == "ValidationError"


@pytest.mark.parametrize(
    "ask",
    [
        lambda cfn: cfn.newest_event("absent"),
        lambda cfn: cfn.resources("absent"),
        lambda cfn: cfn.template("absent"),
        lambda cfn: cfn.stack_policy("absent"),
        lambda cfn: cfn.set_stack_policy("absent", POLICY),
        lambda cfn: cfn.set_protection("absent", on=True),
        lambda cfn: cfn.cancel_update("absent", token="t"),
        lambda cfn: cfn.continue_rollback("absent", token="t"),
        lambda cfn: cfn.roll_back("absent", token="t"),
    ],
)
def test_of_a_stack_that_is_not_there_nothing_is_shown(side: Side, ask: Callable[[CloudFormation], object]) -> None:
    with pytest.raises(AwsError) as refused:
        ask(side[0])
    assert refused.value.code == "ValidationError"


def test_deleting_what_is_not_there_is_no_error(side: Side) -> None:
    side[0].delete_stack("absent", token="t")


def test_a_policy_is_kept_and_moves_that_the_status_does_not_allow_are_refused(side: Side) -> None:
    cfn, wait, _ = side
    first = finished(cfn, wait, "policy", "CREATE")
    assert cfn.validation_failures(first.arn) == []
    cfn.execute_change_set(first.arn, token="run-5")
    ended(cfn, wait, first.stack_arn, None)
    assert cfn.stack_policy(NAME) == ""
    cfn.set_stack_policy(first.stack_arn, POLICY)
    assert cfn.stack_policy(NAME) == POLICY
    for refused, code in (
        (lambda: cfn.set_stack_policy(NAME, "{"), "ValidationError"),
        (lambda: cfn.cancel_update(NAME, token="t"), "ValidationError"),
        (lambda: cfn.continue_rollback(NAME, token="t"), "ValidationError"),
        (lambda: cfn.roll_back(NAME, token="t"), "ValidationError"),
        (lambda: cfn.delete_stack(NAME, token="t", retain=["Topic"]), "ValidationError"),
        (lambda: cfn.execute_change_set(first.arn, token="t"), "InvalidChangeSetStatus"),
        (lambda: cfn.change_set(f"{first.arn}0"), "ChangeSetNotFound"),
    ):
        with pytest.raises(AwsError) as caught:
            refused()
        assert caught.value.code == code, caught.value
    assert cfn.stack_policy(NAME) == POLICY
    assert cfn.change_set(first.arn).execution_status == "EXECUTE_COMPLETE"
    delete(cfn, wait, first.stack_arn)
    cfn.delete_stack(first.stack_arn, token="t")
    wait()
    gone = cfn.stack(first.stack_arn)
    assert gone is None or gone.status == "DELETE_COMPLETE"


def delete(cfn: CloudFormation, wait: Wait, arn: str, *retain: str) -> list[StackEvent]:
    mark = cfn.newest_event(arn)
    cfn.delete_stack(arn, token="deletion", retain=retain)
    return ended(cfn, wait, arn, mark)


def test_what_failed_without_a_rollback_is_rolled_back_when_asked(side: Side) -> None:
    cfn, wait, trouble = side
    first = finished(cfn, wait, "kept", "CREATE")
    trouble("create", "the quota is reached")
    cfn.execute_change_set(first.arn, token="run-6", disable_rollback=True)
    events = ended(cfn, wait, first.stack_arn, None)
    assert events[-1].status == "CREATE_FAILED"
    assert "the quota is reached" in next(row.reason for row in events if row.failed)
    trouble("", "")
    mark = cfn.newest_event(NAME)
    cfn.roll_back(first.stack_arn, token="run-7")
    assert ended(cfn, wait, first.stack_arn, mark)[-1].status == "ROLLBACK_COMPLETE"
    assert delete(cfn, wait, first.stack_arn)[-1].status == "DELETE_COMPLETE"


def test_an_update_is_cancelled_and_what_cannot_be_deleted_is_left_out(side: Side) -> None:
    # No side but AWS gets into UPDATE_ROLLBACK_FAILED by an operation of its own: what is sent to continue from there
    # is held by tests/aws/test_mutating_calls.py. The emulator sees a cancellation between two resources, AWS at once.
    cfn, wait, trouble = side
    first = finished(cfn, wait, "one", "CREATE", template=AFTER)
    cfn.execute_change_set(first.arn, token="run-8")
    ended(cfn, wait, first.stack_arn, None)
    second = finished(cfn, wait, "two", "UPDATE", template=AFTER, Size="9")
    mark = cfn.newest_event(NAME)
    trouble("update", "slow")
    cfn.execute_change_set(second.arn, token="run-9")
    cfn.cancel_update(first.stack_arn, token="run-10")
    end = ended(cfn, wait, first.stack_arn, mark)[-1]
    assert end.status == "UPDATE_ROLLBACK_COMPLETE"
    stack = cfn.stack(NAME)
    assert stack is not None
    assert stack.output("Size") == "1"
    trouble("delete", "still in use")
    events = delete(cfn, wait, first.stack_arn)
    assert events[-1].status == "DELETE_FAILED"
    assert "still in use" in next(row.reason for row in events if row.failed)
    trouble("", "")
    events = delete(cfn, wait, first.stack_arn, "Topic")
    assert events[-1].status == "DELETE_COMPLETE"
    assert "DELETE_COMPLETE" not in {row.status for row in events if row.logical_id == "Topic"}


def test_of_an_operation_that_no_one_knows_nothing_failed(side: Side) -> None:
    # AWS's documentation does not say what it answers; where this is called, a refusal is ignored.
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
    entries = [
        {"EventId": f"e{number}", "Timestamp": at - timedelta(seconds=number), **common, **row}
        for number, row in enumerate(rows)
    ]
    asked = {"OperationId": "op", "Filters": {"FailedEvents": True}}
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("describe_events", {"OperationEvents": entries[:2], "NextToken": "t"}, asked)
        stub.add_response("describe_events", {"OperationEvents": entries[2:]}, {**asked, "NextToken": "t"})
        found = AwsCloudFormation(place).operation_failures("op")
    assert [(event.status, event.reason) for event in found] == [
        ("VALIDATION_FAILED", "N at /P: bad"),
        ("HOOK_FAILED", "hook A::B::C: not encrypted"),
        ("CREATE_FAILED", "no"),
    ]
    assert {(event.stack_name, event.logical_id, event.operation_id) for event in found} == {("s", "Cluster", "op")}


def test_the_last_operations_of_a_stack_are_shown() -> None:
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
    assert found.has_values


def test_values_that_aws_dropped_are_read_again_without() -> None:
    place = session()
    arn = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/x/1"
    answer = {
        "ChangeSetId": arn, "ChangeSetName": "x", "StackName": "s", "StackId": "arn:aws:cloudformation:r:1:stack/s/1",
        "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "Changes": [],
    }  # fmt: skip
    with stubbed(place, "cloudformation") as stub:
        reply = {**answer, "StatusReason": "Some property values were dropped"}
        stub.add_response("describe_change_set", reply, {"ChangeSetName": arn, "IncludePropertyValues": True})
        stub.add_response("describe_change_set", answer, {"ChangeSetName": arn, "IncludePropertyValues": False})
        assert not AwsCloudFormation(place).change_set(arn).has_values


def test_events_are_read_back_only_to_the_last_known_one() -> None:
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
