"""A deployment that AWS is known to refuse: it ends with 11, and nothing is executed."""

from __future__ import annotations

from tests.cli.project import PARAMS, Project

NEW, OLD = (f'{PARAMS}      EngineVersion: "{version}"\n' for version in ("17.7", "17.5"))


def test_a_downgrade_is_executed_only_when_it_is_tried_anyway(dev: Project) -> None:
    dev.write(NEW)
    assert dev.deploy("--yes").exit_code == 0
    dev.write(OLD)
    dev.endpoint.actions.clear()
    ran = dev.deploy("--yes", "--no-snapshot", "--allow-replace", "DBCluster")
    assert ran.exit_code == 11, ran.stderr
    assert "RDS does not downgrade" in ran.stderr
    assert "--try-anyway DBCluster" in ran.stderr
    assert "ExecuteChangeSet" not in dev.endpoint.actions
    tried = dev.deploy("--yes", "--no-snapshot", "--try-anyway", "DBCluster")
    assert tried.exit_code == 0, tried.stderr
    assert "ExecuteChangeSet" in dev.endpoint.actions
