"""`branch` as a whole command against the emulator: cloned, masked, compared, made anew, deleted by its schedule."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import root
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import Stacks, clients_of
from tests.local.test_sql import ROOT, Project
from tests.waiting import until

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  origin:
    template: aurora-serverless-postgres
    parameters: {ClusterName: origin, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: false, LogRetentionDays: 1}
  janitor: {template: branch-janitor}
"""
STACK = "origin-local-branch-pr-1"
COUNT = "select count(*) as n, count(*) filter (where mail = 'x') as masked from people"


@pytest.fixture
def project(server: LocalServer, home: Home, tmp_path: Path) -> Project:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    (tmp_path / "mask.sql").write_text("update people set mail = 'x';")
    (tmp_path / "bad.sql").write_text("update people set mail = 'x'; select 1 / 0;")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    found = Project(tmp_path, server.endpoint, home)
    # What `create --connect` starts.
    psql = tmp_path / "bin/psql"
    psql.parent.mkdir()
    psql.write_text('#!/bin/sh\necho "$PGUSER $PGDATABASE" > psql.txt; exit 9\n')
    psql.chmod(0o755)
    found.environment["PATH"] = f"{psql.parent}{os.pathsep}{os.environ['PATH']}"
    return found


def run(project: Project, verb: str, *arguments: str, code: int = 0) -> tuple[str, str]:
    """stdout and stderr of `branch VERB`."""
    ran = project.run("branch", *arguments, verb=verb)
    assert ran.exit_code == code, ran.stderr
    return ran.stdout, ran.stderr


def listed(project: Project) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(project, "list", "--format", "json")[0])
    return found


