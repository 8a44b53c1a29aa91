"""What is shown of a stack, what an update leaves alone, and change sets that are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local.rds.pauses import with_pause
from tests.local.conftest import Stacks

TOPIC = "arn:aws:sns:eu-west-1:000000000000:"


def value(content: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": content}}


@pytest.mark.slow
def test_a_parameter_of_the_parameter_store_is_shown_by_its_name(stacks: Stacks) -> None:
    stacks.client("ssm").put_parameter(Name="/shown/a", Value="resolved", Type="String")
    kind = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shown/a"}
    body = {
        "Parameters": {"P": kind, "Hidden": kind | {"NoEcho": True}, "V": {"Type": "String", "Default": "1"}},
        "Resources": {"A": value({"Ref": "P"}), "B": value({"Ref": "V"})},
    }
    stacks.create("shown-values", body)
    rows = stacks.cloudformation.describe_stacks(StackName="shown-values")["Stacks"][0]["Parameters"]
    assert {row["ParameterKey"]: (row["ParameterValue"], row.get("ResolvedValue")) for row in rows} == {
        "P": ("/shown/a", "resolved"),
        "Hidden": ("****", "****"),
        "V": ("1", None),
    }
    made = {"StackName": "shown-values", "ChangeSetName": "more"}
    given = [{"ParameterKey": "V", "ParameterValue": "2"}]
    stacks.cloudformation.create_change_set(**made, TemplateBody=json.dumps(body), Parameters=given)
    rows = stacks.cloudformation.describe_change_set(**made)["Parameters"]
    assert {"ParameterKey": "P", "ParameterValue": "/shown/a", "ResolvedValue": "resolved"} in rows
    stacks.delete("shown-values")


@pytest.mark.slow
def test_topics_are_kept_and_replaced(stacks: Stacks) -> None:
    def topics() -> list[str]:
        found: list[str] = stacks.cloudformation.describe_stacks(StackName="topics")["Stacks"][0]["NotificationARNs"]
        return found

    stacks.create("topics", {"Resources": {"A": value("1")}})
    assert topics() == []
    stacks.update("topics", {"Resources": {"A": value("2")}}, NotificationARNs=[TOPIC + "a", TOPIC + "b"])
    assert topics() == [TOPIC + "a", TOPIC + "b"]
    stacks.update("topics", {"Resources": {"A": value("3")}})
    assert topics() == [TOPIC + "a", TOPIC + "b"]
    made = {"StackName": "topics", "ChangeSetName": "c"}
    body = json.dumps({"Resources": {"A": value("4")}})
    stacks.cloudformation.create_change_set(**made, TemplateBody=body, NotificationARNs=[TOPIC + "c"])
    assert stacks.cloudformation.describe_change_set(**made)["NotificationARNs"] == [TOPIC + "c"]
    stacks.cloudformation.execute_change_set(**made)
    assert stacks.settled("topics")["NotificationARNs"] == [TOPIC + "c"]
    stacks.delete("topics")


@pytest.mark.slow
def test_an_update_leaves_alone_what_it_does_not_change(stacks: Stacks) -> None:
    def body(second: str) -> dict[str, Any]:
        third = value({"Fn::GetAtt": "B.Value"})
        return {"Resources": {"A": value("1"), "B": value(second), "C": third, "D": value("4")}}

    stacks.create("left", body("2"))
    stacks.update("left", body("3"))
    rows = stacks.cloudformation.list_stack_resources(StackName="left")["StackResourceSummaries"]
    assert {row["LogicalResourceId"]: row["ResourceStatus"] for row in rows} == {
        "A": "CREATE_COMPLETE", "B": "UPDATE_COMPLETE", "C": "UPDATE_COMPLETE", "D": "CREATE_COMPLETE",
    }  # fmt: skip
    events = stacks.cloudformation.describe_stack_events(StackName="left")["StackEvents"]
    updated = [row["LogicalResourceId"] for row in events if row["ResourceStatus"] == "UPDATE_IN_PROGRESS"]
    assert sorted(updated) == ["B", "C", "left"]
    bad = body("5")
    bad["Resources"]["D"]["Properties"]["Type"] = "Nothing"
    bad["Resources"]["D"]["DependsOn"] = "B"
    stacks.update("left", bad, "UPDATE_ROLLBACK_COMPLETE")
    rows = stacks.cloudformation.list_stack_resources(StackName="left")["StackResourceSummaries"]
    assert {row["LogicalResourceId"]: row["ResourceStatus"] for row in rows}["A"] == "CREATE_COMPLETE"
    assert stacks.client("ssm").get_parameter(Name=rows[1]["PhysicalResourceId"])["Parameter"]["Value"] == "3"
    stacks.delete("left")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "words"),
    [("UPDATE", "is in ROLLBACK_COMPLETE state and can not be updated"), ("CREATE", "already exists and cannot be")],
)
def test_a_stack_that_was_rolled_back_takes_no_change_set(stacks: Stacks, kind: str, words: str) -> None:
    bad = {"Resources": {"A": value("1") | {"Properties": {"Type": "Nothing", "Value": "1"}}}}
    stacks.create("rolled", bad, "ROLLBACK_COMPLETE")
    body = json.dumps({"Resources": {"A": value("1")}})
    with pytest.raises(ClientError, match=words):
        stacks.cloudformation.create_change_set(
            StackName="rolled", ChangeSetName="again", ChangeSetType=kind, TemplateBody=body
        )  # fmt: skip
    assert stacks.settled("rolled")["StackStatus"] == "ROLLBACK_COMPLETE"
    stacks.delete("rolled")


@pytest.mark.parametrize(
    ("found", "seconds", "expected"),
    [
        (None, "600", None),
        ({"MinCapacity": 0.0, "MaxCapacity": 2.0}, "600", 600),
        ({"MinCapacity": 0.0, "MaxCapacity": 2.0}, "", 300),
        ({"MinCapacity": 0.5, "MaxCapacity": 2.0}, "", None),
    ],
)
def test_the_seconds_until_a_pause_are_kept(found: dict[str, float] | None, seconds: str, expected: int | None) -> None:
    assert (with_pause(found, seconds) or {}).get("SecondsUntilAutoPause") == expected


@pytest.mark.slow
def test_the_service_role_is_kept_and_replaced(stacks: Stacks) -> None:
    def role() -> str | None:
        found: str | None = stacks.cloudformation.describe_stacks(StackName="roles")["Stacks"][0].get("RoleARN")
        return found

    first, second = (f"arn:aws:iam::000000000000:role/{name}" for name in ("first", "second"))
    stacks.create("roles", {"Resources": {"A": value("1")}})
    assert role() is None
    stacks.update("roles", {"Resources": {"A": value("2")}}, RoleARN=first)
    stacks.update("roles", {"Resources": {"A": value("3")}})
    assert role() == first
    made = {"StackName": "roles", "ChangeSetName": "c"}
    body = json.dumps({"Resources": {"A": value("4")}})
    stacks.cloudformation.create_change_set(**made, TemplateBody=body, RoleARN=second)
    assert role() == first
    stacks.cloudformation.execute_change_set(**made)
    assert stacks.settled("roles")["StackStatus"] == "UPDATE_COMPLETE"
    assert role() == second
    stacks.delete("roles")
