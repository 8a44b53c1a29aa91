"""Which capabilities a template needs, however it is written."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.yamltext import read_template

NAMED, EXPANDS = "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: {T: {Type: AWS::SNS::Topic}}", ()),
        ("Resources: {R: {Type: 'AWS::IAM::Role'}}", (NAMED,)),
        ('{"Resources":{"R":{"Type":"AWS::IAM::Policy"}}}', (NAMED,)),
        ("Resources: {S: {Type: AWS::CloudFormation::Stack}}", (NAMED, EXPANDS)),
        ("Transform: AWS::Serverless-2016-10-31\nResources: {}", (NAMED, EXPANDS)),
        ("Transform: [AWS::LanguageExtensions]\nResources: {T: {Type: AWS::SNS::Topic}}", (EXPANDS,)),
        (
            "Transform: AWS::LanguageExtensions\nResources:\n"
            "  Fn::ForEach::R: [N, [A], {'R${N}': {Type: AWS::IAM::Role}}]\n",
            (NAMED, EXPANDS),
        ),
        ("Resources: {T: {Type: AWS::SNS::Topic, Properties: {Name: !Transform {Name: Own}}}}", (NAMED, EXPANDS)),
        ("Description: AWS::IAM::Role\nResources: {}", ()),
    ],
)
def test_only_what_the_template_needs_is_acknowledged(text: str, expected: tuple[str, ...]) -> None:
    assert capabilities(read_template(text, "t.yaml").value) == expected
