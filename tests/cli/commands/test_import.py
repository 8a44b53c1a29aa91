"""`aurora-cfn import` as a whole."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aurora_cfn.model.ownership import Ownership
from tests.cli.project import Project

REAL = {"DBClusterIdentifier": "prod-db", "Engine": "aurora-postgresql", "EngineVersion": "17.4", "Port": 5432}


@pytest.fixture
def real(dev: Project) -> Project:
    """A cluster that no stack has."""
    answer = {"Identifier": "prod-db", "Properties": json.dumps(REAL)}
    dev.endpoint.answers["GetResource"] = {"TypeName": "AWS::RDS::DBCluster", "ResourceDescription": answer}
    return dev


def take_in(project: Project, *arguments: str) -> Any:
    return project.run("import", "--env", "dev", "--endpoint-url", project.endpoint.url, "--stack", "db", *arguments)


def test_a_cluster_is_taken_in_and_what_differs_is_said(real: Project) -> None:
    result = take_in(real, "DBCluster=prod-db", "--yes")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "db-dev: import 1 resource into a new stack" in result.stderr
    assert "< DBCluster  AWS::RDS::DBCluster  DBClusterIdentifier prod-db" in result.stderr
    assert "DBClusterIdentifier" in result.stderr.partition("as imported")[2]
    stack = real.endpoint.cfn.stack("db-dev")
    assert stack is not None
    assert stack.status == "IMPORT_COMPLETE"


def test_a_dry_run_prints_the_template_and_writes_nothing(real: Project) -> None:
    result = take_in(real, "DBCluster=prod-db", "--dry-run")
    assert result.exit_code == 0, result.stderr
    assert "DBClusterIdentifier: prod-db" in result.stdout
    assert "DeletionPolicy: Snapshot" in result.stdout
    assert not [name for name in real.endpoint.actions if name.startswith(("Create", "Execute", "Delete"))]


def test_wrong_names_end_with_three(real: Project) -> None:
    result = take_in(real, "Nothing=prod-db", "Writer", "--dry-run")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no resource Nothing" in result.stderr
    assert "write LogicalId=PhysicalId" in result.stderr


def test_without_a_terminal_and_without_yes_nothing_is_read(real: Project) -> None:
    result = take_in(real, "DBCluster=prod-db")
    assert (result.exit_code, result.stdout) == (2, "")
    assert real.endpoint.actions == []


def test_what_may_not_be_read_ends_with_four(dev: Project) -> None:
    result = take_in(dev, "DBCluster=prod-db", "--dry-run")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "GetResource" in result.stderr


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ((), 6, "`aurora-cfn import --env dev --take-over db-dev`"),
        (("--take-over", "db-dev"), 0, "db-dev is taken over"),
        (("--take-over", "other"), 3, "no stack of this run has that name"),
    ],
)
def test_a_stack_of_others_is_taken_over_by_name(real: Project, more: tuple[str, ...], code: int, words: str) -> None:
    template = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"
    real.endpoint.cfn.put("db-dev", "CREATE_COMPLETE", template, tags=Ownership("billing", "dev").tags)
    result = take_in(real, "DBCluster=prod-db", "--yes", *more)
    assert result.exit_code == code, result.stderr
    assert words in result.stderr
