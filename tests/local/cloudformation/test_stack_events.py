"""What is recorded of an operation: events, statuses of resources, reasons; and operations that meet each other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local.cloudformation.refusals import state_refusal
from aurora_cfn.local.cloudformation.stack_events import plain_reason
from aurora_cfn.local.cloudformation.template_format import format_refusal
from tests.local.conftest import Stacks
from tests.waiting import until


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("Export 'x' not found", "No export named x found."),
        ("no capacity", "no capacity"),
        ("""AWS::SSM::Parameter create failed: b'{"__type": "a#Exists", "message": "it is there"}'""",
         'Resource handler returned message: "it is there" (HandlerErrorCode: Exists)'),
        ("""AWS::Lambda::Function code update failed: b"<Error><Code>C</Code><Message>it's bad</Message></Error>\"""",
         'Resource handler returned message: "it\'s bad" (HandlerErrorCode: C)'),
        ("AWS::SSM::Parameter create failed: b'no answer'", "AWS::SSM::Parameter create failed: b'no answer'"),
    ],
)  # fmt: skip
def test_reasons(reason: str, said: str) -> None:
    assert plain_reason(reason) == said


FINE: dict[str, Any] = {"Resources": {"A": {"Type": "T", "DeletionPolicy": "Retain"}}}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, None),
        ({"AWSTemplateFormatVersion": "2010-09-09", "Parameters": {"P": {"Type": "List<AWS::EC2::Subnet::Id>"}}}, None),
        ({"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<List<String>>"}}}, None),
        ({"Foo": 1}, "Invalid template property or properties [Foo]"),
        ({"AWSTemplateFormatVersion": "2011-01-01"}, "unsupported value for AWSTemplateFormatVersion"),
        ({"Parameters": {"P": {"Type": "Text"}}}, "Unrecognized parameter type: Text"),
        ({"Parameters": {"P": {}}}, "Every Parameters object must contain a Type member"),
        ({"Resources": {"A-1": {"Type": "T"}}}, "Resource name A-1 is non alphanumeric"),
        ({"Resources": {"A": {}}}, "[/Resources/A] Every Resources object must contain a Type member"),
        ({"Resources": {"A": {"Type": "T", "Prop": {}}}}, "Invalid template resource property 'Prop'"),
        ({"Outputs": {"O": {}}}, "[/Outputs/O] Every Outputs member must contain a Value object"),
        ({"Foo": 1, "Transform": "AWS::LanguageExtensions"}, None),
        ({"Resources": {"Fn::ForEach::X": ["N", ["A"], {}]}}, None),
    ],
)  # fmt: skip
def test_the_form_of_a_template(more: dict[str, Any], said: str | None) -> None:
    found = format_refusal(FINE | more)
    assert found is None if said is None else said in str(found)


@pytest.mark.parametrize(
    ("status", "creates", "first", "said"),
    [
        ("CREATE_COMPLETE", False, False, None),
        ("UPDATE_IN_PROGRESS", False, False, "Stack:arn is in UPDATE_IN_PROGRESS state and can not be updated."),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False, False, "is in UPDATE_COMPLETE_CLEANUP_IN_PROGRESS state"),
        ("REVIEW_IN_PROGRESS", False, False, "is in REVIEW_IN_PROGRESS state and can not be updated."),
        ("REVIEW_IN_PROGRESS", True, True, None),
        ("ROLLBACK_COMPLETE", False, False, "is in ROLLBACK_COMPLETE state and can not be updated."),
        ("ROLLBACK_COMPLETE", True, True, "Stack [s] already exists and cannot be created again with the changeSet"),
    ],
)
def test_states_that_change_sets_do_not_fit(status: str, creates: bool, first: bool, said: str | None) -> None:
    stack = {"StackName": "s", "StackId": "arn", "StackStatus": status}
    found = state_refusal(stack, "c", creates=creates, first=first)
    assert found is None if said is None else said in str(found)


