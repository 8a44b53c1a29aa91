"""What changes inside of nested stacks whose templates can be read, and what stays unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from aurora_cfn.model.change import Change, Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.review.not_judged import blind_spots
from aurora_cfn.template.side import NestedAddress, NestedTemplate
from tests.review.sides import of, read

NESTED = "AWS::CloudFormation::Stack"
DB = """Parameters: {Name: {Type: String, Default: shop}}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    Properties: {Engine: postgres, DBName: !Ref Name, AllocatedStorage: '20'}
"""
KEPT = DB.replace("Delete\n", "Snapshot\n    UpdateReplacePolicy: Snapshot\n")
TOPIC = "Parameters: {Name: {Type: String, Default: a}}\nResources:\n  T: {Type: AWS::SNS::Topic}"
NAMED = "Resources:\n  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders, BillingMode: PAY_PER_REQUEST}}"


@dataclass(frozen=True)
class Files:
    """Templates by the text of their address; one that begins with https is no local file."""

    texts: Mapping[str, str]

    def template(self, parent: str, address: NestedAddress) -> NestedTemplate | None:
        path = str(address.location)
        if path not in self.texts:
            return None
        return NestedTemplate(read(self.texts[path], path, nested=self), local="://" not in path)

    def identity(self, address: NestedAddress) -> str:
        return "the same" if "submodule" in str(address.location) else ""


def stack(address: str, name: str = "Data", parameters: str = "", more: str = "") -> str:
    given = f", Parameters: {{{parameters}}}" if parameters else ""
    return f"  {name}: {{Type: {NESTED}{more}, Properties: {{TemplateURL: '{address}'{given}}}}}\n"


def compared(before: str, after: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    start = "Resources:\n  Zone: {Type: AWS::SNS::Topic}\n"
    left, right = read(start + before, nested=Files(old)), read(start + after, nested=Files(new))
    return list(changes(left, right))


def rows(found: list[Change]) -> dict[str, str]:
    """Logical id to `verdict`, with `!` where the guard asks."""
    return {one.logical_id: one.outcome.word + "!" * one.guarded for one in found if one.section == "Resources"}


A = stack("a.yaml")


@pytest.mark.parametrize(
    ("before", "after", "old", "new", "expected"),
    [
        # The file alone changed, under the same address.
        (A, A, {"a.yaml": DB}, {"a.yaml": DB.replace("shop", "orders")},
         {"Data": "in-place", "Data/Db": "data-loss!"}),
        (A, A, {"a.yaml": KEPT}, {"a.yaml": KEPT.replace("shop", "orders")},
         {"Data": "in-place", "Data/Db": "replace!"}),
        (A, A, {"a.yaml": DB}, {"a.yaml": f"# only a comment\n{DB}"}, {}),
        (A, A, {"a.yaml": DB}, {"a.yaml": f"{DB}  T: {{Type: AWS::SNS::Topic}}"},
         {"Data": "in-place", "Data/T": "in-place"}),
        (A, A, {"a.yaml": DB}, {"a.yaml": TOPIC}, {"Data": "in-place", "Data/Db": "data-loss!", "Data/T": "in-place"}),
        # Another value of a parameter, which the nested template uses, or does not.
        (A, stack("a.yaml", parameters="Name: orders"), {"a.yaml": DB}, {"a.yaml": DB},
         {"Data": "in-place", "Data/Db": "data-loss!"}),
        (A, stack("a.yaml", parameters="Name: shop"), {"a.yaml": DB}, {"a.yaml": DB}, {"Data": "metadata"}),
        (A, stack("a.yaml", parameters="Name: b"), {"a.yaml": TOPIC}, {"a.yaml": TOPIC}, {"Data": "metadata"}),
        # Another file is compared by its content.
        (A, stack("b.yaml"), {"a.yaml": DB}, {"b.yaml": DB}, {"Data": "metadata"}),
        (A, stack("b.yaml"), {"a.yaml": DB}, {"b.yaml": DB.replace("'20'", "'30'")},
         {"Data": "in-place", "Data/Db": "in-place"}),
        # It comes, goes, or gets another name.
        ("", A, {}, {"a.yaml": DB}, {"Data": "in-place"}),
        (A, stack("b.yaml", "Other"), {"a.yaml": DB}, {"b.yaml": TOPIC},
         {"Data": "replace", "Data/Db": "data-loss!", "Other": "in-place"}),
        (A, "", {"a.yaml": DB}, {}, {"Data": "replace", "Data/Db": "data-loss!"}),
        (A, "", {"a.yaml": KEPT}, {}, {"Data": "replace", "Data/Db": "replace!"}),
        (A, "", {"a.yaml": TOPIC}, {}, {"Data": "replace"}),
        (stack("a.yaml", more=", DeletionPolicy: Retain"), "", {"a.yaml": DB}, {}, {"Data": "replace!"}),
        (A, stack("a.yaml", "Other"), {"a.yaml": DB}, {"a.yaml": DB},
         {"Other": "replace", "Other/Db": "data-loss!"}),
        (A, stack("a.yaml", "Other"), {"a.yaml": TOPIC}, {"a.yaml": TOPIC}, {"Other": "replace"}),
        # Another type under the same logical id, which CloudFormation refuses.
        (A, A.replace("CloudFormation::Stack", "SNS::Topic"), {"a.yaml": DB}, {}, {"Data": "data-loss!"}),
        ("  Data: {Type: AWS::SNS::Topic}\n", A, {}, {"a.yaml": DB}, {"Data": "fails"}),
        # Nested deeper, and a template that nests itself.
        (A, A, {"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}", "b.yaml": DB},
         {"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}", "b.yaml": DB.replace("shop", "orders")},
         {"Data": "in-place", "Data/Inner": "in-place", "Data/Inner/Db": "data-loss!"}),
        (A, "", {"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}", "b.yaml": DB}, {},
         {"Data": "replace", "Data/Inner/Db": "data-loss!"}),
        (A, stack("a.yaml", "Other"), {"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}", "b.yaml": DB},
         {"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}", "b.yaml": DB},
         {"Other": "replace", "Data/Inner/Db": "data-loss!"}),
        (A, A, {"a.yaml": f"Resources:\n{A}"}, {"a.yaml": f"Resources:\n{stack('a.yaml', parameters='X: b')}"},
         {"Data": "in-place", "Data/Data": "interruption!"}),
        # It cannot be read on one side, or on both: refused where its address or a parameter changes.
        (A, stack("https://b/c.yaml"), {"a.yaml": DB}, {}, {"Data": "interruption!"}),
        (stack("https://b/c"), stack("https://b/c"), {}, {}, {}),
        (stack("https://b/c"), stack("https://b/d"), {}, {}, {"Data": "interruption!"}),
        (stack("https://b/c"), stack("https://b/c", parameters="Name: b"), {}, {}, {"Data": "interruption!"}),
        (stack("https://b/c"), "", {}, {}, {"Data": "data-loss!"}),
        (stack("https://b/c"), stack("https://b/c", "Other"), {}, {}, {"Other": "data-loss!"}),
        (stack("https://b/submodule"), stack("https://c/submodule"), {}, {}, {"Data": "metadata"}),
        (stack("https://b/submodule"), stack("https://c/submodule", parameters="Name: b"), {}, {},
         {"Data": "interruption!"}),
        # A function that makes all parameters: none of them is known.
        (A, A.replace("'a.yaml'", "'a.yaml', Parameters: {'Fn::Transform': {Name: Ours}}"), {"a.yaml": DB},
         {"a.yaml": DB}, {"Data": "interruption!"}),
    ],
)  # fmt: skip
def test_what_changes_inside(
    before: str, after: str, old: dict[str, str], new: dict[str, str], expected: dict[str, str]
) -> None:
    assert rows(compared(before, after, old, new)) == expected


HARMLESS = ["Tags: [{Key: a, Value: b}]", "NotificationARNs: ['arn:aws:sns:eu-west-1:1:t']", "TimeoutInMinutes: 5"]


@pytest.mark.parametrize("harmless", HARMLESS)
@pytest.mark.parametrize("texts", [{}, {"a.yaml": DB}])
def test_properties_that_do_not_decide_what_is_inside_are_not_refused(harmless: str, texts: dict[str, str]) -> None:
    found = compared(A, A.replace("'a.yaml'", f"'a.yaml', {harmless}"), texts, texts)
    assert list(rows(found)) == ["Data"]
    assert not any(one.guarded for one in found)


NETWORK = """Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
Outputs:
  SubnetId: {Value: !Ref Subnet}
  Engine: {Value: postgres}
