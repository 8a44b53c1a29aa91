"""A deployment that AWS is known to refuse: it ends with 11, and nothing is written; `--try-anyway` executes it."""

from __future__ import annotations

import json

import pytest

from tests.cli.project import PARAMS, Project
from tests.cli.test_plans import WRITES

NEW, OLD = (f'{PARAMS}      EngineVersion: "{version}"\n' for version in ("17.9", "17.6"))
NETWORK = "  network:\n    template: network\n"


@pytest.fixture
def downgraded(dev: Project) -> Project:
    """A stack on 17.9 whose params file says 17.6."""
    dev.write(NEW)
    assert dev.deploy("--yes").exit_code == 0
    dev.write(OLD)
    dev.endpoint.actions.clear()
    return dev


def test_a_downgrade_is_executed_only_when_it_is_tried_anyway(downgraded: Project) -> None:
    ran = downgraded.deploy("--yes", "--no-snapshot", "--allow-replace", "DBCluster")
    assert ran.exit_code == 11, ran.stderr
    assert "RDS does not downgrade" in ran.stderr
    assert "--try-anyway DBCluster" in ran.stderr
    assert "ExecuteChangeSet" not in downgraded.endpoint.actions
    tried = downgraded.deploy("--yes", "--no-snapshot", "--try-anyway", "DBCluster")
    assert tried.exit_code == 0, tried.stderr
    assert "ExecuteChangeSet" in downgraded.endpoint.actions


@pytest.mark.parametrize("way", [("--yes",), ("--dry-run",), ("--plan", "plan.json")], ids=lambda way: way[0])
@pytest.mark.parametrize("looking", [True, False], ids=["preflight", "no-preflight"])
def test_no_change_set_is_made_for_it(downgraded: Project, way: tuple[str, ...], looking: bool) -> None:
    ran = downgraded.deploy(*way, looking=looking)
    assert ran.exit_code == 11, ran.stderr
    assert ran.stderr.count("RDS does not downgrade") == 1
    assert not WRITES & set(downgraded.endpoint.actions)
    assert "snapshot of the cluster" not in ran.stderr


def test_a_stack_beside_it_is_not_deployed_either(downgraded: Project) -> None:
    downgraded.write(OLD + NETWORK)
    ran = downgraded.deploy("--yes", looking=True)
    assert ran.exit_code == 11, ran.stderr
    assert not WRITES & set(downgraded.endpoint.actions)


def test_where_the_template_may_not_be_read_the_change_set_decides(downgraded: Project) -> None:
    downgraded.endpoint.refusals["GetTemplate"] = [("AccessDenied", "no")]
    ran = downgraded.deploy("--yes", "--no-snapshot")
    assert "not reviewed against the deployed template" in ran.stderr
    assert "CreateChangeSet" in downgraded.endpoint.actions


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DBClusters", "no stack of this run has a resource of that name (did you mean DBCluster?)"),
        ("db.ClusterArm", "no stack of this run has a resource of that name (did you mean db.ClusterArn?)"),
        ("network.DBCluster", "no stack network in this run (the stacks of this run: db)"),
    ],
)
def test_a_name_that_means_nothing_is_refused_before_anything_is_written(
    downgraded: Project, name: str, said: str
) -> None:
    ran = downgraded.deploy("--yes", "--try-anyway", name, looking=True)
    assert ran.exit_code == 3
    assert f"--try-anyway {name}: {said}" in ran.stderr
    assert not WRITES & set(downgraded.endpoint.actions)


def test_an_output_may_be_named_too(downgraded: Project) -> None:
    assert downgraded.deploy("--dry-run", "--try-anyway", "ClusterArn", "--try-anyway", "DBCluster").exit_code == 0


@pytest.mark.parametrize("looking", [True, False], ids=["preflight", "no-preflight"])
def test_what_is_tried_travels_in_the_plan(downgraded: Project, looking: bool) -> None:
    planned = downgraded.deploy("--plan", "plan.json", "--no-snapshot", "--try-anyway", "DBCluster", looking=looking)
    assert planned.exit_code == 0, planned.stderr
    assert json.loads((downgraded.folder / "plan.json").read_text())["tried"] == ["DBCluster"]
    address = ("--endpoint-url", downgraded.endpoint.url, "--no-proof", *(() if looking else ("--no-preflight",)))
    apply = ("deploy", "--apply", "plan.json", "--yes", "--no-snapshot", *address)
    wrong = downgraded.run(*apply, "--try-anyway", "DBCluster")
    assert wrong.exit_code == 2
    assert "--try-anyway does not go with --apply" in wrong.stderr
    ran = downgraded.run(*apply)
    assert ran.exit_code == 0, ran.stderr
    assert "made with --try-anyway DBCluster" in ran.stderr
    assert "ExecuteChangeSet" in downgraded.endpoint.actions


def test_a_refused_replacement_says_nothing_of_a_snapshot(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 8\n      ClusterName: dev-db-2"))
    dev.endpoint.cfn.replaces.add("DBCluster")
    ran = dev.deploy("--yes")
    assert ran.exit_code == 6, ran.stderr
    assert "is taken first" not in ran.stderr