def value(content: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": content}, **more}


def body(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


@pytest.mark.slow
def test_an_update_creates_updates_and_deletes(stacks: Stacks) -> None:
    stacks.create("changed", body(A=value("1"), B=value("1")))
    stacks.update("changed", body(A=value("2"), C=value("1")))
    rows = stacks.cloudformation.describe_stack_events(StackName="changed")["StackEvents"]
    found = [(row["LogicalResourceId"], row["ResourceStatus"]) for row in reversed(rows)]
    assert found[found.index(("changed", "UPDATE_IN_PROGRESS")) + 1 :] == [
        ("A", "UPDATE_IN_PROGRESS"), ("A", "UPDATE_COMPLETE"), ("C", "CREATE_IN_PROGRESS"), ("C", "CREATE_COMPLETE"),
        ("changed", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"), ("B", "DELETE_IN_PROGRESS"), ("B", "DELETE_COMPLETE"),
        ("changed", "UPDATE_COMPLETE"),
    ]  # fmt: skip
    left = stacks.cloudformation.list_stack_resources(StackName="changed")["StackResourceSummaries"]
    assert {row["LogicalResourceId"]: row["ResourceStatus"] for row in left} == {
        "A": "UPDATE_COMPLETE", "C": "CREATE_COMPLETE",
    }  # fmt: skip
    bad = body(A=value("3"), C=value("1"), X=value({"Fn::ImportValue": "none"}, DependsOn="A"))
    stacks.update("changed", bad, "UPDATE_FAILED", DisableRollback=True)
    rows = stacks.cloudformation.describe_stack_events(StackName="changed")["StackEvents"]
    assert [(row["ResourceStatus"], row["ResourceStatusReason"]) for row in rows[:2]] == [
        ("UPDATE_FAILED", "The following resource(s) failed to create: [X]. "),
        ("CREATE_FAILED", "No export named none found."),
    ]


@pytest.mark.slow
def test_what_is_shown_of_a_stack(stacks: Stacks) -> None:
    cloudformation = stacks.cloudformation
    asked = {"StackName": "plain", "TemplateBody": json.dumps(body(A=value("1")))}
    made = cloudformation.create_stack(**asked, ClientRequestToken="one", TimeoutInMinutes=5)
    stacks.settled("plain")
    assert cloudformation.create_stack(**asked, ClientRequestToken="one")["StackId"] == made["StackId"]
    with pytest.raises(ClientError, match="already exists"):
        cloudformation.create_stack(**asked, ClientRequestToken="two")
    shown = cloudformation.describe_stacks(StackName="plain")["Stacks"][0]
    assert shown["TimeoutInMinutes"] == 5
    assert not {"LastUpdatedTime", "StackStatusReason", "Description"} & set(shown)
    (resource,) = cloudformation.describe_stack_resources(StackName="plain")["StackResources"]
    physical = resource["PhysicalResourceId"]
    (found,) = cloudformation.describe_stack_resources(PhysicalResourceId=physical)["StackResources"]
    assert found["StackName"] == "plain"
    for words, asking in (
        ("Stack for nothing does not exist", {"PhysicalResourceId": "nothing"}),
        ("Stack with id nothing does not exist", {"StackName": "nothing"}),
    ):
        with pytest.raises(ClientError, match=words):
            cloudformation.describe_stack_resources(**asking)
    with pytest.raises(ClientError, match="Stack 'nothing' does not exist"):
        cloudformation.describe_stack_resource(StackName="nothing", LogicalResourceId="A")
    with pytest.raises(ClientError, match="failed to satisfy constraint"):
        cloudformation.create_change_set(StackName="plain", ChangeSetName="1", TemplateBody=asked["TemplateBody"])
    stacks.delete("plain")
    gone = [row for row in cloudformation.list_stacks()["StackSummaries"] if row["StackName"] == "plain"]
    assert gone[0]["DeletionTime"] >= gone[0]["CreationTime"]


@pytest.mark.slow
def test_a_policy_for_one_update(stacks: Stacks) -> None:
    def policy(effect: str) -> str:
        return json.dumps({"Statement": [{"Effect": effect, "Action": "Update:*", "Principal": "*", "Resource": "*"}]})

    stacks.create("kept", body(A=value("1")), StackPolicyBody=policy("Deny"))
    stacks.update("kept", body(A=value("2")), "UPDATE_ROLLBACK_COMPLETE")
    stacks.update("kept", body(A=value("2")), StackPolicyDuringUpdateBody=policy("Allow"))
    stacks.update("kept", body(A=value("3")), "UPDATE_ROLLBACK_COMPLETE")


@pytest.mark.slow
def test_what_is_said_of_the_parameters_of_a_template(stacks: Stacks) -> None:
    declared = {"A": {"Type": "String", "AllowedValues": ["x", 1]}, "B": {"Type": "String", "Default": ""}}
    template = json.dumps({"Parameters": declared, **body(R=value("1"))})
    rows = stacks.cloudformation.validate_template(TemplateBody=template)["Parameters"]
    assert [row.get("DefaultValue") for row in rows] == [None, ""]
    rows = stacks.cloudformation.get_template_summary(TemplateBody=template)["Parameters"]
    assert rows[0]["ParameterConstraints"]["AllowedValues"] == ["x", "1"]


def waiting(seconds: int) -> dict[str, dict[str, Any]]:
    """A resource whose creation takes that long, and then fails."""
    handle = {"Type": "AWS::CloudFormation::WaitConditionHandle"}
    properties = {"Handle": {"Ref": "H"}, "Timeout": str(seconds)}
    return {"H": handle, "W": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": properties}}


@pytest.mark.slow
def test_nothing_else_happens_to_a_stack_that_is_updated(stacks: Stacks) -> None:
    stacks.create("busy", body(A=value("1")))
    stacks.cloudformation.update_stack(StackName="busy", TemplateBody=json.dumps(body(A=value("1"), **waiting(1))))
    change_set = {"ChangeSetName": "c", "TemplateBody": json.dumps(body(A=value("2")))}
    for call, more, words in (
        ("create_change_set", change_set, "is in UPDATE_IN_PROGRESS state and can not be updated"),
        ("delete_stack", {}, "cannot be deleted while in status UPDATE_IN_PROGRESS"),
    ):
        with pytest.raises(ClientError, match=words):
            getattr(stacks.cloudformation, call)(StackName="busy", **more)


@pytest.mark.slow
def test_a_stack_that_is_deleted_while_it_is_created_stays_deleted(stacks: Stacks) -> None:
    made = stacks.cloudformation.create_stack(StackName="early", TemplateBody=json.dumps(body(**waiting(1))))
    stacks.cloudformation.delete_stack(StackName="early")

    def events() -> list[str]:
        rows = stacks.cloudformation.describe_stack_events(StackName=made["StackId"])["StackEvents"]
        return [f"{row['LogicalResourceId']} {row['ResourceStatus']}" for row in rows]

    assert until(lambda: events()[0] == "early DELETE_COMPLETE")
    # The creation would have failed by now, and rolled the stack back.
    stacks.create("later", body(**waiting(1)), "ROLLBACK_COMPLETE")
    assert events()[0] == "early DELETE_COMPLETE"


@pytest.mark.slow
def test_stack_sets_are_listed(stacks: Stacks) -> None:
    stacks.cloudformation.create_stack_set(StackSetName="listed", TemplateBody=json.dumps(body(A=value("1"))))
    (row,) = stacks.cloudformation.list_stack_sets()["Summaries"]
    assert (row["StackSetName"], row["Status"]) == ("listed", "ACTIVE")
    assert not stacks.cloudformation.list_stack_sets(Status="DELETED")["Summaries"]


@pytest.mark.slow
def test_errors_of_the_emulator_can_be_read(stacks: Stacks) -> None:
    with pytest.raises(ClientError, match="not emulated: redshift DescribeClusters"):
        stacks.client("redshift").describe_clusters()
    with pytest.raises(ClientError, match="Missing"):
        stacks.client("sts").assume_role_with_web_identity(
            RoleArn="arn:aws:iam::000000000000:role/x", RoleSessionName="session", WebIdentityToken="token"
        )


@pytest.mark.slow
def test_a_rest_api_is_imported_and_replaced(stacks: Stacks) -> None:
    def document(path: str) -> bytes:
        paths = {path: {"get": {"x-amazon-apigateway-integration": {"type": "mock"}}}}
        return json.dumps({"swagger": "2.0", "info": {"title": "imported"}, "paths": paths}).encode()

    apis = stacks.client("apigateway")
    made = apis.import_rest_api(body=document("/one"), parameters={"endpointConfigurationTypes": "REGIONAL"})
    assert made["name"] == "imported"
    apis.put_rest_api(restApiId=made["id"], mode="overwrite", body=document("/two"))
    assert sorted(row["path"] for row in apis.get_resources(restApiId=made["id"])["items"]) == ["/", "/two"]
