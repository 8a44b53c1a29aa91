"""Policies as long as IAM takes them, and longer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.iam.document import INLINE, MANAGED, VERSION, size, split
from aurora_cfn.iam.policy import Grants, policy
from aurora_cfn.iam.scope import Scope

NAMES = st.lists(st.text("abcdefgh:", min_size=1, max_size=12), min_size=1, max_size=12, unique=True)
CONDITIONS = st.sampled_from([{}, {"Condition": {"StringEquals": {"iam:PassedToService": "x"}}}])
STATEMENTS = st.builds(
    lambda actions, resources, condition: {
        "Sid": "Calls1",
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources if len(resources) > 1 else resources[0],
        **condition,
    },
    NAMES,
    NAMES,
    CONDITIONS,
)


def granted(policies: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    rows = [row for policy in policies for row in policy["Statement"]]
    return {
        (action, resource, str(row.get("Condition")))
        for row in rows
        for action in row["Action"]
        for resource in (row["Resource"] if isinstance(row["Resource"], list) else [row["Resource"]])
    }


@given(st.lists(STATEMENTS, max_size=6), st.integers(200, 600))
def test_the_parts_fit_and_allow_the_same(statements: list[dict[str, Any]], limit: int) -> None:
    numbered = [{**row, "Sid": f"Calls{number}"} for number, row in enumerate(statements)]
    whole = {"Version": VERSION, "Statement": numbered}
    parts = split(whole, limit)
    assert all(size(part) <= limit for part in parts)
    assert granted(parts) == granted([whole])
    for part in parts:
        names = [row["Sid"] for row in part["Statement"]]
        assert len(set(names)) == len(names)
        assert all(name.isalnum() for name in names)
    assert all(part["Statement"] for part in parts) or not statements
    if size(whole) <= limit:
        assert parts == [whole]


def test_white_space_does_not_count() -> None:
    text = '{"Version":"2012-10-17","Statement":[{"Sid":"twowords"}]}'
    assert size({"Version": VERSION, "Statement": [{"Sid": "two words"}]}) == len(text)


def test_many_stacks_make_several_policies() -> None:
    scope = Scope(
        region="eu-west-1", account="123456789012", stacks=[f"database-of-{n}-production" for n in range(200)]
    )
    whole = policy(Grants(["cloudformation:DescribeStacks", "sts:GetCallerIdentity"]), scope)
    parts = split(whole)
    assert size(whole) > 2 * MANAGED
    assert all(size(part) <= MANAGED for part in parts)
    assert granted(parts) == granted([whole])


SHORT = {"Sid": "Calls1", "Effect": "Allow", "Action": ["a:B", "a:C"], "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "over", "parts"),
    [
        ([SHORT, {**SHORT, "Sid": "Calls2"}], 0, 1),
        ([SHORT, {**SHORT, "Sid": "Calls2"}], 1, 2),
        # One statement alone: whole at the limit, divided at its actions above it.
        ([SHORT], 0, 1),
        ([SHORT], 1, 2),
    ],
)
def test_a_policy_of_exactly_the_limit_is_not_divided(statements: list[dict[str, Any]], over: int, parts: int) -> None:
    whole = {"Version": VERSION, "Statement": statements}
    found = split(whole, size(whole) - over)
    assert len([row for part in found for row in part["Statement"]] if len(statements) == 1 else found) == parts


def test_the_limit_is_that_of_a_managed_policy() -> None:
    assert (MANAGED, INLINE) == (6_144, 10_240)
