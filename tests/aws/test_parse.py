"""Everything that CloudFormation says of stacks, events, resources and change sets arrives, in UTC; gaps are gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.parse import read_change_set, read_event, read_failure, read_resource, read_stack
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange, ValidationFailure
from aurora_cfn.model.event import StackEvent
from aurora_cfn.model.stack import Output, Stack, StackResource
from tests.aws.stubs import session, stubbed

ARN = "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/1"
NOON, LATER = datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2026, 11, 21, 13, tzinfo=UTC)
ZONE = timezone(timedelta(hours=2))
PARAMETERS = [{"ParameterKey": "Size", "ParameterValue": "1"}, {"ParameterKey": "Secret", "ParameterValue": "****"}]
TAGS = [{"Key": "Project", "Value": "x"}]


@pytest.fixture(scope="module")
def place() -> Session:
    return session()


def test_a_stack() -> None:
    least = {"StackId": ARN, "StackName": "s", "StackStatus": "CREATE_COMPLETE"}
    assert read_stack(least) == Stack(ARN, "s", "CREATE_COMPLETE")
    outputs = [
        {"OutputKey": "A", "OutputValue": "1", "Description": "d", "ExportName": "s-A"},
        {"OutputKey": "B"},
    ]
    more = {
        "StackStatusReason": "why", "Outputs": outputs, "Parameters": PARAMETERS, "Tags": TAGS,
        "EnableTerminationProtection": True, "RoleARN": "arn:role", "NotificationARNs": ["arn:topic"],
        "CreationTime": NOON.astimezone(ZONE), "LastUpdatedTime": LATER.astimezone(ZONE), "ChangeSetId": "arn:cs",
        "LastOperations": [{"OperationId": "2"}, {"OperationType": "X"}],
    }  # fmt: skip
    found = read_stack({**least, **more})
    assert found == Stack(
        ARN, "s", "CREATE_COMPLETE", "why", (Output("A", "1", "s-A"), Output("B", "")),
        {"Size": "1", "Secret": "****"}, {"Project": "x"}, True, "arn:role", ("arn:topic",), NOON, LATER, "arn:cs",
        ("2",),
    )  # fmt: skip
    assert (found.created.tzinfo, found.updated.tzinfo) == (UTC, UTC)  # type: ignore[union-attr]


def test_an_event_has_the_token_and_the_operation_that_it_belongs_to() -> None:
    least = {"EventId": "e", "StackId": ARN, "StackName": "s", "Timestamp": NOON.astimezone(ZONE)}
    assert read_event(least) == StackEvent("e", ARN, "s", "", "", "", "", NOON)
    more = {
        "LogicalResourceId": "Db", "PhysicalResourceId": "db-1", "ResourceType": "T", "ResourceStatus": "S",
        "ResourceStatusReason": "why", "ClientRequestToken": "t", "OperationId": "op",
    }  # fmt: skip
    found = read_event({**least, **more})
    assert found == StackEvent("e", ARN, "s", "Db", "db-1", "T", "S", NOON, "why", token="t", operation_id="op")
    assert found.at.tzinfo is UTC


def test_a_resource() -> None:
    least = {"LogicalResourceId": "Db", "ResourceType": "T", "ResourceStatus": "S"}
    assert read_resource(least) == StackResource("Db", "T", "S")
    more = {"PhysicalResourceId": "db-1", "ResourceStatusReason": "why"}
    assert read_resource({**least, **more}) == StackResource("Db", "T", "S", "db-1", "why")


def test_a_change_set_with_all_by_which_a_change_is_judged() -> None:
    least = {
        "ChangeSetId": "arn:cs", "ChangeSetName": "x", "StackId": ARN, "StackName": "s", "Status": "CREATE_COMPLETE",
        "ExecutionStatus": "AVAILABLE",
    }  # fmt: skip
    bare = ChangeSet("arn:cs", "x", ARN, "CREATE_COMPLETE", "AVAILABLE")
    assert read_change_set(least) == bare
    more = {
        "StatusReason": "why", "Parameters": PARAMETERS, "Tags": TAGS, "CreationTime": NOON.astimezone(ZONE),
        "Description": "d", "OnStackFailure": "DELETE",
    }  # fmt: skip
    target = {
        "Attribute": "Properties", "Name": "Engine", "Path": "/Engine", "RequiresRecreation": "Always",
        "BeforeValue": "1", "AfterValue": "2",
    }  # fmt: skip
    detail = {"Target": target, "Evaluation": "Dynamic", "ChangeSource": "ParameterReference", "CausingEntity": "E"}
    row = {
        "Action": "Modify", "LogicalResourceId": "Db", "ResourceType": "T", "PhysicalResourceId": "db-1",
        "Replacement": "Conditional", "Scope": ["Properties"], "PolicyAction": "ReplaceAndSnapshot",
        "Details": [detail, {}], "BeforeContext": "b", "AfterContext": "a",
    }  # fmt: skip
    found = read_change_set({**least, **more}, [{"ResourceChange": row}, {"ResourceChange": {}}, {"Type": "Hook"}])
    properties = (
        PropertyChange("Properties", "Engine", "/Engine", "Always", "Dynamic", "E", "1", "2"),
        PropertyChange("", evaluation=""),
    )
    assert found == ChangeSet(
        "arn:cs", "x", ARN, "CREATE_COMPLETE", "AVAILABLE", "why",
        (
            ResourceChange(
                "Modify", "Db", "T", "db-1", "Conditional", "ReplaceAndSnapshot", properties, "b",
                "a",
            ),
            ResourceChange("", "", ""),
        ),
        {"Size": "1", "Secret": "****"}, description="d", on_failure="DELETE",
    )  # fmt: skip


ERROR = {"EventType": "VALIDATION_ERROR", "ValidationStatusReason": "bad"}


@pytest.mark.parametrize(
    ("row", "failure"),
    [
        (ERROR, ValidationFailure("bad")),
        ({"EventType": "HOOK_INVOCATION_ERROR", "HookStatusReason": "no"}, ValidationFailure("no")),
        (
            {"EventType": "VALIDATION_ERROR", "ResourceStatusReason": "r", "HookStatusReason": "h"},
            ValidationFailure("r"),
        ),
        (
            {**ERROR, "ValidationPath": "/P", "ValidationName": "N", "LogicalResourceId": "Db",
             "ValidationFailureMode": "WARN"},
            ValidationFailure("bad", "/P", "Db", "WARN"),
        ),
        ({"EventType": "VALIDATION_ERROR"}, None),
        ({**ERROR, "EventType": "PROGRESS_EVENT"}, None),
    ],
)  # fmt: skip
def test_what_early_validation_found(row: dict[str, Any], failure: ValidationFailure | None) -> None:
    assert read_failure(row) == failure


def test_early_validation_is_asked_for_its_failures_and_may_be_missing(place: Session) -> None:
    cfn, asked = AwsCloudFormation(place), {"ChangeSetName": "arn:cs", "Filters": {"FailedEvents": True}}
    rows: list[Any] = [{**ERROR, "EventId": "1"}, {"EventType": "STACK_EVENT", "EventId": "2"}]
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("describe_events", {"OperationEvents": rows}, asked)
        assert cfn.validation_failures("arn:cs") == [ValidationFailure("bad")]
        stub.add_client_error("describe_events", "ValidationError")
        assert cfn.validation_failures("arn:cs") == []
        stub.add_client_error("describe_events", "AccessDenied")
        with pytest.raises(AwsError, match="AccessDenied"):
            cfn.validation_failures("arn:cs")


@pytest.mark.parametrize(("body", "text"), [("a: 1", "a: 1"), ({"a": 1}, '{\n  "a": 1\n}')])
def test_the_template_is_the_one_that_was_submitted(place: Session, body: object, text: str) -> None:
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("get_template", {"TemplateBody": "x"}, {"StackName": ARN, "TemplateStage": "Original"})
        client: Any = place.client("cloudformation")
        # Stubber takes only text; boto3 itself reads JSON into objects afterwards.
        client.meta.events.register("after-call.cloudformation.GetTemplate", swapped := _swapping(body))
        assert AwsCloudFormation(place).template(ARN) == text
        client.meta.events.unregister("after-call.cloudformation.GetTemplate", swapped)


def _swapping(body: object) -> Any:
    def swap(parsed: dict[str, Any], **_: object) -> None:
        parsed["TemplateBody"] = body

    return swap


@pytest.mark.parametrize(("answer", "policy"), [({}, ""), ({"StackPolicyBody": "{}"}, "{}")])
def test_the_stack_policy(place: Session, answer: dict[str, str], policy: str) -> None:
    with stubbed(place, "cloudformation") as stub:
        stub.add_response("get_stack_policy", answer, {"StackName": ARN})
        assert AwsCloudFormation(place).stack_policy(ARN) == policy
