"""The evaluator of policies, by rows of what the IAM User Guide says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.iam.evaluation import Request, allowed, arn_like, holds

ROLE = "arn:aws:iam::123456789012:role/db-dev-Role-abc"
READ = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::code/*"}
OBJECT = Request("s3:GetObject", "arn:aws:s3:::code/a/b.zip")
NEVER = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("policies", "boundary", "request_", "wanted"),
    [
        ([], None, OBJECT, False),
        ([policy(READ)], None, OBJECT, True),
        ([policy(READ)], None, Request("S3:getobject", "arn:aws:s3:::code/x"), True),
        ([policy(READ)], None, Request("s3:PutObject", "arn:aws:s3:::code/x"), False),
        ([policy(READ)], None, Request("s3:GetObject", "arn:aws:s3:::other/x"), False),
        # An explicit denial wins, in whichever policy it stands.
        ([policy(READ), policy(NEVER)], None, OBJECT, False),
        ([policy(NEVER, READ)], None, OBJECT, False),
        # The boundary allows nothing by itself, and both must allow.
        ([policy(READ)], policy(), OBJECT, False),
        ([], policy(READ), OBJECT, False),
        ([policy(READ)], policy(READ), OBJECT, True),
        ([policy(READ)], policy(READ, NEVER), OBJECT, False),
        ([policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})], None, OBJECT, True),
        ([policy({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"})], None, OBJECT, False),
        ([policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::code/*"})], None, OBJECT, False),
        ([policy({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::other/*"})], None, OBJECT, True),
        (
            [policy({**READ, "Condition": {"StringEquals": {"a": "1"}, "Null": {"b": "true"}}})],
            None,
            Request("s3:GetObject", "arn:aws:s3:::code/x", {"a": "1"}),
            True,
        ),
        (
            [policy({**READ, "Condition": {"StringEquals": {"a": "1"}, "Null": {"b": "true"}}})],
            None,
            Request("s3:GetObject", "arn:aws:s3:::code/x", {"a": "1", "b": "2"}),
            False,
        ),
    ],
)
def test_what_is_allowed(policies: Any, boundary: Any, request_: Request, wanted: bool) -> None:
    assert allowed(policies, request_, boundary=boundary) is wanted


@pytest.mark.parametrize(
    ("operator", "values", "given", "wanted"),
    [
        ("StringEquals", "x", "x", True),
        ("StringEquals", ["y", "x"], "x", True),
        ("StringEquals", "x*", "xy", False),
        ("StringEquals", "x", None, False),
        ("StringEqualsIfExists", "x", None, True),
        ("StringEqualsIfExists", "x", "y", False),
        ("StringNotEquals", ["x", "y"], "x", False),
        ("StringNotEquals", ["x", "y"], "z", True),
        ("StringNotEquals", "x", None, True),
        ("StringLike", "x*", "xy", True),
        ("StringLike", "x?", "xyz", False),
        ("StringNotLike", "x*", "xy", False),
        ("StringEqualsIgnoreCase", "X", "x", True),
        ("ArnEquals", "arn:aws:iam::*:role/db-*", ROLE, True),
        ("ArnLike", "arn:aws:iam::*:role/x", ROLE, False),
        ("Bool", "true", "True", True),
        ("Bool", "true", None, False),
        ("Null", "true", None, True),
        ("Null", "true", "x", False),
        ("Null", "false", "x", True),
        ("ForAnyValue:StringEquals", ["cloudformation.amazonaws.com"], ["a", "cloudformation.amazonaws.com"], True),
        ("ForAnyValue:StringEquals", ["cloudformation.amazonaws.com"], [], False),
        ("ForAnyValue:StringEquals", ["cloudformation.amazonaws.com"], None, False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a"], True),
        # With no values at all it holds: an allowance must not rest on it alone.
        ("ForAllValues:StringEquals", ["a", "b"], None, True),
    ],
)
def test_conditions(operator: str, values: Any, given: Any, wanted: bool) -> None:
    assert holds(operator, "aws:Key", values, {} if given is None else {"AWS:key": given}) is wanted


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("*", True),
        ("arn:aws:iam::123456789012:role/*", True),
        ("arn:aws:iam::123456789012:role/db-dev-*", True),
        ("arn:*:iam::123456789012:role/db-dev-Role-???", True),
        ("arn:aws:iam::123456789012:role/db-dev-Role", False),
        ("arn:aws:iam:*:role/db-dev-Role-abc", False),
    ],
)
def test_arns(pattern: str, wanted: bool) -> None:
    assert arn_like(pattern, ROLE) is wanted
