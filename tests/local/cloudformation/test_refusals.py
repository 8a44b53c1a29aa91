"""What CloudFormation refuses, refused by the emulator in the same words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Stacks

pytestmark = pytest.mark.slow


def ssm(value: Any = "1", **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}, **more}


def refused(stacks: Stacks, body: dict[str, Any], **more: Any) -> str:
    with pytest.raises(ClientError) as caught:
        stacks.create("refused", body, **more)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    return str(caught.value.response["Error"]["Message"])


def parameter(key: str, value: str) -> list[dict[str, str]]:
    return [{"ParameterKey": key, "ParameterValue": value}]


def test_bad_requests_are_refused_at_once(stacks: Stacks) -> None:
    body = {"Resources": {"A": ssm()}}
    assert refused(stacks, body, Parameters=parameter("QQ", "1")) == "Parameters: [QQ] do not exist in the template"
    needs = {"Parameters": {"R": {"Type": "String"}}, **body}
    assert refused(stacks, needs) == "Parameters: [R] must have values"
    bounded = {"Parameters": {"R": {"Type": "String", "AllowedValues": ["x"]}}, **body}
    said = refused(stacks, bounded, Parameters=parameter("R", "q"))
    assert said == "Parameter 'R' must be one of AllowedValues"
    assert "Unresolved resource dependencies [Nope]" in refused(stacks, {"Resources": {"A": ssm({"Ref": "Nope"})}})
    circle = {"Resources": {"A": ssm(DependsOn="B"), "B": ssm(DependsOn="A")}}
    assert refused(stacks, circle) == "Circular dependency between resources: [A, B]"
    assert not stacks.cloudformation.describe_stacks()["Stacks"]


def test_an_export_in_use_stays(stacks: Stacks) -> None:
    def exporting(value: str, export: bool = True) -> dict[str, Any]:
        outputs = {"O": {"Value": value, "Export": {"Name": "used"}}} if export else {}
        return {"Resources": {"A": ssm(value)}, "Outputs": outputs}

    stacks.create("from", exporting("1"))
    stacks.create("to", {"Resources": {"B": ssm({"Fn::ImportValue": "used"})}})
    stacks.update("from", exporting("2"), "UPDATE_ROLLBACK_COMPLETE")
    assert "Export used cannot be updated as it is in use by to" in stacks.reasons("from")[-1]
    stacks.update("from", exporting("1", export=False) | {"Description": "x"}, "UPDATE_ROLLBACK_COMPLETE")
    assert "Export used cannot be deleted as it is in use by to" in stacks.reasons("from")[-1]
    with pytest.raises(ClientError, match="Export used cannot be deleted as it is in use by to"):
        stacks.cloudformation.delete_stack(StackName="from")
    stacks.create("thief", exporting("9"), "ROLLBACK_COMPLETE")
    assert "already exported by stack from" in stacks.reasons("thief")[0]
    stacks.delete("to")
    stacks.update("from", exporting("3", export=False))
    assert not stacks.cloudformation.list_exports()["Exports"]
    stacks.create("late", {"Resources": {"B": ssm({"Fn::ImportValue": "used"})}}, "ROLLBACK_COMPLETE")
    assert stacks.reasons("late")[0] == "B: No export named used found."


def test_a_failed_create_says_what_failed_and_can_not_be_updated(stacks: Stacks) -> None:
    body = {"Resources": {"A": ssm(), "B": ssm({"Fn::ImportValue": "none"}, DependsOn="A")}}
    stacks.create("bad", body, "ROLLBACK_COMPLETE")
    events = stacks.cloudformation.describe_stack_events(StackName="bad")["StackEvents"]
    (began,) = [event for event in events if event["ResourceStatus"] == "ROLLBACK_IN_PROGRESS"]
    assert began["ResourceStatusReason"] == (
        "The following resource(s) failed to create: [B]. Rollback requested by user."
    )
    with pytest.raises(ClientError, match=r"Stack:arn:aws:\S+ is in ROLLBACK_COMPLETE state and can not be updated\."):
        stacks.update("bad", body)


def test_a_stack_policy_is_enforced(stacks: Stacks) -> None:
    deny = {"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "LogicalResourceId/A"}
    allow = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
    policy = json.dumps({"Statement": [allow, deny]})
    stacks.create("kept", {"Resources": {"A": ssm("1"), "B": ssm("1")}}, StackPolicyBody=policy)
    stacks.update("kept", {"Resources": {"A": ssm("1"), "B": ssm("2")}})
    stacks.update("kept", {"Resources": {"A": ssm("2"), "B": ssm("2")}}, "UPDATE_ROLLBACK_COMPLETE")
    assert (
        "A: Action denied by stack policy: Statement [#2] does not allow [Update:Modify]" in stacks.reasons("kept")[0]
    )


def test_a_change_set_shows_values_but_no_secret(stacks: Stacks) -> None:
    def body(description: str) -> dict[str, Any]:
        resource = ssm({"Ref": "Secret"})
        resource["Properties"]["Description"] = description
        return {"Parameters": {"Secret": {"Type": "String", "NoEcho": True}}, "Resources": {"A": resource}}

    stacks.create("values", body("old"), Parameters=parameter("Secret", "hush-1"))
    stacks.cloudformation.create_change_set(
        StackName="values", ChangeSetName="c", TemplateBody=json.dumps(body("new")),
        Parameters=parameter("Secret", "hush-2"),
    )  # fmt: skip
    asked = {"StackName": "values", "ChangeSetName": "c"}
    answer = stacks.cloudformation.describe_change_set(**asked, IncludePropertyValues=True)
    change = answer["Changes"][0]["ResourceChange"]
    targets = {row["Target"]["Name"]: row["Target"] for row in change["Details"]}
    assert (targets["Description"]["BeforeValue"], targets["Description"]["AfterValue"]) == ("old", "new")
    assert targets["Description"]["Path"] == "/Properties/Description"
    assert json.loads(change["AfterContext"])["Properties"]["Description"] == "new"
    assert "hush" not in str(answer)
    plain = stacks.cloudformation.describe_change_set(**asked)["Changes"][0]["ResourceChange"]
    assert "BeforeContext" not in plain


def test_outputs_alone_are_a_change(stacks: Stacks) -> None:
    body: dict[str, Any] = {"Resources": {"A": ssm()}}
    stacks.create("outputs", body)
    given = {"StackName": "outputs", "ChangeSetName": "changed"}
    changed_body = {**body, "Outputs": {"Name": {"Value": {"Ref": "A"}}}}
    stacks.cloudformation.create_change_set(TemplateBody=json.dumps(changed_body), **given)
    assert stacks.cloudformation.describe_change_set(**given)["ExecutionStatus"] == "AVAILABLE"
    stacks.cloudformation.execute_change_set(**given)
    found = stacks.settled("outputs")
    assert (found["StackStatus"], [row["OutputKey"] for row in found["Outputs"]]) == ("UPDATE_COMPLETE", ["Name"])
    given["ChangeSetName"] = "again"
    stacks.cloudformation.create_change_set(TemplateBody=json.dumps(changed_body), **given)
    again = stacks.cloudformation.describe_change_set(**given)
    assert (again["Status"], "didn't contain changes" in again["StatusReason"]) == ("FAILED", True)
    stacks.delete("outputs")


@pytest.mark.parametrize("by_change_set", [False, True])
def test_a_stack_left_as_it_failed_is_mended_by_an_update(stacks: Stacks, by_change_set: bool) -> None:
    bad = {"Resources": {"A": ssm(), "B": ssm({"Fn::ImportValue": "none"}, DependsOn="A")}}
    good = {"Resources": {"A": ssm(), "B": ssm("2", DependsOn="A")}}
    stacks.create("mend", bad, "CREATE_FAILED", DisableRollback=True)
    before = stacks.cloudformation.describe_stack_resource(StackName="mend", LogicalResourceId="A")
    if by_change_set:
        given = {"StackName": "mend", "ChangeSetName": "fix"}
        stacks.cloudformation.create_change_set(TemplateBody=json.dumps(good), **given)
        stacks.cloudformation.execute_change_set(**given)
        assert stacks.settled("mend")["StackStatus"] == "UPDATE_COMPLETE", stacks.reasons("mend")
    else:
        stacks.update("mend", good)
    after = stacks.cloudformation.describe_stack_resource(StackName="mend", LogicalResourceId="A")
    kept = "PhysicalResourceId"
    assert before["StackResourceDetail"][kept] == after["StackResourceDetail"][kept]
    stacks.delete("mend")


def test_a_property_that_keeps_its_value_is_no_change(stacks: Stacks) -> None:
    major = {"Fn::Select": [0, {"Fn::Split": [".", {"Ref": "Version"}]}]}
    group = {
        "Type": "AWS::RDS::DBClusterParameterGroup",
        "Properties": {
            "Description": "d", "Parameters": {}, "Family": {"Fn::Sub": ["aurora-postgresql${M}", {"M": major}]},
        },
    }  # fmt: skip
    used = ssm({"Fn::Sub": "${G} ${Version}"})
    body = {"Parameters": {"Version": {"Type": "String"}}, "Resources": {"G": group, "P": used}}
    stacks.create("minor", body, Parameters=parameter("Version", "17.4"))

    def changes(version: str) -> dict[str, tuple[str, set[str]]]:
        given = {"StackName": "minor", "ChangeSetName": f"to-{version.replace('.', '-')}"}
        stacks.cloudformation.create_change_set(
            TemplateBody=json.dumps(body), Parameters=parameter("Version", version), **given
        )
        rows = [row["ResourceChange"] for row in stacks.cloudformation.describe_change_set(**given)["Changes"]]
        return {
            row["LogicalResourceId"]: (row["Replacement"], {one.get("CausingEntity", "") for one in row["Details"]})
            for row in rows
        }

    assert changes("17.7") == {"P": ("False", {"", "Version"})}
    # The other major version replaces the group, and what refers to it follows.
    assert changes("16.8") == {"G": ("True", {"", "Version"}), "P": ("False", {"", "Version", "G"})}
    stacks.delete("minor")
