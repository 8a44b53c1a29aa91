"""`aurora-cfn branch`: what is refused, and that no stack and no schedule is made then."""

from __future__ import annotations

import pytest

from tests.cli.project import Project


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["create", "pr-1"], 2, "add --yes to create the branch without being asked"),
        (["create", "pr-1", "--yes", "--expires", "tomorrow"], 2, "'tomorrow' is no end: write 3d, 12h"),
        (["create", "pr-1", "--yes", "--mask", "none.sql"], 2, "does not exist"),
        (["create", "pr-1", "--yes", "--max-capacity", "0"], 2, "not in the range"),
        (["create", "PR_1", "--yes"], 3, "single hyphens, as in pr-812"),
        (["reset", "pr-1"], 2, "add --yes to reset the branch"),
        (["reset", "pr-1", "--yes"], 3, "dev has no branch pr-1; there are: none"),
        (["reset", "pr-1", "--yes", "--preserve-under-name", "before"], 3, "dev has no branch pr-1; there are: none"),
        (["diff", "pr-1", "--no-wake"], 3, "dev has no branch pr-1; there are: none"),
        (["diff", "pr-1"], 3, "dev has no branch pr-1; there are: none"),
        (["url", "pr-1"], 3, "dev has no branch pr-1; see: aurora-cfn branch list --env dev"),
        (["delete", "pr-1"], 2, "add --yes to delete the branch"),
        (["delete", "pr-1", "--yes"], 3, "dev has no branch pr-1"),
        (["set-expiration", "pr-1", "soon"], 2, "is no end"),
        (["set-expiration", "pr-1", "3d"], 3, "dev has no branch pr-1"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(dev: Project, words: list[str], code: int, said: str) -> None:
    verb, *rest = words
    result = dev.run("branch", verb, *rest, "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert not {"CreateChangeSet", "DeleteStack", "CreateSchedule"} & set(dev.endpoint.actions)


def test_a_branch_and_a_stack_are_not_both_meant(dev: Project) -> None:
    result = dev.run("sql", "--env", "dev", "--stack", "db", "--branch", "pr-1", "select 1")
    assert (result.exit_code, "--stack and --branch: give one of them" in result.stderr) == (2, True), result.stderr


ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:dev-auroracluster"
CLUSTER = {
    "DBClusterIdentifier": "dev-auroracluster", "DBClusterArn": ARN, "Engine": "aurora-postgresql",
    "EngineVersion": "17.7", "Status": "available", "DbClusterResourceId": "cluster-A",
}  # fmt: skip
WRITER = {
    "DBInstanceIdentifier": "writer", "DBInstanceArn": ARN, "Engine": "aurora-postgresql", "EngineVersion": "17.7",
    "DBInstanceStatus": "available", "DBClusterIdentifier": "dev-auroracluster",
}  # fmt: skip


def test_a_full_quota_of_clusters_is_seen_before_a_clone_is_made(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.endpoint.actions.clear()
    dev.endpoint.answers |= {
        "DescribeDBClusters": {"DBClusters": [CLUSTER]},
        "DescribeDBInstances": {"DBInstances": [WRITER]},
        "DescribeAccountAttributes": {
            "AccountQuotas": [{"AccountQuotaName": "DBClusters", "Used": 40, "Max": 40}],
        },
    }
    ran = dev.run("branch", "create", "pr-1", "--yes", "--env", "dev", "--endpoint-url", dev.endpoint.url)
    assert ran.exit_code == 11, ran.stderr
    assert "1 more database clusters do not fit: the account has 40 of 40" in ran.stderr
    assert "CreateChangeSet" not in dev.endpoint.actions
