"""Stack refactors on three sides: the fake, boto3 over the wire, and the emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.refactors import AwsStackRefactors
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.stack_refactor import StackDefinition, StackRefactor
from aurora_cfn.ports import CloudFormation
from aurora_cfn.ports.stack_operations import StackRefactors
from tests.aws.stubs import session, stubbed
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.fakes.refactors import FakeStackRefactors, move
from tests.scripted.endpoint import Endpoint, serving

TEMPLATE = """\
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Other: {Type: AWS::SNS::Topic, Properties: {DisplayName: other}}
Outputs:
  Topic: {Value: !Ref Topic}
"""
LEFT = """\
Resources:
  Kept: {Type: AWS::SNS::Topic}
"""
Side: TypeAlias = tuple[CloudFormation, StackRefactors, Callable[[], None]]


@contextmanager
def memory() -> Iterator[Side]:
    clock = FakeClock()
    cfn = FakeCloudFormation(clock)
    yield cfn, FakeStackRefactors(cfn), lambda: clock.sleep(60)


@contextmanager
def wire() -> Iterator[Side]:
    clock = FakeClock()
    with serving(Endpoint(FakeCloudFormation(clock))) as endpoint:
        place = Session(Connection("eu-west-1", None, endpoint.url, ("test", "test")))
        yield AwsCloudFormation(place), AwsStackRefactors(place), lambda: clock.sleep(60)


@contextmanager
def emulator() -> Iterator[Side]:
    import time

    from aurora_cfn.local import launcher

    server = launcher.ensure_running()
    keys = (server.keys.access_key_id, server.keys.secret_access_key)
    try:
        place = Session(Connection("eu-west-1", None, server.endpoint, keys))
        yield AwsCloudFormation(place), AwsStackRefactors(place), lambda: time.sleep(0.05)
    finally:
        launcher.stop()


@pytest.fixture(scope="module", params=[memory, wire, pytest.param(emulator, marks=pytest.mark.slow)])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    with request.param() as made:
        yield made


def deployed(side: Side, name: str, template: str) -> dict[str, str]:
    """Physical ids of a new stack."""
    cfn, _, wait = side
    created = cfn.create_change_set(ChangeSetRequest(name, "s", "CREATE", template, token=f"t-{name}"))
    while cfn.change_set(created.arn).pending:
        wait()
    cfn.execute_change_set(created.arn, token=f"t-{name}")
    settled(side, name)
    return {row.logical_id: row.physical_id for row in cfn.resources(name)}


def settled(side: Side, name: str) -> str:
    for _ in range(400):
        stack = side[0].stack(name)
        assert stack
        if not stack.busy:
            return stack.status
        side[2]()
    raise AssertionError(stack)


def executed(side: Side, identifier: str) -> StackRefactor:
    for _ in range(400):
        found = side[1].refactor(identifier)
        if not (found.executing or found.available):
            return found
        side[2]()
    raise AssertionError(found)


def test_a_rename_keeps_the_physical_resource(side: Side) -> None:
    cfn, refactors, _ = side
    before = deployed(side, "renamed", TEMPLATE)
    wanted = TEMPLATE.replace("Topic:", "News:", 1).replace("Ref Topic", "Ref News")
    moves = [move("renamed.Topic", "renamed.News")]
    made = refactors.create_refactor([StackDefinition("renamed", wanted)], moves, description="why")
    found = refactors.refactor(made)
    assert (found.status, found.execution, found.description) == ("CREATE_COMPLETE", "AVAILABLE", "why")
    assert [arn.split("/")[1] for arn in found.stacks] == ["renamed"]
    (action,) = refactors.refactor_actions(made)
    assert (action.action, action.entity, action.move) == ("MOVE", "RESOURCE", moves[0])
    assert action.physical_id == before["Topic"]
    refactors.execute_refactor(made)
    assert made in {row.id for row in refactors.executing_refactors()} | {made}
    assert executed(side, made).done
    assert settled(side, "renamed") == "UPDATE_COMPLETE"
    after = {row.logical_id: row.physical_id for row in cfn.resources("renamed")}
    assert after == {"News": before["Topic"], "Other": before["Other"]}
    assert cfn.template("renamed") == wanted
    with pytest.raises(AwsError):
        refactors.execute_refactor(made)


def test_a_move_keeps_the_physical_resource(side: Side) -> None:
    cfn, refactors, _ = side
    before = deployed(side, "source", TEMPLATE) | deployed(side, "target", LEFT)
    rest = TEMPLATE.replace("  Other: {Type: AWS::SNS::Topic, Properties: {DisplayName: other}}\n", "")
    more = f"{LEFT}  Came: {{Type: AWS::SNS::Topic, Properties: {{DisplayName: other}}}}\n"
    made = refactors.create_refactor(
        [StackDefinition("source", rest), StackDefinition("target", more)],
        [move("source.Other", "target.Came")],
        description="move",
    )
    assert refactors.refactor(made).available, refactors.refactor(made)
    refactors.execute_refactor(made)
    assert executed(side, made).done
    assert {settled(side, name) for name in ("source", "target")} == {"UPDATE_COMPLETE"}
    assert {row.logical_id: row.physical_id for row in cfn.resources("target")} == {
        "Kept": before["Kept"],
        "Came": before["Other"],
    }
    assert [row.logical_id for row in cfn.resources("source")] == ["Topic"]


@pytest.mark.parametrize(
    ("name", "template", "words"),
    [
        ("nowhere", LEFT, "does not exist"),
        ("refused", "Resources:\n  Kept: {Type: AWS::SNS::Topic}\n  New: {Type: AWS::SNS::Topic}\n", "created"),
        ("guarded", LEFT.replace("Kept", "Else"), "stack policy"),
    ],
)
def test_what_is_refused_changes_nothing(side: Side, name: str, template: str, words: str) -> None:
    cfn, refactors, _ = side
    if name != "nowhere":
        deployed(side, name, LEFT)
    if name == "guarded":
        cfn.set_stack_policy(
            name, '{"Statement":[{"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"}]}'
        )
    moves = [move(f"{name}.Kept", f"{name}.Else")] if name == "guarded" else []
    made = refactors.create_refactor([StackDefinition(name, template)], moves, description="x")
    found = refactors.refactor(made)
    assert (found.status, found.execution) == ("CREATE_FAILED", "UNAVAILABLE")
    assert words in found.reason
    with pytest.raises(AwsError):
        refactors.execute_refactor(made)


def test_a_refactor_that_is_not_there(side: Side) -> None:
    with pytest.raises(AwsError) as caught:
        side[1].refactor("0a6d0b3e-0000-4000-8000-000000000000")
    assert caught.value.code == "StackRefactorNotFoundException"


PLACES: dict[str, Any] = {
    "Source": {"StackName": "a", "LogicalResourceId": "Old"},
    "Destination": {"StackName": "a", "LogicalResourceId": "New"},
}


def test_the_calls_and_what_only_aws_answers() -> None:
    place = session()
    port = AwsStackRefactors(place)
    with stubbed(place, "cloudformation") as stub:
        asked = {
            "Description": "d", "EnableStackCreation": False, "ResourceMappings": [PLACES],
            "StackDefinitions": [{"StackName": "a", "TemplateURL": "https://x/y"}],
        }  # fmt: skip
        stub.add_response("create_stack_refactor", {"StackRefactorId": "r"}, asked)
        rows: list[dict[str, Any]] = [
            {"Action": "CREATE", "Entity": "STACK", "Description": "a new stack"},
            {"Action": "MOVE", "Entity": "RESOURCE", "PhysicalResourceId": "p", "ResourceMapping": PLACES},
        ]
        stub.add_response(
            "list_stack_refactor_actions",
            {"StackRefactorActions": rows[:1], "NextToken": "n"},
            {"StackRefactorId": "r"},
        )
        stub.add_response(
            "list_stack_refactor_actions",
            {"StackRefactorActions": rows[1:]},
            {"StackRefactorId": "r", "NextToken": "n"},
        )
        stub.add_response(
            "list_stack_refactors",
            {"StackRefactorSummaries": [{"StackRefactorId": "r"}]},
            {"ExecutionStatusFilter": ["EXECUTE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"]},
        )
        answer = {"StackRefactorId": "r", "Status": "CREATE_COMPLETE", "ExecutionStatus": "ROLLBACK_IN_PROGRESS",
                "ExecutionStatusReason": "no tags", "StackIds": ["arn:x"]}  # fmt: skip
        stub.add_response("describe_stack_refactor", answer, {"StackRefactorId": "r"})
        move_ = move("a.Old", "a.New")
        assert port.create_refactor([StackDefinition("a", "", "https://x/y")], [move_], description="d") == "r"
        actions = port.refactor_actions("r")
        assert [row.move for row in actions] == [None, move_]
        (running,) = port.executing_refactors()
        assert (running.executing, running.execution_reason, running.stacks) == (True, "no tags", ("arn:x",))