def test_the_whole_life_of_a_branch(project: Project, server: LocalServer) -> None:
    missing = project.run("branch", "pr-1", "--expires", "3d", "--yes", verb="create")
    assert missing.exit_code == 3, missing.stderr
    deployed = project.run("deploy", "--yes")
    assert deployed.exit_code == 0, deployed.stderr
    project.sql("create role app login password 'secret'")
    project.sql("create table people as select id, 'a' || id as mail from generate_series(1, 1234) as id")

    # A mask that fails leaves nothing behind, neither a stack nor a schedule.
    _, said = run(project, "create", "pr-1", "--expires", "3d", "--mask", "bad.sql", "--yes", code=4)
    assert "division by zero" in said
    assert listed(project) == []

    _, said = run(project, "create", "pr-1", "--expires", "3d", "--mask", "mask.sql", "--connect", "--yes", code=9)
    assert (project.folder / "psql.txt").read_text() == "dbadmin temporal\n"
    assert "to connect: aurora-cfn connect --env local --branch pr-1\n" in said
    assert "mask.sql: 1 statement, 1234 rows changed" in said
    assert project.rows(COUNT, "--branch", "pr-1") == [{"n": 1234, "masked": 1234}]
    assert project.rows(COUNT, "--stack", "origin") == [{"n": 1234, "masked": 0}]
    logins = "select rolname from pg_roles where rolcanlogin and rolname = 'app'"
    assert (project.rows(logins, "--branch", "pr-1"), len(project.rows(logins))) == ([], 1)
    (row,) = listed(project)
    assert (row["branch"], row["of"], row["stack"]) == ("pr-1", "origin-local", STACK)
    assert datetime.strptime(row["ends"], "%Y-%m-%d %H:%M UTC")

    status = project.run("status")
    assert f"{STACK} CREATE_COMPLETE" in status.stdout
    assert f"  a branch of origin-local, ends {row['ends']}" in status.stdout

    wakes = "a paused database is resumed for this (--no-wake refuses)\n"
    assert run(project, "diff", "pr-1", "--exit-code") == ("", f"{wakes}no differences\n")
    project.sql("--branch", "pr-1", "alter table people add column note text")
    assert (
        run(project, "diff", "pr-1", "--exit-code", code=8)[0] == "+ alter table public.people add column note text;\n"
    )
    assert run(project, "url", "pr-1")[0].startswith("postgresql://dbadmin@127.0.0.1:")

    assert "there is a branch pr-1 already" in run(project, "create", "pr-1", "--yes", code=3)[1]
    assert "pr-1 was masked" in run(project, "reset", "pr-1", "--yes", code=3)[1]
    project.sql("delete from people where id > 34")
    project.sql("--branch", "pr-1", "delete from people where id > 1000")
    project.sql("--branch", "pr-1", "create role tester login password 'made for the branch'")
    preserve = ("--preserve-under-name", "before")
    _, said = run(project, "reset", "pr-1", "--mask", "mask.sql", *preserve, "--yes")
    assert row["ends"].removeprefix("ends ") in said
    assert "before has the state of pr-1 before the reset" in said
    assert project.rows(COUNT, "--branch", "pr-1") == [{"n": 34, "masked": 34}]
    assert run(project, "diff", "pr-1")[0] == ""
    assert project.rows(COUNT, "--branch", "before") == [{"n": 1000, "masked": 1000}]
    tester = "select rolname from pg_roles where rolcanlogin and rolname in ('app', 'tester')"
    assert project.rows(tester, "--branch", "before") == [{"rolname": "tester"}]
    assert [(one["branch"], one["of"], one["ends"], one["kept_of"]) for one in listed(project)] == [
        ("pr-1", "origin-local", row["ends"], None), ("before", "origin-local", row["ends"], "pr-1"),
    ]  # fmt: skip
    note = "- alter table public.people drop column note;\n"
    assert run(project, "diff", "pr-1", "--base", "before", "--exit-code", code=8)[0] == note
    for name, why in (
        ("before", "there is a branch before already"), ("B_1", "single hyphens"), ("x" * 60, "61 characters at most"),
    ):  # fmt: skip
        refused = ("--mask", "mask.sql", "--preserve-under-name", name, "--yes")
        assert why in run(project, "reset", "pr-1", *refused, code=3)[1]
    assert project.rows(COUNT, "--branch", "pr-1") == [{"n": 34, "masked": 34}]
    assert "has the state of pr-1" in run(project, "reset", "before", "--yes", code=3)[1]

    pause = ["local", "pause", "origin-branch-before", "--resume-after", "0"]
    assert CliRunner(env=project.environment).invoke(root, pause).exit_code == 0
    assert "origin-branch-before is paused" in run(project, "diff", "before", "--no-wake", code=1)[1]
    assert "before is paused" in run(project, "diff", "pr-1", "--base", "before", "--no-wake", code=1)[1]
    assert run(project, "diff", "pr-1", "--no-wake")[0] == ""
    assert "before is paused" in run(project, "create", "x", "--from", "before", "--no-wake", "--yes", code=1)[1]
    of_branch = ("--branch", "before", "--no-wake")
    for words in (("connect", *of_branch), ("run", *of_branch, "--as", "dataapi", "--", "psql")):
        ran = project.run(*words)
        assert (ran.exit_code, "origin-branch-before is paused" in ran.stderr) == (1, True), ran.stderr
    run(project, "delete", "before", "--yes")

    run(project, "set-expiration", "pr-1", "never")
    assert listed(project)[0]["ends"] == "stays"
    run(project, "set-expiration", "pr-1", "1h")
    expire(server)
    assert Stacks(clients_of(server)).settled(STACK)["StackStatus"] == "DELETE_COMPLETE"
    assert listed(project) == []
    assert snapshots(server) == []
    assert project.run("destroy", "--yes").exit_code == 0


def expire(server: LocalServer) -> None:
    """Move the schedule into the past, and wait until it has begun to delete the stack."""
    scheduler, cloudformation = clients_of(server)("scheduler"), clients_of(server)("cloudformation")
    row = scheduler.get_schedule(GroupName="janitor-local", Name=STACK)
    past = datetime.now(UTC) - timedelta(minutes=1)
    names = ("GroupName", "Name", "FlexibleTimeWindow", "Target", "State", "ActionAfterCompletion")
    scheduler.update_schedule(ScheduleExpression=f"at({past:%Y-%m-%dT%H:%M:%S})", **{name: row[name] for name in names})

    def stays() -> bool:
        found = cloudformation.list_stacks()["StackSummaries"]
        return any((one["StackName"], one["StackStatus"]) == (STACK, "CREATE_COMPLETE") for one in found)

    assert until(lambda: not stays(), pause=0.05), "the schedule did not delete the stack"


def snapshots(server: LocalServer) -> list[str]:
    found = clients_of(server)("rds").describe_db_cluster_snapshots()["DBClusterSnapshots"]
    return [row["DBClusterSnapshotIdentifier"] for row in found if "branch" in row["DBClusterIdentifier"]]
