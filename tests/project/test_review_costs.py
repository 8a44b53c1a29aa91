"""The cost panel in `aurora-cfn review`, in a git repository of its own."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root

TEMPLATE = """\
Parameters:
  Most: {Type: Number, Default: 4}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: !Ref Most}
  Writer:
    Type: AWS::RDS::DBInstance
    Properties: {DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.serverless, Engine: aurora-postgresql}
"""
PARAMS = "region: us-east-1\nstacks:\n  db:\n    template: db\n    parameters: {Most: 8}\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, text in (("templates/db.yaml", TEMPLATE), ("params/dev.yaml", PARAMS)):
        Path(folder).parent.mkdir()
        Path(folder).write_text(text)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-q", "-m", "a commit")):
        subprocess.run(["git", *arguments], check=True, capture_output=True)


def run(*options: str) -> Result:
    return CliRunner().invoke(root, ["review", "--base", "HEAD", "--env", "dev", *options])


def test_a_changed_value_shows_what_it_costs() -> None:
    Path("params/dev.yaml").write_text(PARAMS.replace("8", "16"))
    result = run()
    assert result.exit_code == 0
    assert "cost a month in dev:" in result.stdout
    assert "43.80 to 700.80 -> 43.80 to 1,401.60" in result.stdout
    assert re.search(r"\n  list prices of us-east-1, read \d{4}-\d\d-\d\d or later\n", result.stdout)
    (panel,) = json.loads(run("--format", "json").stdout)["panels"]
    assert panel["data"]["after"] == {"low": 43.8, "high": 1401.6, "complete": True}
    assert "cost a month in dev" in run("--format", "markdown").stdout


def test_a_change_that_costs_nothing_shows_no_panel() -> None:
    Path("templates/db.yaml").write_text(TEMPLATE + "    Metadata: {Why: reviewed}\n")
    assert "cost a month" not in run().stdout


def test_a_new_environment_costs_from_nothing() -> None:
    subprocess.run(["git", "rm", "-q", "--cached", "params/dev.yaml"], check=True)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, "commit", "-q", "-m", "without"], check=True)
    assert "total, USD a month: 0.00 -> 43.80 to 700.80" in run().stdout
