"""When two templates are taken for those of one stack under another key."""

from __future__ import annotations

import pytest

from aurora_cfn.review.renamed import alike
from aurora_cfn.template.side import Side


def side(*names: str, kind: str = "AWS::SNS::Topic") -> Side:
    return Side({"Resources": {name: {"Type": kind} for name in names}})


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (side(*"ABCD"), side(*"ABCD"), True),
        # Exactly the share counts: 4 of the 5 resources in either.
        (side(*"ABCD"), side(*"ABCDE"), True),
        (side(*"ABCDE"), side(*"ABCD"), True),
        (side(*"ABC"), side(*"ABCD"), False),
        (side(*"ABCDEFGHIJKLMNOPQRS"), side(*"ABCDEFGHIJKLMNOPQRSTUVWX"), False),  # 19 of 24, 0.792
        (side(*"ABCD"), side(*"ABCD", kind="AWS::SQS::Queue"), False),
        (side(), side(), False),
    ],
)
def test_templates_with_most_of_their_resources_in_common_are_alike(old: Side, new: Side, same: bool) -> None:
    assert alike(old, new) is same
