"""kill -9 at any moment, and run again: it finds where it was, repeats nothing, and leaves nothing behind.

A few moments with real processes; all of them are in `tests/deploy/test_killed.py`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import Result

from aurora_cfn.deploy.stack_policy import OPEN
from aurora_cfn.model.change_set import ChangeSetRequest
from tests.cli.killed import killed
from tests.cli.project import PARAMS, Project

pytestmark = pytest.mark.slow

POLL = 5.0
"""Seconds that pass with each reading of events."""
SNAPSHOT = {"DBClusterSnapshotIdentifier": "s", "DBClusterIdentifier": "db-dev-dbcluster", "Status": "available"}
SEVERAL = """\
region: eu-west-1
account: "123456789012"
stacks:
  one: {template: monitoring, parameters: {TargetName: a}}
  two: {template: monitoring, parameters: {TargetName: b}}
  three: {template: monitoring, parameters: {TargetName: c}, depends_on: [one]}
"""


@pytest.fixture
def slow(dev: Project) -> Project:
    """CloudFormation takes its time: each resource a second, and the clock moves with each reading of events."""
    dev.endpoint.cfn.at_once, dev.endpoint.cfn.seconds = False, 1

    def heard(action: str) -> None:
        if action == "DescribeStackEvents":
            dev.endpoint.cfn.clock.sleep(POLL)
        elif action == "CreateDBClusterSnapshot":
            dev.endpoint.answers["DescribeDBClusterSnapshots"]["DBClusterSnapshots"].append(
                # Now, not when the tests were collected: an old one would not be used.
                SNAPSHOT | {"SnapshotCreateTime": datetime.now(UTC)}
            )

    dev.endpoint.heard = heard
    return dev


def again(dev: Project, *arguments: str) -> Result:
    result = dev.deploy("--yes", *arguments)
    assert result.exit_code == 0, result.stderr
    return result


def all_up(dev: Project, names: list[str], status: str) -> None:
    """Every stack is there, executed once, with nothing beside it."""
    cfn = dev.endpoint.cfn
    assert sorted(cfn.names()) == sorted(names)
    assert {cfn.stack(name).status for name in names} == {status}  # type: ignore[union-attr]
    assert [cfn.change_sets(name) for name in names] == [[]] * len(names)
    assert dev.endpoint.actions.count("ExecuteChangeSet") == len(names)
    assert "CancelUpdateStack" not in dev.endpoint.actions


@pytest.mark.parametrize(
    ("action", "nth", "message"),
    [
        ("CreateChangeSet", 1, "deleted the change set aurora-cfn-"),
        ("ExecuteChangeSet", 1, "an earlier run of aurora-cfn is still creating it (deploy --env dev"),
        ("DescribeStackEvents", 1, "an earlier run of aurora-cfn is still creating it (deploy --env dev"),
    ],
)
def test_a_new_stack(slow: Project, action: str, nth: int, message: str) -> None:
    killed(slow, action, nth, "--yes")
    result = again(slow)
    assert message in result.stderr
    assert "StackName" in result.stdout
    all_up(slow, ["db-dev"], "CREATE_COMPLETE")


@pytest.mark.parametrize(
    ("action", "nth"),
    [("CreateDBClusterSnapshot", 1), ("ExecuteChangeSet", 1), ("SetStackPolicy", 2)],
)
def test_a_replacement_in_a_protected_environment(slow: Project, action: str, nth: int) -> None:
    cfn = slow.endpoint.cfn
    slow.write(PARAMS.replace("stacks:", "protect: true\nstacks:"))
    cfn.at_once = True
    again(slow)
    cfn.put_policy("db-dev", OPEN)
    cfn.at_once = False
    cfn.replaces.add("DBCluster")
    slow.endpoint.answers |= {
        "CreateDBClusterSnapshot": {"DBClusterSnapshot": SNAPSHOT},
        "DescribeDBClusterSnapshots": {"DBClusterSnapshots": []},
    }
    slow.write(
        PARAMS.replace("stacks:", "protect: true\nstacks:")
        + "      DatabaseName: other\n      ClusterName: dev-other\n"
    )
    slow.endpoint.actions.clear()
    allowed = ("--allow-replace", "DBCluster", "--allow-replace", "PostgresqlLogGroup")
    killed(slow, action, nth, "--yes", *allowed)
    again(slow, *allowed)
    all_up(slow, ["db-dev"], "UPDATE_COMPLETE")
    stack = cfn.stack("db-dev")
    assert stack is not None
    assert stack.protected
    assert stack.parameters["DatabaseName"] == "other"
    assert "LogicalResourceId/DBCluster" in json.loads(cfn.stack_policy("db-dev"))["Statement"][1]["Resource"]
    assert slow.endpoint.actions.count("CreateDBClusterSnapshot") == 1


@pytest.mark.parametrize(("action", "nth"), [("CreateChangeSet", 2), ("ExecuteChangeSet", 2)])
def test_several_stacks(slow: Project, action: str, nth: int) -> None:
    slow.write(SEVERAL)
    killed(slow, action, nth, "--yes")
    result = again(slow)
    all_up(slow, ["one-dev", "two-dev", "three-dev"], "CREATE_COMPLETE")
    assert result.stdout.count("StackName") >= 1


def test_clearing_away_a_creation_that_failed(slow: Project) -> None:
    slow.endpoint.cfn.put("db-dev", "ROLLBACK_COMPLETE")
    killed(slow, "DeleteStack", 1, "--yes", "--recreate")
    assert "an earlier run of aurora-cfn is still deleting it" in again(slow).stderr
    all_up(slow, ["db-dev"], "CREATE_COMPLETE")
    assert slow.endpoint.actions.count("DeleteStack") == 1


def test_what_others_wait_with_is_never_taken_away(slow: Project) -> None:
    cfn = slow.endpoint.cfn
    killed(slow, "CreateChangeSet", 1, "--yes")
    template = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
    cfn.create_change_set(ChangeSetRequest("db-dev", "theirs", "CREATE", template))
    result = slow.deploy("--dry-run")
    assert result.exit_code == 0, result.stderr
    assert [row.name for row in cfn.change_sets("db-dev")][1:] == ["theirs"]
    assert "of a killed run of aurora-cfn waits on this stack too" in result.stderr
    assert "the change set theirs of another tool or person waits on this stack too" in result.stderr
    again(slow)
    all_up(slow, ["db-dev"], "CREATE_COMPLETE")
