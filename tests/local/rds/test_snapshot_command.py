"""`snapshot` as a whole command against the emulator: taken, listed, copied, shared, restored, deleted."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  kept:
    template: aurora-serverless-postgres
    parameters: {ClusterName: kept, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, LogRetentionDays: 1}
"""
COPIES = """\
  restored:
    template: aurora-serverless-postgres
    parameters: {ClusterName: restored, SnapshotIdentifier: kept-copy, DeletionProtection: false}
  clone:
    template: aurora-serverless-postgres
    depends_on: [kept]
    parameters:
      ClusterName: clone
      SourceDBClusterIdentifier: kept
      RestoreType: copy-on-write
      DeletionProtection: false
"""
KEYS = ("kept", "restored", "clone")


@pytest.fixture
def project(server: LocalServer, home: Home, tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return Project(tmp_path, server.endpoint, home)


def run(project: Project, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of `snapshot VERB`."""
    result = project.run("snapshot", *arguments, verb=verb)
    assert result.exit_code == code, result.stderr
    return result.stdout.strip(), result.stderr


def test_the_whole_life_of_a_snapshot(project: Project) -> None:
    deployed = project.run("deploy", "--yes")
    assert deployed.exit_code == 0, deployed.stderr
    project.sql("create table orders as select generate_series(1, 1234) as id")
    first, said = run(project, "create")
    assert re.fullmatch(r"kept-\d{4}-\d\d-\d\d-\d{6}", first), first
    assert f"taking the snapshot {first} of kept" in said
    project.sql("delete from orders")
    for name, complaint in (("two--hyphens", "single hyphens"), ("2nd", "single hyphens")):
        assert complaint in run(project, "create", name, code=3)[1]
    assert run(project, "copy", first, "kept-copy")[0] == "kept-copy"
    listed = json.loads(run(project, "list", "--format", "json")[0])
    assert [(one["snapshot"], one["database"], one["status"]) for one in listed] == [
        (first, "kept", "available"), ("kept-copy", "kept", "available"),
    ]  # fmt: skip
    assert "all" in run(project, "share", "kept-copy", "--account", "all", "--yes", code=6)[1]
    assert run(project, "share", "kept-copy", "--account", "210987654321", "--yes")[0] == "210987654321"
    assert run(project, "share", "kept-copy", "--remove", "210987654321", "--yes")[0] == ""
    where = ("--to", "s3://lake/a", "--role", "arn:aws:iam::000000000000:role/export", "--kms-key", "alias/lake")
    assert "The local emulator writes no Parquet" in run(project, "export", first, *where, "--yes", code=4)[1]
    assert run(project, "exports")[0].startswith("task,snapshot,status")
    assert "add --confirm" in run(project, "delete", first, code=6)[1]
    run(project, "delete", first, "--confirm", first)
    assert f"there is no snapshot {first}" in run(project, "delete", first, "--confirm", first, code=3)[1]
    more = PARAMS + COPIES
    (project.folder / "params/local.yaml").write_text(more)
    deployed = project.run("deploy", "--yes")
    assert deployed.exit_code == 0, deployed.stderr
    counts = {key: project.rows("select count(*) as n from orders", "--stack", key)[0]["n"] for key in KEYS}
    assert counts == {"kept": 0, "restored": 1234, "clone": 0}
    project.sql("--stack", "clone", "insert into orders values (7)")
    counts = {key: project.rows("select count(*) as n from orders", "--stack", key)[0]["n"] for key in KEYS}
    assert counts == {"kept": 0, "restored": 1234, "clone": 1}
    assert project.run("destroy", "--yes").exit_code == 0
    # The database is gone, and the tags of its snapshot still say whose it is.
    run(project, "delete", "kept-copy", "--confirm", "kept-copy")