"""
READER = """Parameters: {Subnet: {Type: String}, Engine: {Type: String, Default: mysql}}
Resources:
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Subnet}}
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: !Ref Engine}}
"""
BOTH = stack("network.yaml", "Network") + stack(
    "reader.yaml", "Reader", "Subnet: !GetAtt Network.Outputs.SubnetId, Engine: !GetAtt Network.Outputs.Engine"
)
OWN = "  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !GetAtt Network.Outputs.SubnetId}}\n"


def test_a_replaced_resource_is_followed_through_outputs_into_other_nested_stacks() -> None:
    old = {"network.yaml": NETWORK, "reader.yaml": READER}
    found = compared(BOTH + OWN, BOTH + OWN, old, {**old, "network.yaml": NETWORK.replace("10.0.0.0", "10.1.0.0")})
    assert rows(found) == {
        "Network": "in-place", "Network/Vpc": "replace", "Network/Subnet": "replace",
        "Reader": "in-place", "Reader/Nat": "replace", "Nat": "replace",
    }  # fmt: skip
    assert of(tuple(found), "Nat").effects[0].causes == ("Network.Outputs.SubnetId changes",)
    inner = of(tuple(found), "Reader/Nat").effects[0]
    assert (inner.before, inner.after, inner.maybe) == (
        {"aurora-cfn::Reference": "the parent's Network.Outputs.SubnetId"},
        {"aurora-cfn::Reference": "the parent's new Network.Outputs.SubnetId"},
        True,
    )


def test_an_output_whose_value_is_known_is_known_to_other_nested_stacks() -> None:
    old = {"network.yaml": NETWORK, "reader.yaml": READER}
    found = compared(BOTH, BOTH, old, {**old, "network.yaml": NETWORK.replace("Value: postgres", "Value: mariadb")})
    inner = of(tuple(found), "Reader/Db")
    assert (inner.effects[0].before, inner.effects[0].after) == ("postgres", "mariadb")
    assert inner.effects[0].causes == ("parameter Engine: postgres to mariadb",)


def test_a_replaced_resource_of_the_parent_is_followed_into_a_nested_stack() -> None:
    vpc = "  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-%s, CidrBlock: 10.0.0.0/24}}\n"
    data = stack("reader.yaml", parameters="Subnet: !Ref Subnet")
    found = compared(vpc % 1 + data, vpc % 2 + data, {"reader.yaml": READER}, {"reader.yaml": READER})
    assert rows(found) == {"Subnet": "replace", "Data": "in-place", "Data/Nat": "replace"}


SECRET = """Parameters: {Key: {Type: String, NoEcho: true}}
Resources:
  T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Key}}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (stack("a.yaml", parameters="Key: first-secret"), stack("a.yaml", parameters="Key: second-secret")),
        (A, stack("a.yaml", parameters="Key: second-secret")),
        (stack("a.yaml", parameters="Key: first-secret"), A),
    ],
)
def test_values_of_no_echo_parameters_are_never_shown(before: str, after: str) -> None:
    found = compared(before, after, {"a.yaml": SECRET}, {"a.yaml": SECRET})
    assert rows(found)["Data/T"] == "replace"
    assert "-secret" not in repr([(one.before, one.after, one.causes) for row in found for one in row.effects])


