"""Where the values of secret parameters go, as the template is written."""

from __future__ import annotations

import pytest

from aurora_cfn.template.secret_values import fed_parameters, is_secret, secret_names, secret_outputs
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: {transform}
Parameters:
  Secret: {{Type: String, NoEcho: true}}
  Plain: {{Type: String}}
Resources:
"""
RESOURCES = """\
  Named: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Secret}}
  Shown: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Plain, DisplayName: !Ref Secret}}
  Value: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub "${Plain}-${Secret}"}}
  Code:
    Type: AWS::Lambda::Function
    Properties:
      Description: !If [Some, !Ref Secret, "none"]
      Environment: {Variables: {KEY: !Ref Secret, Plain: !Ref Plain}}
      Layers: [!Ref Plain, !Ref Secret]
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {Parameters: {Word: !Ref Secret, Topic: !GetAtt Named.TopicName, Other: !Ref Plain}}
  Own: {Type: Custom::Thing, Properties: {ServiceToken: x, Word: !Ref Secret}}
"""
LOOP = """\
  Fn::ForEach::Topics: [Name, [A, B], {"Topic${Name}": {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Secret}}}]
"""
OUTPUTS = """\
Outputs:
  ByRef: {Value: !Ref Secret}
  ByName: {Value: !GetAtt Named.TopicName}
  ByAttribute: {Value: !GetAtt Value.Value}
  BySub: {Value: !Sub "x ${Value.Value}"}
  OfNested: {Value: !GetAtt Inner.Outputs.Word}
  OfCustom: {Value: !GetAtt Own.Id}
  Arn: {Value: !GetAtt Value.Type}
  Plain: {Value: !Ref Shown}
"""


def read(resources: str = RESOURCES, transform: str = "AWS::LanguageExtensions", outputs: str = "") -> object:
    return template_of(read_template(HEAD.format(transform=transform) + resources + outputs, "t"), "t")


IDS = ("Named", "Shown", "Value", "Inner", "Own", "TopicA")


@pytest.mark.parametrize(
    ("resources", "transform", "secret"),
    [
        (RESOURCES, "AWS::LanguageExtensions", {"Named", "Own"}),
        (RESOURCES + LOOP, "AWS::LanguageExtensions", {"Named", "Own", "TopicA"}),
        (RESOURCES + LOOP.replace("Secret", "Plain"), "AWS::LanguageExtensions", {"Named", "Own"}),
        (RESOURCES, "AWS::Serverless-2016-10-31", {"Named", "Own", "TopicA"}),
    ],
    ids=["written", "of a loop", "of a loop without a secret", "of a macro"],
)
def test_names_made_of_a_secret(resources: str, transform: str, secret: set[str]) -> None:
    template = read(resources, transform)
    assert secret_names(template, {"Secret"}, IDS) == secret  # type: ignore[arg-type]
    assert secret_names(template, set(), IDS) == set()  # type: ignore[arg-type]


def test_outputs_made_of_a_secret() -> None:
    template = read(outputs=OUTPUTS)
    keys = [line.split(":")[0].strip() for line in OUTPUTS.splitlines()[1:]]
    assert set(keys) - secret_outputs(template, {"Secret"}, keys) == {"Arn", "Plain"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "secret"),
    [
        ("Shown/DisplayName", True),
        ("Shown/TopicName", False),
        ("Shown/KmsMasterKeyId", False),
        ("Code/Environment/Variables/KEY", True),
        ("Code/Environment/Variables/Plain", False),
        ("Code/Environment/Variables", True),
        ("Code/Description", True),
        ("Code/Layers/0", False),
        ("Code/Layers/1", True),
        ("Code/Layers/7", False),
        ("Nothing/Name", False),
    ],
)
def test_a_property_that_holds_a_secret(place: str, secret: bool) -> None:
    name, *path = place.split("/")
    assert is_secret(read(), {"Secret"}, name, path) is secret  # type: ignore[arg-type]


def test_parameters_of_a_nested_stack() -> None:
    assert fed_parameters(read(), {"Secret"}, "Inner") == {"Word", "Topic"}  # type: ignore[arg-type]
    assert fed_parameters(read(), {"Secret"}, "Named") == set()  # type: ignore[arg-type]
