"""`clients` as a whole command against the emulator: three clients in two regions, from their creation to their end."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import ServerRecord, read_record
from aurora_cfn.local.wire import call
from tests.local.conftest import clients_of
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  janitor: {template: branch-janitor}
fleet:
  name: tenants
  template: aurora-serverless-postgres
  regions: [eu-west-1, eu-central-1]
  defaults: {MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: true, LogRetentionDays: 1}
"""


OF_ONE_CLIENT = [
    (("sql", "--client", "acme", "select 6 * 7 as n"), 0, "42"),
    (("sql", "--stack", "client:acme", "select 6 * 7 as n"), 0, "42"),
    (("connect", "--client", "globex", "--url"), 0, "postgresql://"),
    (("run", "--client", "globex", "--", "true"), 0, "PGDATABASE"),
    (("events", "--client", "globex"), 0, "tenants-globex"),
    (("status", "--client", "acme"), 0, "worktree: as deployed\nwhat runs in local is not what is committed"),
    (("recover", "--client", "acme"), 0, "nothing to recover"),
    (("drift", "--client", "initech"), 0, "tenants-initech"),
    (("logs", "--client", "acme"), 0, ""),
    (("inspect", "--client", "acme"), 0, ""),
    (("metrics", "--client", "acme"), 0, "acme"),
    (("why-awake", "--client", "acme"), 0, ""),
    (("sql", "--client", "acne", "select 1"), 3, "no client acne: did you mean acme?"),
    (("events", "--client", "nothing"), 3, "no client nothing: see `aurora-cfn clients list`"),
    (("events", "--client", "acme", "--stack", "janitor"), 2, "--stack and --client: give one of them"),
    (("events", "--stack", "client:acme", "--stack", "client:globex"), 2, "one client at a time"),
    (("sql", "--client", "acme", "--region", "eu-west-1", "select 1"), 3, "no client acme in eu-west-1"),
]


@pytest.fixture
def project(server: LocalServer, home: Home, tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    git = [
        "git",
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.com",
        "-c",
        "commit.gpgsign=false",
        "-C",
        str(tmp_path),
    ]
    for words in (("init", "-q"), ("add", "params", "templates"), ("commit", "-qm", "first")):
        subprocess.run([*git, *words], check=True)
    return Project(tmp_path, server.endpoint, home)


@pytest.fixture
def record(server: LocalServer, home: Home) -> Iterator[ServerRecord]:
    found = read_record(home.record)
    assert found
    yield found
    call(found, "DELETE", "simulation", keys=keys_of(home))


def run(project: Project, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of `clients VERB`."""
    ran = project.run("clients", *arguments, verb=verb)
    assert ran.exit_code == code, ran.stderr
    return ran.stdout, ran.stderr


def states(project: Project) -> dict[str, tuple[str, bool]]:
    rows: list[dict[str, Any]] = json.loads(run(project, "list", "--format", "json")[0])
    return {row["client"]: (row["state"], row["current"]) for row in rows}


def parameters(project: Project) -> dict[str, str | None]:
    rows: list[dict[str, Any]] = json.loads(run(project, "list", "--format", "json")[0])
    return {row["client"]: row["parameters"] for row in rows}


def test_the_whole_life_of_a_fleet(project: Project, server: LocalServer, record: ServerRecord, home: Home) -> None:
    run(project, "create", "acme", "globex", "--region", "eu-central-1", "--yes")
    run(project, "create", "initech", "--parameter", "MaxCapacity=2", "--yes")
    assert "has its database in eu-central-1" in run(project, "create", "acme", "--yes", code=3)[1]
    assert "nothing to create" in run(project, "create", "initech", "--yes")[1]
    assert states(project) == dict.fromkeys(("acme", "globex", "initech"), ("ready", True))
    (shown,) = json.loads(run(project, "show", "acme", "--format", "json")[0])
    assert (shown["cluster_arn"].split(":")[3], shown["cause"]) == ("eu-central-1", None)

    # The canary is upgraded; of the wave after it one client fails, and is rolled back.
    (project.folder / "params/local.yaml").write_text(PARAMS.replace("MaxCapacity: 1", "MaxCapacity: 4"))
    fault = {"update:tenants-globex.DBCluster": "no capacity in this zone"}
    call(record, "POST", "simulation", {"faults": fault}, keys=keys_of(home))
    _, said = run(project, "upgrade", "--canary", "acme", "--wave", "5", "--yes", code=5)
    assert "no capacity in this zone" in said
    assert "stopped: 1 failed (tolerate 0); 2 of 3 clients at" in said
    assert states(project)["globex"] == ("rolled back", False)
    call(record, "DELETE", "simulation", keys=keys_of(home))
    _, said = run(project, "upgrade", "--yes")
    assert "wave 1/1: globex" in said
    assert "select 1: ok" in said
    assert states(project) == dict.fromkeys(("acme", "globex", "initech"), ("ready", True))

    for words, code, said in OF_ONE_CLIENT:
        ran = project.run(*words)
        assert (ran.exit_code, said in ran.stdout + ran.stderr) == (code, True), (words, ran.stdout, ran.stderr)

    # A parameter of one client alone, changed as any other, and given back.
    chosen = ("--client", "globex", "--yes")
    assert "select 1: ok" in run(project, "upgrade", *chosen, "--parameter", "MaxCapacity=8")[1]
    assert parameters(project) == {"acme": None, "globex": "MaxCapacity=8", "initech": "MaxCapacity=2"}
    assert "1 of 1 client" in run(project, "upgrade", *chosen, "--parameter", "MaxCapacity=8")[1]
    assert "--parameter MaxCapacity: " in run(project, "upgrade", *chosen, "--parameter", "MaxCapacity=x", code=3)[1]
    assert "has no such client" in run(project, "upgrade", "--client", "hooli", "--yes", code=3)[1]
    assert "named with --client" in run(project, "upgrade", "--default", "MaxCapacity", code=2)[1]
    run(project, "upgrade", *chosen, "--default", "MaxCapacity")
    assert parameters(project)["globex"] is None
    assert "has no MaxCapacity of its own" in run(project, "upgrade", *chosen, "--default", "MaxCapacity", code=3)[1]

    # A claim that a killed create left is found, and is freed by delete.
    clients_of(server)("ssm").put_parameter(Name="/aurora-cfn/fleet/tenants/lost", Value="eu-west-1", Type="String")
    assert run(project, "check", "--check", "select false", code=1)[0].count("answered False") == 3
    assert "lost,eu-west-1,claimed" in run(project, "check", code=1)[0]
    run(project, "delete", "lost", "acme", "globex", "initech", "--parallel", "4", "--yes")
    assert states(project) == {}
    for region, names in (("eu-central-1", {"acme", "globex"}), ("eu-west-1", {"initech"})):
        rows = clients_of(server, region=region)("rds").describe_db_cluster_snapshots()["DBClusterSnapshots"]
        found = {row["DBClusterIdentifier"] for row in rows}
        assert {f"tenants-{name}" for name in names} <= found
