from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.cloudformation import change_sets, operations, requests


@pytest.mark.parametrize(
    ("declared", "provided", "said"),
    [
        ({"A": {}}, [{"Key": "A", "Value": "1"}], None),
        ({"A": {"Default": "1"}}, [], None),
        ({"A": {}}, [], "Parameters: [A] must have values"),
        ({"A": {}}, [{"Key": "A", "UsePreviousValue": "true"}], "Parameters: [A] must have values"),
        ({"A": {"Default": ""}}, [{"Key": "QQ", "Value": ""}, {"Key": "B", "Value": ""}],
         "Parameters: [B, QQ] do not exist in the template"),
    ],
)  # fmt: skip
def test_parameters(declared: dict[str, Any], provided: list[dict[str, Any]], said: str | None) -> None:
    assert requests.parameter_refusal(declared, provided, {}) == said


COLOURS = {"AllowedValues": ["red", "blue", 1]}


@pytest.mark.parametrize(
    ("row", "value", "said"),
    [
        ({"Type": "CommaDelimitedList", **COLOURS}, "red,blue", None),
        ({"Type": "CommaDelimitedList", **COLOURS}, "blue, red ,1", None),
        ({"Type": "CommaDelimitedList", **COLOURS}, "red,green", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "CommaDelimitedList", **COLOURS, "ConstraintDescription": "colours only"}, "x",
         "Parameter 'P' colours only"),
        ({"Type": "List<Number>", "AllowedValues": [1, 2]}, "1,2", None),
        ({"Type": "List<Number>", "AllowedValues": [1, 2]}, "1,3", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "List<AWS::EC2::Subnet::Id>", "AllowedPattern": "subnet-.+"}, "subnet-1,subnet-2", None),
        ({"Type": "List<AWS::EC2::Subnet::Id>", "AllowedPattern": "subnet-.+"}, "subnet-1,vpc-2",
         "Parameter 'P' must match pattern subnet-.+"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>", **COLOURS}, "red,1", None),
        ({"Type": "String", **COLOURS}, "red,blue", None),
    ],
)  # fmt: skip
def test_each_item_of_a_list_meets_the_constraints(row: dict[str, Any], value: str, said: str | None) -> None:
    assert requests.list_refusal({"P": row}, {"P": {"Value": value}}) == said


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"X": {"Ref": "R"}}, None),
        ({"X": {"Ref": "AWS::Region"}}, None),
        ({"X": {"Fn::Sub": "${P} ${R.Arn} ${AWS::Region} ${!Nope}"}}, None),
        ({"X": {"Fn::Sub": ["${Own}", {"Own": {"Ref": "P"}}]}}, None),
        ({"X": {"Ref": "Nope"}}, "Unresolved resource dependencies [Nope] in the Resources block of the template"),
        ({"X": [{"Fn::Join": ["", [{"Ref": "Nope"}]]}]}, "Unresolved resource dependencies [Nope]"),
        ({"X": {"Fn::Sub": "${Nope}"}}, "Unresolved resource dependencies [Nope]"),
        ({"X": {"Fn::GetAtt": ["Nope", "Arn"]}}, "instance of Fn::GetAtt references undefined resource Nope"),
        ({"X": {"Fn::GetAtt": "Nope.Arn"}}, "instance of Fn::GetAtt references undefined resource Nope"),
        ({"X": {"Fn::Sub": "${P.Arn}"}}, "instance of Fn::GetAtt references undefined resource P"),
    ],
)
def test_references(properties: dict[str, Any], said: str | None) -> None:
    template = {
        "Parameters": {"P": {}},
        "Resources": {"R": {"Type": "T"}, "S": {"Type": "T", "Properties": properties}},
    }
    found = requests.reference_refusal(template)
    assert (found is None) if said is None else (said in str(found))


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, None),
        ({"Transform": "AWS::LanguageExtensions"}, None),
        ({"Transform": ["AWS::SecretsManager-2024-09-16", {"Name": "AWS::Include", "Parameters": {}}]}, None),
        ({"Transform": ["AWS::LanguageExtensions", "Own"]}, "Own"),
        ({"Transform": {"Name": "Own"}}, "Own"),
        ({"Resources": {"A": {"Properties": {"X": [{"Fn::Transform": {"Name": "Own"}}]}}}}, "Own"),
        ({"Resources": {"A": {"Properties": {"Fn::Transform": {"Name": "AWS::Include"}}}}}, None),
    ],
)
def test_macros_are_refused(more: dict[str, Any], name: str | None) -> None:
    found = requests.macro_refusal(more)
    assert found is None if name is None else f"::{name} found." in str(found)


def test_a_circle_is_named() -> None:
    resources = {
        "A": {"Properties": {"X": {"Ref": "B"}}},
        "B": {"DependsOn": "A"},
        "C": {"DependsOn": ["A"]},
        "D": {},
    }
    assert requests.circular_dependency({"Resources": resources}) == "Circular dependency between resources: [A, B, C]"
    assert requests.circular_dependency({"Resources": {"A": {"DependsOn": "B"}, "B": {}}}) is None


ALLOW = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "action", "denied"),
    [
        ([ALLOW], "Update:Modify", False),
        ([], "Update:Modify", True),
        ([ALLOW, {"Effect": "Deny", "Action": "Update:*", "Resource": "LogicalResourceId/DB"}], "Update:Modify", True),
        ([ALLOW, {"Effect": "Deny", "Action": "Update:*", "Resource": "LogicalResourceId/X*"}], "Update:Modify", False),
        ([ALLOW, {"Effect": "Deny", "Action": ["Update:Replace"], "Resource": "*"}], "Update:Modify", False),
        ([ALLOW, {"Effect": "Deny", "NotAction": "Update:Modify", "Resource": "*"}], "Update:Replace", True),
        ([ALLOW, {"Effect": "Deny", "Action": "Update:*", "Resource": "*",
                  "Condition": {"StringEquals": {"ResourceType": ["AWS::RDS::DBCluster"]}}}], "Update:Modify", True),
        ([ALLOW, {"Effect": "Deny", "Action": "Update:*", "Resource": "*",
                  "Condition": {"StringLike": {"ResourceType": "AWS::EC2::*"}}}], "Update:Modify", False),
    ],
)  # fmt: skip
def test_stack_policies(statements: list[dict[str, Any]], action: str, denied: bool) -> None:
    said = operations.policy_denial({"Statement": statements}, action, "DB", "AWS::RDS::DBCluster")
    assert (said is not None) is denied
    assert said is None or "Action denied by stack policy" in said


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("AWS::DSQL::Cluster", "DeletionProtectionEnabled", "Never"),
        ("AWS::Logs::LogGroup", "LogGroupName", "Always"),
        ("AWS::Logs::LogGroup", "RetentionInDays", "Never"),
        ("AWS::RDS::DBCluster", "Port", "theirs"),
        ("Custom::Thing", "Name", "theirs"),
    ],
)
def test_what_ministack_does_not_know_replaces_by_its_schema(kind: str, name: str, said: str) -> None:
    assert change_sets._by_schema(lambda kind, name: "theirs", kind, name) == said
