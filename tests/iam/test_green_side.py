"""The policy of `upgrade`: the green side by its own names, and never the database that is in use."""

from __future__ import annotations

import pytest

from aurora_cfn.aws.permissions import needed
from aurora_cfn.iam.call_limits import limits, resource_types
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import Made

MADE = [Made("db-dev", "Cluster", "AWS::RDS::DBCluster", {"DBClusterIdentifier": "orders"})]
SCOPE = Scope(region="eu-west-1", account="1", made=MADE, upgrades=True)


@pytest.mark.parametrize(
    ("action", "ends"),
    [
        ("rds:CreateBlueGreenDeployment", ["cluster:orders", "cluster-pg:*", "deployment:*"]),
        ("rds:DeleteBlueGreenDeployment", ["deployment:*"]),
        ("rds:DeleteDBCluster", ["cluster:orders-green-*"]),
        ("rds:DeleteDBInstance", ["db:*-green-*"]),
        ("rds:ModifyDBCluster", ["cluster:orders", "cluster:orders-green-*"]),
        ("rds:CreateDBClusterSnapshot", ["cluster:orders", "cluster-snapshot:*"]),
    ],
)
def test_what_each_action_is_allowed_for(action: str, ends: list[str]) -> None:
    (limit,) = limits(action, SCOPE)
    assert list(limit.resources) == [f"arn:aws:rds:eu-west-1:1:{end}" for end in ends]


def test_without_a_cluster_nothing_of_it_is_allowed_and_other_commands_get_none_of_it() -> None:
    assert list(limits("rds:DeleteDBCluster", Scope(made=[], upgrades=True))) == []
    assert set(needed("upgrade")) >= resource_types("deployments").keys()
    assert "rds:DeleteDBCluster" not in needed("deploy")
