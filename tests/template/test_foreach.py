"""Loops written out: what they make, where it is written, and which stay as they are."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template import foreach
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import outputs, resources
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

PARAMETERS: Any = {
    "Names": {"Type": "CommaDelimitedList", "Default": "Alpha,Beta"},
    "Open": {"Type": "CommaDelimitedList"},
    "Secret": {"Type": "CommaDelimitedList", "NoEcho": True, "Default": "a"},
}
QUEUE = {"Type": "AWS::SQS::Queue"}


def written_out(section: str, content: Any, **parameters: str) -> Any:
    template: Any = {"Parameters": PARAMETERS, "Mappings": {"M": {"a": {"l": ["P", "Q"]}}}, section: content}
    return Evaluator(Side(template, parameters=parameters)).side.section(section)


@pytest.mark.parametrize(
    ("loop", "made"),
    [
        (["X", ["A", "B"], {"Q${X}": QUEUE}], {"QA": QUEUE, "QB": QUEUE}),
        (["X", {"Ref": "Names"}, {"Q${X}": QUEUE}], {"QAlpha": QUEUE, "QBeta": QUEUE}),
        (["X", {"Fn::FindInMap": ["M", "a", "l"]}, {"Q${X}": QUEUE}], {"QP": QUEUE, "QQ": QUEUE}),
        (["X", {"Fn::Split": ["|", "A|B"]}, {"Q${X}": QUEUE}], {"QA": QUEUE, "QB": QUEUE}),
        (["X", ["a-b"], {"Q&{X}": {"Name": "${X}"}}], {"Qab": {"Name": "a-b"}}),
        (["X", [], {"Q${X}": QUEUE}], {}),
        (["X", [1, 2], {"Q${X}": {"Size": {"Ref": "X"}}}], {"Q1": {"Size": "1"}, "Q2": {"Size": "2"}}),
        (["X", ["A"], {"Q${X}": {"N": {"Fn::Sub": "${X}-${Y}"}}}], {"QA": {"N": {"Fn::Sub": "A-${Y}"}}}),
        (["X", ["A"], {"Q${X}": {"N": {"Fn::GetAtt": ["R${X}", "Arn"]}}}],
         {"QA": {"N": {"Fn::GetAtt": ["RA", "Arn"]}}}),
        (["X", ["A"], {"Q${X}": {"DependsOn": ["R${ X }", "${!X}"]}}], {"QA": {"DependsOn": ["RA", "${!X}"]}}),
        (
            ["X", ["A", "B"], {"Fn::ForEach::In": ["Y", ["${X}1", "2"], {"Q${X}${Y}": QUEUE}]}],
            {"QAA1": QUEUE, "QA2": QUEUE, "QBB1": QUEUE, "QB2": QUEUE},
        ),
        (
            ["X", ["A"], {"Q${X}": {"P": {"Fn::ForEach::In": ["Y", ["C", "D"], {"${Y}": "${X}${Y}"}], "E": 1}}}],
            {"QA": {"P": {"C": "AC", "D": "AD", "E": 1}}},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("section", ["Resources", "Outputs", "Conditions"])
def test_a_loop_makes_one_copy_for_each_item(section: str, loop: Any, made: Any) -> None:
    assert written_out(section, {"Fn::ForEach::L": loop, "Other": QUEUE}) == {**made, "Other": QUEUE}


@pytest.mark.parametrize(
    "loop",
    [
        ["X", {"Ref": "Open"}, {"Q${X}": QUEUE}],
        ["X", {"Ref": "Secret"}, {"Q${X}": QUEUE}],
        ["X", ["A", {"Fn::ImportValue": "x"}], {"Q${X}": QUEUE}],
        ["X", {"Fn::GetAZs": ""}, {"Q${X}": QUEUE}],
        ["X", [str(number) for number in range(10_001)], {"Q${X}": QUEUE}],
        ["X", ["A"]],
        [["X"], ["A"], {"Q${X}": QUEUE}],
        ["X", ["A"], "Q"],
        "X",
    ],
)
def test_a_loop_without_a_known_list_stays_as_it_is(loop: Any) -> None:
    assert written_out("Resources", {"Fn::ForEach::L": loop}) == {"Fn::ForEach::L": loop}


def test_a_given_value_makes_the_list_known() -> None:
    loop: Any = ["X", {"Ref": "Open"}, {"Q${X}": QUEUE}]
    assert set(written_out("Resources", {"Fn::ForEach::L": loop}, Open="A, B")) == {"QA", "QB"}


def test_of_two_with_one_name_the_first_stands() -> None:
    made = written_out("Resources", {"QA": {"Type": "T"}, "Fn::ForEach::L": ["X", ["A"], {"Q${X}": QUEUE}]})
    assert made == {"QA": {"Type": "T"}}


def test_loops_elsewhere_are_left_alone() -> None:
    content = {"Fn::ForEach::L": ["X", ["A"], {"${X}": 1}]}
    assert written_out("Metadata", content) == content


def test_a_template_without_loops_is_the_same_object() -> None:
    side = Side({"Resources": {"Q": QUEUE}})
    assert Evaluator(side).side is side
    assert not foreach.has_loop(side.template)


TEXT = """\
Conditions:
  Fn::ForEach::C:
    - X
    - [A, B]
    - Is${X}: !Equals ["${X}", A]
Resources:
  Fn::ForEach::Stores:
    - Name
    - [A, B]
    - Store${Name}:
        Type: AWS::SQS::Queue
        Condition: Is${Name}
        Properties:
          QueueName: !Sub "${Name}-queue"
      Fn::ForEach::Topics:
        - Kind
        - [X, Y]
        - Topic${Name}${Kind}:
            Type: AWS::SNS::Topic
Outputs:
  Fn::ForEach::O:
    - Name
    - [A]
    - Url${Name}:
        Value: !GetAtt Store${Name}.Arn
"""


def test_what_a_loop_makes_has_the_lines_of_the_loop() -> None:
    document = read_template(TEXT, "x")
    evaluator = Evaluator(Side(template_of(document, "x"), lines=document.lines))
    found = resources(evaluator)
    assert {name: row.line for name, row in found.items()} == {
        "StoreA": 10, "TopicAX": 18, "TopicAY": 18, "TopicBX": 18, "TopicBY": 18,
    }  # fmt: skip
    assert found["StoreA"].properties == {"QueueName": "A-queue"}
    assert evaluator.side.line(("Resources", "StoreA", "Properties", "QueueName")) == 14
    assert outputs(evaluator) == {"UrlA": {"Value": {"Fn::GetAtt": "StoreA.Arn"}}}
