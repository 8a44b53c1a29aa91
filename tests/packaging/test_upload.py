"""Where the code of an environment belongs, and that it travels once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging import placements, upload_bucket
from tests.blueprints.known import KNOWN


def stack(template: str, line: int = 5, parameters: Mapping[str, str] | None = None) -> EnvironmentStack:
    return EnvironmentStack(template, f"{template}-dev", template, dict(parameters or {}), line)


def environment(*stacks: EnvironmentStack) -> Environment:
    return Environment("dev", "params/dev.yaml", "eu-west-1", stacks, bucket="code")


def test_stacks_with_functions_get_both_parameters_and_others_nothing() -> None:
    where = environment(stack("dsql"), stack("dsql-api"))
    found = placements(where, where.stacks, KNOWN)
    assert set(found) == {"dsql-api"}
    parameters = found["dsql-api"].parameters
    assert parameters["CodeBucket"] == "code"
    assert parameters["CodeKey"].startswith("aurora-cfn/dsql-api/")
    for name, value in parameters.items():
        row = KNOWN["dsql-api"].parameter(name)
        assert row is not None
        assert row.problem(value) is None


def test_without_a_bucket_every_stack_that_needs_one_is_shown_with_its_line() -> None:
    where = replace(environment(stack("dsql-api", 5), stack("http-api", 9), stack("dsql", 12)), bucket=None)
    with pytest.raises(InputError) as caught:
        placements(where, where.stacks, KNOWN)
    assert [(row.line, row.key) for row in caught.value.complaints] == [(5, "stacks.dsql-api"), (9, "stacks.http-api")]
    assert "bucket: NAME" in str(caught.value)
    assert "`account:`" in str(caught.value)


@pytest.mark.parametrize(
    ("more", "given", "expected"),
    [
        ({"bucket": "mine", "account": "123456789012"}, {"account": "999999999999"}, "mine"),
        ({"account": "123456789012"}, {}, "aurora-cfn-123456789012-eu-west-1"),
        ({"account": "123456789012"}, {"account": "999999999999"}, "aurora-cfn-123456789012-eu-west-1"),
        ({}, {"account": "999999999999", "region": "cn-north-1"}, "aurora-cfn-999999999999-cn-north-1"),
        ({"endpoint": "local"}, {}, "aurora-cfn-000000000000-eu-west-1"),
        ({"endpoint": "local", "account": "123456789012"}, {}, "aurora-cfn-123456789012-eu-west-1"),
        ({}, {}, None),
    ],
)
def test_the_bucket_is_named_or_follows_from_account_and_region(
    more: dict[str, Any], given: dict[str, str], expected: str | None
) -> None:
    assert upload_bucket(replace(environment(), **{"bucket": None, **more}), **given) == expected


def test_code_goes_where_the_bucket_of_the_account_would_be() -> None:
    where = replace(environment(stack("dsql-api")), bucket=None, account="123456789012")
    found = placements(where, where.stacks, KNOWN, region="eu-central-1")
    assert found["dsql-api"].bucket == "aurora-cfn-123456789012-eu-central-1"


def test_without_functions_no_bucket_is_missed() -> None:
    where = replace(environment(stack("dsql")), bucket=None)
    assert placements(where, where.stacks, KNOWN) == {}


def test_who_names_the_code_is_left_alone() -> None:
    where = environment(stack("dsql-api", parameters={"CodeKey": "mine.zip"}))
    assert placements(where, where.stacks, KNOWN) == {}
