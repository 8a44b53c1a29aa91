"""The policy of `branch`: everything with branches, and no change and no data of the originals."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.iam.branches import branch_stacks, janitors, made_by_branches
from aurora_cfn.iam.call_limits import limits
from aurora_cfn.iam.scope import Scope
from aurora_cfn.iam.stack_resources import Made

MADE = [
    Made("db-dev", "Cluster", "AWS::RDS::DBCluster", {"DBClusterIdentifier": "orders"}),
    Made("db-dev", "Writer", "AWS::RDS::DBInstance",
         {"DBInstanceIdentifier": "orders-1", "DBClusterIdentifier": {"Ref": "Cluster"}}),
    Made("db-dev", "MonitoringRole", "AWS::IAM::Role", {}),
    Made("janitor-dev", "Group", "AWS::Scheduler::ScheduleGroup", {"Name": "janitor-dev"}),
    Made("janitor-dev", "Role", "AWS::IAM::Role", {}),
    Made("network-dev", "VPC", "AWS::EC2::VPC", {}),
]  # fmt: skip
SCOPE = Scope(
    region="eu-west-1", account="1", stacks=branch_stacks(MADE), readable=["db-dev", "network-dev"], managed=True,
    made=[*made_by_branches(MADE), *janitors(MADE)], secrets=[],
)  # fmt: skip


def resources(action: str, scope: Scope = SCOPE) -> list[str]:
    return [arn.partition(":1:")[2] or arn for limit in limits(action, scope) for arn in limit.resources]


def test_what_branches_make() -> None:
    found = {(row.stack, row.logical_id): dict(row.properties) for row in made_by_branches(MADE)}
    assert found == {
        ("db-dev-branch-*", "Cluster"): {
            "DBClusterIdentifier": "orders-branch-*", "SourceDBClusterIdentifier": "orders",
        },
        ("db-dev-branch-*", "Writer"): {
            "DBInstanceIdentifier": "orders-branch-*-1", "DBClusterIdentifier": {"Ref": "Cluster"},
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("cloudformation:DeleteStack", ["stack/db-dev-branch-*/*"]),
        ("cloudformation:ExecuteChangeSet", ["stack/db-dev-branch-*/*"]),
        ("cloudformation:DescribeStacks", ["stack/db-dev-branch-*/*", "stack/db-dev/*", "stack/network-dev/*"]),
        ("rds-data:ExecuteStatement", ["cluster:orders-branch-*"]),
        ("scheduler:CreateSchedule", ["schedule/janitor-dev/*"]),
        ("iam:PassRole", ["role/janitor-dev-Role-*"]),
    ],
)
def test_originals_are_read_and_not_changed(action: str, expected: list[str]) -> None:
    assert resources(action) == expected


def test_the_secret_of_the_original_cannot_be_read() -> None:
    (limit,) = limits("secretsmanager:GetSecretValue", SCOPE)
    condition: Any = limit.condition
    arns = condition["StringLike"]["secretsmanager:ResourceTag/aws:rds:primaryDBClusterArn"]
    assert arns == ["arn:aws:rds:eu-west-1:1:cluster:orders-branch-*"]


def test_without_a_janitor_no_schedule_can_be_made() -> None:
    scope = Scope(made=made_by_branches(MADE))
    assert resources("scheduler:CreateSchedule", scope) == resources("iam:PassRole", scope) == []
