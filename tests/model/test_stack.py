"""What can be read from the names of stacks."""

from __future__ import annotations

import pytest

from aurora_cfn.model.stack import stack_name_of


@pytest.mark.parametrize(
    ("stack", "name"),
    [
        ("arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1a2b", "db-dev"),
        ("arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/db-dev/1a2b", "db-dev"),
        ("db-dev", "db-dev"),
        ("", ""),
    ],
)
def test_the_name_of_a_stack_by_its_name_or_arn(stack: str, name: str) -> None:
    assert stack_name_of(stack) == name
