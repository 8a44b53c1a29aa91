"""Suppressions: a reason, perhaps a day; everything else about them is a finding itself."""

from __future__ import annotations

from datetime import date

import pytest

from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject

TODAY = date(2026, 11, 21)
TEMPLATE = """\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Metadata:
      {metadata}
    Properties:
      Nonsense: 1
"""


def rules_of(metadata: str, **given: str | None) -> list[str]:
    subject = Subject("t.yaml", TEMPLATE.replace("{metadata}", metadata), given)
    return [finding.rule for finding in lint([subject], today=TODAY)[0]]


@pytest.mark.parametrize(
    "metadata",
    [
        "aurora-cfn: {suppress: [{id: E3002, reason: ours}]}",
        "aurora-cfn: {suppress: [{id: E3002, reason: ours, until: 2026-11-21}]}",
        "aurora-cfn: {suppress: [{id: E3002, reason: ours, until: '2027-01-01'}]}",
        "{aurora-cfn: {suppress: [{id: E3002, reason: ours}]}, cfn-lint: {config: {ignore_checks: [E3002]}}}",
    ],
)
def test_a_reasoned_suppression_hides_the_finding(metadata: str) -> None:
    assert rules_of(metadata) == []


@pytest.mark.parametrize(
    ("metadata", "rules"),
    [
        ("aurora-cfn: {suppress: [{id: E3002}]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E3002, reason: ' '}]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [{reason: ours}]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [E3002]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: E3002}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E3002, reason: ours, untli: 2027-01-01}]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E3002, reason: ours, until: soon}]}", ["E9401", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E3002, reason: ours, until: 2026-11-20}]}", ["W9402", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E3001, reason: ours}]}", ["W9403", "E3002"]),
        ("aurora-cfn: {suppress: [{id: E1, reason: ours}]}", ["E3002"]),
        ("aurora-cfn: {suppress: [{id: X1234, reason: ours}]}", ["W9403", "E3002"]),
        ("cfn-lint: {config: {ignore_checks: [E3002]}}", ["I9404"]),
    ],
)
def test_a_wrong_suppression_is_a_finding(metadata: str, rules: list[str]) -> None:
    assert rules_of(metadata) == rules


def test_a_suppression_of_the_whole_template_takes_a_prefix() -> None:
    text = "Metadata: {aurora-cfn: {suppress: [{id: E3, reason: a sketch}]}}\n" + TEMPLATE.replace("{metadata}", "a: b")
    assert lint([Subject("t.yaml", text)], today=TODAY) == ((),)


def test_an_environment_does_not_make_a_suppression_needless() -> None:
    assert rules_of("aurora-cfn: {suppress: [{id: E3001, reason: ours}]}", Some="value") == ["E3002"]
