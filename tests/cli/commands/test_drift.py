"""`aurora-cfn drift` as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.project.identity import project_name
from tests.cli.project import Project
from tests.fakes.clock import FakeClock
from tests.fakes.drift import DriftedCloudFormation

ROW: dict[str, Any] = {
    "StackId": "arn",
    "LogicalResourceId": "DBCluster",
    "PhysicalResourceId": "dev-auroracluster",
    "ResourceType": "AWS::RDS::DBCluster",
    "StackResourceDriftStatus": "MODIFIED",
    "Timestamp": "2026-11-21T12:00:00Z",
    "PropertyDifferences": [
        {"PropertyPath": "/Port", "ExpectedValue": "5432", "ActualValue": "5433", "DifferenceType": "NOT_EQUAL"},
        {"PropertyPath": "/EngineVersion", "ExpectedValue": "17", "ActualValue": "17.5", "DifferenceType": "NOT_EQUAL"},
    ],
}


@pytest.fixture
def drifted(dev: Project, rendered: dict[str, str]) -> Project:
    """A deployed stack whose cluster listens on another port."""
    cfn = DriftedCloudFormation(FakeClock(), seconds=0, at_once=True)
    dev.endpoint.cfn = cfn
    ours = Ownership(project_name(None), "dev").tags
    made = cfn.create_change_set(
        ChangeSetRequest("db-dev", "s", "CREATE", rendered["aurora-serverless-postgres"], tags=ours)
    )
    cfn.execute_change_set(made.arn, token="t")
    status = {"StackId": "arn", "StackDriftDetectionId": "d", "Timestamp": "2026-11-21T12:00:00Z"}
    dev.endpoint.answers |= {
        "DetectStackDrift": {"StackDriftDetectionId": "d"},
        "DescribeStackDriftDetectionStatus": {**status, "DetectionStatus": "DETECTION_COMPLETE"},
        "DescribeStackResourceDrifts": {"StackResourceDrifts": [ROW]},
    }
    return dev


def drift(project: Project, *arguments: str) -> Any:
    return project.run("drift", "--env", "dev", "--endpoint-url", project.endpoint.url, *arguments)


def test_drift_is_shown_and_ends_with_zero_unless_asked(drifted: Project) -> None:
    result = drift(drifted)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (
        "db-dev: 1 of 1 resource drifted\n"
        "  ~ DBCluster  AWS::RDS::DBCluster  dev-auroracluster\n"
        "      /Port: 5432 in the template, 5433 in AWS\n"
        "  ignored: DBCluster/EngineVersion: 17 -> 17.5 (a version that names only the major follows minor upgrades)\n"
    )
    assert drift(drifted, "--exit-code").exit_code == 8
    assert not [name for name in drifted.endpoint.actions if name.startswith(("Create", "Execute", "Delete"))]


def test_what_is_ignored_does_not_count(drifted: Project) -> None:
    result = drift(drifted, "--exit-code", "--ignore", "DBCluster/Port")
    assert result.exit_code == 0
    assert result.stdout.startswith("db-dev: in sync")


def test_json(drifted: Project) -> None:
    document = json.loads(drift(drifted, "--format", "json").stdout)
    assert document["stacks"][0]["drifted"][0]["logical_id"] == "DBCluster"


def test_a_stack_that_is_not_there_is_said(dev: Project) -> None:
    result = drift(dev)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "not deployed: db\n")


def test_a_refusal_ends_with_four(drifted: Project) -> None:
    drifted.endpoint.refusals["DetectStackDrift"] = [("AccessDenied", "not authorized")] * 9
    result = drift(drifted)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "DetectStackDrift" in result.stderr


def test_reverting_asks_on_a_terminal_only(drifted: Project) -> None:
    result = drift(drifted, "--revert")
    assert (result.exit_code, result.stdout) == (2, "")
    assert drifted.endpoint.actions == []


def test_reverting_executes_a_change_set_of_its_own_mode(drifted: Project, rendered: dict[str, str]) -> None:
    cfn = drifted.endpoint.cfn
    assert isinstance(cfn, DriftedCloudFormation)
    cfn.drifted = ("DBCluster",)
    result = drift(drifted, "--revert", "--yes")
    assert result.exit_code == 0, result.stderr
    assert "not reverted" in result.stderr
    assert drifted.endpoint.actions.count("ExecuteChangeSet") == 1
    assert cfn.requests[-1].revert_drift
    assert cfn.template("db-dev") == rendered["aurora-serverless-postgres"]


def test_reverting_where_nothing_drifted_writes_nothing(drifted: Project) -> None:
    result = drift(drifted, "--revert", "--yes", "--ignore", "DBCluster")
    assert result.exit_code == 0
    assert "CreateChangeSet" not in drifted.endpoint.actions
