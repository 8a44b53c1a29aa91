"""The role that deletes branches: what their templates need for it, and nothing of another stack."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints import BY_NAME
from aurora_cfn.blueprints.branch_janitor import BLUEPRINT, GROUPS, LOGS, RDS, READS
from aurora_cfn.render import template
from aurora_cfn.template.resource_schema import handler_permissions

ROLE: dict[str, Any] = template(BLUEPRINT)["Resources"]["Role"]["Properties"]
STATEMENTS: list[dict[str, Any]] = ROLE["Policies"][0]["PolicyDocument"]["Statement"]
# Final snapshots, tags and global clusters, which branches do not have.
NOT_NEEDED = {
    "rds:AddTagsToResource",
    "rds:CreateDBClusterSnapshot",
    "rds:CreateDBSnapshot",
    "rds:RemoveFromGlobalCluster",
}
# Made only with SecretName, ServiceName or enhanced monitoring: branches have none of these.
NEVER_MADE = {
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::RotationSchedule",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::SecretTargetAttachment",
}


@pytest.mark.parametrize("name", ["aurora-serverless-postgres", "aurora-serverless-mysql"])
def test_the_role_may_delete_all_that_a_branch_has(name: str) -> None:
    kinds = {row["Type"] for row in template(BY_NAME[name])["Resources"].values()} - NEVER_MADE
    wanted = {action for kind in kinds for action in handler_permissions(kind, ("delete",))} - NOT_NEEDED
    assert wanted <= {*RDS, *GROUPS, *LOGS, *READS}


def test_everything_that_changes_something_is_limited_to_branches() -> None:
    for row in STATEMENTS[:-1]:
        named = all("*-branch-*" in arn["Fn::Sub"] for arn in row["Resource"])
        tagged = "*-branch-*" in str(row["Condition"].get("StringLike", ""))
        assert named or tagged
        assert row["Condition"]
    assert all(action.partition(":")[2].startswith(("Describe", "List")) for action in STATEMENTS[-1]["Action"])


def test_only_schedules_of_its_own_group_assume_the_role() -> None:
    (row,) = ROLE["AssumeRolePolicyDocument"]["Statement"]
    assert row["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert row["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"].endswith("schedule-group/${AWS::StackName}")
