"""Keys of a params file under new names."""

from __future__ import annotations

import pytest

from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.project.review.renamed_keys import renamed_keys
from aurora_cfn.project.review.revision import EnvironmentSide
from aurora_cfn.template.side import Side

Row = tuple[str, str, str]
"""Key, name, template."""


def side(*rows: Row) -> EnvironmentSide:
    stacks = tuple(EnvironmentStack(key, name, template, {}, 1) for key, name, template in rows)
    kinds = {"db": ["Cluster", "Writer"], "db-two": ["Cluster", "Writer"], "net": ["Vpc"]}
    sides = {name: Side({"Resources": {one: {"Type": f"AWS::X::{one}"} for one in ids}}) for name, ids in kinds.items()}
    return EnvironmentSide(Environment("dev", "params/dev.yaml", "eu-west-1", stacks), sides)


DB, NET = ("db", "db-dev", "db"), ("net", "net-dev", "net")


@pytest.mark.parametrize(
    ("right", "found"),
    [
        ([DB, NET], {}),
        ([("orders", "orders-dev", "db"), NET], {"orders": "db"}),
        ([("orders", "db-dev", "db"), NET], {"orders": "db"}),
        ([("orders", "orders-dev", "db-two"), NET], {"orders": "db"}),
        ([("other", "other-dev", "net"), NET], {}),
        ([DB, NET, ("orders", "orders-dev", "db")], {}),
        ([("a", "a-dev", "db"), ("b", "db-dev", "db"), NET], {"b": "db"}),
        ([("orders", "orders-dev", "db"), ("vpc", "vpc-dev", "net")], {"orders": "db", "vpc": "net"}),
        ([NET], {}),
    ],
)
def test_a_new_key_is_an_old_one_where_name_template_or_resources_are_the_same(
    right: list[Row], found: dict[str, str]
) -> None:
    assert renamed_keys(side(DB, NET), side(*right)) == found