def test_a_no_echo_parameter_of_the_parent_stays_hidden_inside() -> None:
    parent = "Parameters: {P: {Type: String, NoEcho: true}}\nResources:\n" + stack("a.yaml", parameters="Name: !Ref P")
    before, after = (
        read(parent, nested=Files({"a.yaml": DB}), parameters={"P": one}) for one in ("my-secret", "my-secret2")
    )
    found = changes(before, after)
    assert of(found, "Data/Db").effects[0].before == "(hidden)"
    assert "my-secret" not in repr([(one.before, one.after, one.causes) for row in found for one in row.effects])


NEEDS = "Parameters: {Name: {Type: String}}\nResources:\n  T: {Type: AWS::SNS::Topic}\nOutputs: {Arn: {Value: !Ref T}}"
USER = "  Alarm: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !GetAtt Data.Outputs.Arn, Protocol: sqs}}\n"


@pytest.mark.parametrize(
    ("after", "new", "fault"),
    [
        (stack("a.yaml", parameters="Name: b"), NEEDS, ""),
        (A, NEEDS, "a.yaml needs a value for Name, which has no default: CloudFormation refuses it"),
        (stack("a.yaml", parameters="Name: b, Wrong: c"), NEEDS,
         "a.yaml has no parameter Wrong: CloudFormation refuses it"),
        (stack("a.yaml", parameters="Name: b"), NEEDS.replace("Arn: {", "Other: {"),
         "a.yaml has no output Arn, which this template reads: the update fails"),
        (A, NEEDS.replace("Type: String", "Type: String, Default: b"), ""),
    ],
)  # fmt: skip
def test_what_cloudformation_refuses_of_parameters_and_outputs_fails(after: str, new: str, fault: str) -> None:
    old = stack("a.yaml", parameters="Name: a")
    row = of(tuple(compared(old + USER, after + USER, {"a.yaml": NEEDS}, {"a.yaml": new})), "Data")
    assert [one.sentence for one in row.effects if one.fails] == ([fault] if fault else [])
    assert row.fails is bool(fault)
    # Also where the nested stack is new.
    row = of(tuple(compared("", after + USER, {}, {"a.yaml": new})), "Data")
    assert row.fails is bool(fault)
    # What is behind an address may be another file, so there it is only likely.
    address = "https://b/a.yaml"
    found = compared(
        old.replace("a.yaml", address), after.replace("a.yaml", address) + USER, {address: NEEDS}, {address: new}
    )
    assert not any(one.fails for one in found)
    assert any(one.fails for row in found for one in row.effects) is bool(fault)


