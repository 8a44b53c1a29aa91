"""What only CloudFormation can work out is a fact with its place."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.side import Side
from aurora_cfn.template.transforms import NotJudged, not_judged, transforms

INCLUDE = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}
LOOP = ["X", {"Ref": "Open"}, {"Q${X}": {}}]
KNOWN = ["X", ["A"], {"Q${X}": {"Type": "T"}}]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ({"Transform": "AWS::LanguageExtensions"}, []),
        ({"Resources": {"Fn::ForEach::L": KNOWN}}, []),
        ({"Metadata": INCLUDE}, []),
        ({"Transform": "AWS::Serverless-2016-10-31"}, [NotJudged("transform", "AWS::Serverless-2016-10-31")]),
        ({"Transform": ["AWS::LanguageExtensions", "Mine"]}, [NotJudged("transform", "Mine")]),
        ({"Transform": {"Name": "AWS::Include"}}, [NotJudged("transform", "AWS::Include")]),
        (INCLUDE, [NotJudged("macro", "AWS::Include")]),
        ({"Resources": INCLUDE}, [NotJudged("macro", "AWS::Include", ("Resources",))]),
        (
            {"Resources": {"Q": {"Type": "T", "Properties": {"Rows": [INCLUDE]}}}},
            [NotJudged("macro", "AWS::Include", ("Resources", "Q", "Properties", "Rows", 0))],
        ),
        ({"Resources": {"Fn::ForEach::L": LOOP}}, [NotJudged("loop", "Fn::ForEach::L", ("Resources",))]),
        ({"Conditions": {"Fn::ForEach::L": LOOP}}, [NotJudged("loop", "Fn::ForEach::L", ("Conditions",))]),
        ({"Resources": {"Fn::Transform": "odd"}}, [NotJudged("macro", "odd", ("Resources",))]),
    ],
)
def test_macros_and_unknown_loops_are_not_judged(template: Any, found: list[NotJudged]) -> None:
    assert list(not_judged(Evaluator(Side(template)).side)) == found


def test_transforms_are_named_in_their_order() -> None:
    assert transforms({"Transform": ["A", {"Name": "B"}]}) == ("A", "B")
    assert transforms({}) == ()
