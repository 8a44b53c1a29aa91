"""What only CloudFormation can work out: never `no changes`, and asked for where a database is in reach."""

from __future__ import annotations

import pytest

from aurora_cfn.model.change import Change, Verdict
from aurora_cfn.review.changes import changes
from aurora_cfn.review.not_judged import blind_spots
from tests.review.sides import read

DB = "Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}"
TOPIC = "Topic: {Type: AWS::SNS::Topic}"
INCLUDE = "Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {}}}}}"
SAM = "Transform: AWS::Serverless-2016-10-31\n"
MACRO = "Transform: Ours\n"
LOOP = "Transform: AWS::LanguageExtensions\nParameters: {{L: {{Type: CommaDelimitedList}}}}\n"
FOREACH = "Fn::ForEach::Each: [X, !Ref L, {{'T${{X}}': {{Type: {}, Properties: {{{}}}}}}}]"


def found(before: str, after: str) -> list[Change]:
    rows = changes(read(before), read(after))
    return [change for change in rows if change.outcome is Verdict.NOT_JUDGED]


@pytest.mark.parametrize(
    ("before", "after", "name", "guarded"),
    [
        ("Resources:\n  " + INCLUDE.format("a"), "Resources:\n  " + INCLUDE.format("b"), "Fn::Transform", True),
        (f"Resources:\n  {TOPIC}\n  " + INCLUDE.format("a"), f"Resources:\n  {TOPIC}", "Fn::Transform", True),
        (INCLUDE.format("a") + f"\nResources:\n  {TOPIC}", INCLUDE.format("b") + f"\nResources:\n  {TOPIC}",
         "Fn::Transform", True),
        (MACRO + f"Resources:\n  {DB}\n  {TOPIC}", MACRO + f"Resources:\n  {DB}", "Transform", True),
        (MACRO + f"Resources:\n  {TOPIC}\n  B: {{Type: AWS::SNS::Topic}}", MACRO + f"Resources:\n  {TOPIC}",
         "Transform", False),
        (f"Resources:\n  {TOPIC}", SAM + f"Resources:\n  {TOPIC}", "Transform", False),
        (f"Resources:\n  {DB}", SAM + f"Resources:\n  {DB}", "Transform", False),
        (f"Resources:\n  {DB}", MACRO + f"Resources:\n  {DB}", "Transform", True),
        (SAM + f"Globals: {{Function: {{Timeout: 3}}}}\nResources:\n  {DB}",
         SAM + f"Globals: {{Function: {{Timeout: 4}}}}\nResources:\n  {DB}", "Globals", False),
        (LOOP.format() + "Resources:\n  " + FOREACH.format("AWS::SQS::Queue", "DelaySeconds: 1"),
         LOOP.format() + "Resources:\n  " + FOREACH.format("AWS::SQS::Queue", "DelaySeconds: 2"),
         "Fn::ForEach::Each", True),
        (LOOP.format() + "Resources:\n  " + FOREACH.format("AWS::SNS::Topic", "TopicName: a"),
         LOOP.format() + "Resources:\n  " + FOREACH.format("AWS::SNS::Topic", "TopicName: b"),
         "Fn::ForEach::Each", False),
        ("Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {'Fn::Transform': {Name: A}}}",
         "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {'Fn::Transform': {Name: B}}}", "Topic", False),
        ("Resources:\n  Db: {Type: AWS::RDS::DBInstance, Properties: {'Fn::Transform': {Name: A}}}",
         "Resources:\n  Db: {Type: AWS::RDS::DBInstance, Properties: {'Fn::Transform': {Name: B}}}", "Db", True),
    ],
)  # fmt: skip
def test_what_a_macro_or_an_unknown_loop_makes_is_not_judged(before: str, after: str, name: str, guarded: bool) -> None:
    rows = found(before, after)
    assert {row.logical_id for row in rows} == {name}
    assert any(row.guarded for row in rows) is guarded


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Resources:\n  " + INCLUDE.format("a"), "Description: other\nResources:\n  " + INCLUDE.format("a")),
        (MACRO + f"Resources:\n  {DB}", MACRO + f"Description: other\nResources:\n  {DB}"),
        (SAM + f"Resources:\n  {DB}\n  {TOPIC}", SAM + f"Resources:\n  {DB}"),
        ("Resources:\n  " + DB, "Resources:\n  " + TOPIC),
    ],
)
def test_what_does_not_change_in_a_macro_is_no_change(before: str, after: str) -> None:
    assert found(before, after) == []


def test_an_unchanged_macro_is_a_note() -> None:
    side = read("Resources:\n  " + INCLUDE.format("a"))
    assert blind_spots(side, side) == ("not seen offline: what the macro AWS::Include makes in Resources",)
