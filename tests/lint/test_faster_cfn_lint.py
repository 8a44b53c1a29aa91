from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.lint import faster_cfn_lint, faster_rules
from tests.same_findings.compare import both_sides, differences

ROOT = Path(__file__).parents[2]


def test_the_installed_version_is_the_one_whose_functions_are_replaced() -> None:
    """After an update: compare the replaced functions with the new ones, run `python -m tests.same_findings`."""
    assert version("cfn-lint") == faster_cfn_lint.VERSION


@pytest.mark.slow
def test_the_findings_are_those_of_cfn_lint_as_it_is(tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(FAULTY)
    files = [faulty, ROOT / "templates" / "rds-postgres.yaml", *sorted((ROOT / "tests/lint/good").glob("*.yaml"))[:8]]
    plain, faster = both_sides(files)
    assert (plain.replaced, faster.replaced) == (False, True)
    assert len(plain.findings[str(faulty)]) > 5
    assert list(differences(plain.findings, faster.findings)) == []


@pytest.mark.parametrize(
    ("one", "other", "lines"),
    [
        ({"a": ["x"]}, {"a": ["x"]}, []),
        ({"a": ["x"]}, {"a": []}, ["a: lost: x"]),
        ({"a": []}, {"a": ["x"]}, ["a: new: x"]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, ["a: another order"]),
    ],
)
def test_the_comparison_sees_what_differs(one: Any, other: Any, lines: list[str]) -> None:
    assert list(differences(one, other)) == lines


@pytest.mark.parametrize(
    ("entry", "engine"),
    [
        ({"if": {"properties": {"Engine": {"const": "mysql"}}, "required": ["Engine"]}, "then": {}}, "mysql"),
        ({"if": {"properties": {"Engine": {"const": "mysql"}}, "required": ["Engine"]}, "else": {}}, None),
        ({"if": {"properties": {"Engine": {"const": "mysql"}}}, "then": {}}, None),
        ({"if": {"properties": {"Engine": {"type": "string"}}, "required": ["Engine"]}, "then": {}}, None),
        ({"properties": {"Engine": {"const": "mysql"}}, "required": ["Engine"]}, None),
        (True, None),
    ],
)
def test_an_entry_is_about_one_engine_only_where_nothing_else_can_reach_it(entry: Any, engine: str | None) -> None:
    assert faster_rules._engine(entry) == engine


FAULTY = """
Parameters:
  Kind: {Type: String, AllowedValues: [small, large]}
  Own: {Type: String, Default: ""}
Conditions:
  IsSmall: !Equals [!Ref Kind, small]
  IsLarge: !Equals [!Ref Kind, large]
  HasOwn: !Not [!Equals [!Ref Own, ""]]
  Both: !And [!Condition IsSmall, !Condition HasOwn]
Resources:
  One:
    Type: AWS::RDS::DBInstance
    Condition: IsSmall
    Properties:
      Engine: postgres
      EngineVersion: "1.2"
      DBInstanceClass: !If [IsLarge, db.m5.large, db.none.large]
      AllocatedStorage: 20
      MasterUsername: !If [Both, app, !Ref AWS::NoValue]
      MasterUserPassword: !If [HasOwn, !Ref Own, secret-secret]
  Two:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: !If [IsSmall, MySQL, aurora-mysql]
      DBInstanceClass: db.r3.tiny
      Unknown: 1
  Three:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: Aurora-PostgreSQL, EngineVersion: "99", DBInstanceClass: db.serverless, MultiAZ: maybe}
  Four: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !GetAtt Five.Value}}
  Five: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !Sub "${Six.Value}-${Six.Nothing}"}}
  Six: {Type: AWS::SSM::Parameter, DependsOn: [Four], Properties: {Type: String, Value: !GetAtt One.Endpoint.Port}}
  Seven: {Type: AWS::SSM::Parameter, Properties: {Name: same, Type: String, Value: a}}
  Eight: {Type: AWS::SSM::Parameter, Properties: {Name: same, Type: String, Value: b}}
  Nine: {Type: AWS::SSM::Parameter, Properties: {Name: other, Type: String, Value: a}}
  Ten: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !If [HasOwn, !Ref Own, logs]}}
  Eleven: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: logs}}
  Twelve: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !If [HasOwn, 7, 8]}}
  Thirteen: {Type: AWS::SNS::Topic, Properties: !If [HasOwn, {TopicName: topic}, !Ref AWS::NoValue]}
  Fourteen: {Type: AWS::SQS::Queue, Condition: IsSmall, Properties: {QueueName: queue}}
  Fifteen: {Type: AWS::SQS::Queue, Condition: IsLarge, Properties: {QueueName: queue}}
  Sixteen: {Type: AWS::DynamoDB::Table, Properties: !If [HasOwn, {TableName: t}, {TableName: u}]}
  Seventeen: {Type: AWS::DynamoDB::Table, Properties: !If [HasOwn, {TableName: t}, {TableName: v}]}
Outputs:
  Address: {Value: !GetAtt One.Endpoint.Address}
"""