def test_the_row_of_a_nested_stack_says_what_is_inside() -> None:
    shop = {"a.yaml": DB.replace("Resources:", "Resources:\n  T: {Type: AWS::SNS::Topic}")}
    row = compared("", A, {}, shop)[0]
    assert row.effects[0].sentence == (
        "it is created with 2 resources (a.yaml), of which Db (AWS::RDS::DBInstance) holds data"
    )
    row = of(tuple(compared(A, A, shop, {"a.yaml": shop["a.yaml"].replace("shop", "b")})), "Data")
    assert (row.effects[0].key, row.effects[0].sentence) == (
        "Properties.TemplateURL",
        "changes inside (a.yaml): 1 data-loss; they come when this stack is deployed with the packaged file",
    )
    row = of(tuple(compared(A, "", shop, {})), "Data")
    assert row.effects[0].sentence.endswith("holds data, each by its own DeletionPolicy")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (TOPIC, {"Data": "replace"}),
        (DB, {"Data": "replace", "Data/Db": "data-loss!"}),
        (KEPT, {"Data": "replace", "Data/Db": "replace!"}),
    ],
)
def test_a_condition_that_may_not_hold_any_more_is_judged_by_what_is_inside(
    template: str, expected: dict[str, str]
) -> None:
    conditions = "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, b]}\nResources:\n"
    before, after = (
        read(conditions + stack("a.yaml", more=more), nested=Files({"a.yaml": template}))
        for more in ("", ", Condition: C")
    )
    found = changes(before, after)
    assert rows([*found]) == expected
    assert all(one.maybe for row in found for one in row.effects if row.section == "Resources")


def test_a_renamed_one_with_named_resources_fails() -> None:
    found = compared(A, stack("a.yaml", "Other"), {"a.yaml": NAMED}, {"a.yaml": NAMED})
    inner = of(tuple(found), "Other/T")
    assert (inner.kind, inner.destroyed_id, inner.fails) == ("rename", "Data/T", True)
    assert {one.remedy for one in inner.effects} == {"keep the logical id Data"}


def test_changes_inside_have_the_place_in_their_own_file() -> None:
    found = compared(A, A, {"a.yaml": DB}, {"a.yaml": f"# moved\n{DB.replace('shop', 'b')}"})
    inner = of(tuple(found), "Data/Db")
    assert (inner.path, inner.line, inner.effects[0].line) == ("a.yaml", 4, 7)


@pytest.mark.parametrize(
    ("texts", "spots"),
    [
        ({}, ("not seen offline: what is inside of the nested stack Data",)),
        ({"a.yaml": DB}, ()),
        ({"a.yaml": f"Resources:\n{stack('b.yaml', 'Inner')}"},
         ("Data: not seen offline: what is inside of the nested stack Inner",)),
        ({"a.yaml": f"Transform: Ours\n{DB}"},
         ("Data: not seen offline: what the transform Ours makes of the template (diff --live asks CloudFormation)",)),
        ({"a.yaml": f"Resources:\n{A}"}, ("Data: not seen offline: what is inside of the nested stack Data",)),
    ],
)  # fmt: skip
def test_what_is_not_seen_inside_is_said(texts: dict[str, str], spots: tuple[str, ...]) -> None:
    side = read(f"Resources:\n{A}", nested=Files(texts))
    assert blind_spots(side, side) == spots


def test_an_opened_database_in_a_new_nested_stack_is_seen() -> None:
    public = "Resources:\n  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, PubliclyAccessible: true}}"
    found = compared("", A, {}, {"a.yaml": public})
    assert rows(found) == {"Data": "in-place", "Data/Db": "in-place!"}
    assert of(tuple(found), "Data/Db").verdict is Verdict.IN_PLACE
