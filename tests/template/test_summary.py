"""Summaries of templates of any style."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.summary import summary_of
from aurora_cfn.yamltext import read_template

ORDERS = """\
Description: Orders
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Capacity: {Type: Number, MinValue: "0.5", MaxValue: 16, Default: "2"}
  Protect: {Type: String, AllowedValues: [true, false], Default: false}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", AllowedPattern: "^ami-", Default: /team/image}
  Java: {Type: String, AllowedPattern: "\\\\p{Alpha}+"}
  Password: {Type: String, NoEcho: "true", MinLength: "8", MaxLength: 41}
  NetworkStack: {Type: String}
Rules:
  Big: {Assertions: [{Assert: !Equals [!Ref Stage, prod]}]}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties:
      VpcSecurityGroupIds: [!ImportValue {Fn::Sub: "${NetworkStack}-GroupId"}]
      DBSubnetGroupName: {Fn::ImportValue: !Sub "${NetworkStack}-Subnets"}
Outputs:
  Address: {Value: !GetAtt Cluster.Endpoint.Address}
"""


def row(name: str) -> Any:
    template: Any = read_template(ORDERS, "orders.yaml").value
    return summary_of("orders", template).parameter(name)


def test_a_summary_has_outputs_imports_and_rules() -> None:
    template: Any = read_template(ORDERS, "orders.yaml").value
    found = summary_of("orders", template, "templates/orders.yaml")
    assert (found.name, found.description, found.outputs) == ("orders", "Orders", ("Address",))
    assert found.imports == {"NetworkStack": ("GroupId", "Subnets")}
    assert list(found.rules) == ["Big"]
    assert (found.checks, found.code, found.path) == ((), (), "templates/orders.yaml")


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("Stage", "dev", None),
        ("Stage", "qa", "the value is not one of dev or prod"),
        ("Capacity", "0.5", None),
        ("Capacity", "17", "17 is above the maximum 16"),
        ("Protect", "true", None),
        ("Protect", "yes", "the value is not one of true or false"),
        ("Subnets", "subnet-0123abcd,subnet-0123456789abcdef0", None),
        ("Image", "/other/image", None),
        ("Java", "anything", None),
        ("Password", "short", "5 characters are fewer than the minimum 8"),
        ("Password", "x" * 41, None),
        ("Password", "x" * 42, "42 characters are more than the maximum 41"),
        ("NetworkStack", "net", None),
    ],
)
def test_values_are_held_to_the_limits_of_the_template(name: str, value: str, problem: str | None) -> None:
    assert row(name).problem(value) == problem


@pytest.mark.parametrize(
    ("name", "default"),
    [("Stage", None), ("Capacity", "2"), ("Protect", "false"), ("Image", "/team/image"), ("Subnets", None)],
)
def test_defaults_are_text_as_cloudformation_keeps_it(name: str, default: str | None) -> None:
    assert row(name).default_text == default


def test_secrets_are_secret_however_the_flag_is_written() -> None:
    assert row("Password").no_echo
    assert not row("Stage").no_echo


@pytest.mark.parametrize(
    "template",
    [{}, {"Parameters": None}, {"Parameters": {"A": "text"}}, {"Outputs": []}, {"Rules": "none"}, {"Resources": 1}],
)
def test_what_is_not_the_shape_of_a_template_is_left_out(template: Any) -> None:
    found = summary_of("x", template)
    assert (found.parameters, found.outputs, found.rules, found.imports) == ((), (), {}, {})
