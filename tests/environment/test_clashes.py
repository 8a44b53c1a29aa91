"""Two databases of one environment may not have one name: AWS would refuse the second."""

from __future__ import annotations

import pytest

from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from tests.blueprints.known import KNOWN

FILE = """\
region: eu-west-1
stacks:
  orders:
    template: {first}
    parameters: {{DatabaseName: orders, {one}}}
  movies:
    template: {second}
    parameters: {{DatabaseName: movies, {two}}}
"""
AURORA, MYSQL, INSTANCE = "aurora-serverless-postgres", "aurora-serverless-mysql", "rds-postgres"


def text_of(first: str, second: str, one: str = "", two: str = "") -> str:
    return FILE.format(first=first, second=second, one=one, two=two)


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (
            text_of(AURORA, AURORA),
            "its database cluster would have the name dev-auroracluster, as that of orders in line 3: AWS refuses it",
            "write under its parameters: `ClusterName: dev-movies`, or another free name",
        ),
        (text_of(AURORA, MYSQL), "the name dev-auroracluster", "`ClusterName: dev-movies`"),
        (text_of(INSTANCE, INSTANCE), "its database instance would have the name dev-database", "`InstanceName:"),
        (text_of(AURORA, AURORA, "ClusterName: main", "ClusterName: main"), "the name main", "`ClusterName:"),
        (text_of(AURORA, AURORA, "ClusterName: dev-auroracluster"), "dev-auroracluster", "`ClusterName: dev-movies`"),
        (text_of(AURORA, AURORA, "EnvironmentName: x", "EnvironmentName: x"), "x-auroracluster", "`ClusterName:"),
        (
            text_of(AURORA, AURORA, "ServiceName: s", "ServiceName: s, ClusterName: other"),
            "its SSM parameter would have the name s-dev-credentials-arn",
            "`ServiceName:",
        ),
    ],
)
def test_one_name_for_two_is_refused_with_the_line_to_write(text: str, what: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        load(text, "params/dev.yaml", "dev", KNOWN)
    (found,) = refused.value.complaints
    assert (found.line, found.key) == (6, "stacks.movies")
    assert what in found.what
    assert hint in found.hint


@pytest.mark.parametrize(
    "text",
    [
        text_of(AURORA, AURORA, "", "ClusterName: dev-movies"),
        text_of(AURORA, AURORA, "EnvironmentName: a", "EnvironmentName: b"),
        text_of(AURORA, INSTANCE),
        # A cluster and an instance may have the same name.
        text_of(AURORA, INSTANCE, "ClusterName: main", "InstanceName: main"),
        # What it will be is not known offline.
        text_of(AURORA, AURORA, "", "ClusterName: {env: NAME}"),
        text_of(AURORA, AURORA, "ServiceName: a", "ServiceName: b, ClusterName: other"),
    ],
)
def test_names_that_differ_or_are_not_known_are_left_alone(text: str) -> None:
    assert len(load(text, "params/dev.yaml", "dev", KNOWN).stacks) == 2


def test_a_value_with_a_fault_is_one_complaint() -> None:
    with pytest.raises(InputError) as refused:
        load(text_of(AURORA, AURORA, "", "ClusterName: Not--good"), "params/dev.yaml", "dev", KNOWN)
    assert [row.key for row in refused.value.complaints] == ["stacks.movies.parameters.ClusterName"]
