"""`upgrade` as a whole command against the emulator: the plan with checks of real data, and a minor upgrade."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.aws.rds import AwsDatabases
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.upgrades import AwsUpgradeTargets
from aurora_cfn.facts.versions import read_version
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.aws.upgrades_contract import keep_targets
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  data:   # the database
    template: aurora-serverless-postgres
    parameters:
      ClusterName: upgraded
      EngineVersion: "17.4"   # the first with all features
      MaxCapacity: 1
      DeletionProtection: false
"""
FAULTS = """\
create table keyless (a int, b regproc);
create unlogged table fast (a int primary key);
create materialized view seen as select 1 as a;
select lo_create(0);
create publication p;
"""


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("upgrade")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    found = Project(folder, server.endpoint, home)
    deployed = found.run("deploy", "--yes", "--no-proof")
    assert deployed.exit_code == 0, deployed.stderr
    yield found
    assert found.run("destroy", "--yes").exit_code == 0


@pytest.mark.parametrize("engine", ["aurora-postgresql", "aurora-mysql"])
def test_the_emulator_offers_what_it_accepts(server: LocalServer, engine: str) -> None:
    session = Session(Connection("eu-west-1", None, server.endpoint, ("000000000000", server.keys.secret_access_key)))
    targets = AwsUpgradeTargets(session)
    if engine == "aurora-postgresql":
        keep_targets(targets, "17.4")
    for version in (row.version for row in AwsDatabases(session).versions(engine, "")[:3]):
        now = read_version(engine, version)
        found = [read_version(engine, row.version) for row in targets.targets(engine, version) if not row.major]
        assert all(now and row and row.major == now.major and row.numbers > now.numbers for row in found)


def params(project: Project) -> str:
    return Path(project.folder, "params/local.yaml").read_text()


def planned(project: Project, *arguments: str, code: int = 0) -> dict[str, Any]:
    done = project.run("upgrade", "--plan", "--format", "json", *arguments)
    assert done.exit_code == code, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_plan_checks_the_real_data_and_changes_nothing(project: Project) -> None:
    clean = planned(project, "--exit-code", code=8)
    assert {row["grade"] for row in clean["checks"]} <= {"good", "note"}
    assert project.sql(FAULTS).exit_code == 0
    found = planned(project)
    grades = {row["check"]: (row["grade"], row["text"]) for row in found["checks"]}
    assert {name: row[0] for name, row in grades.items() if row[0] in {"warn", "bad"}} == {
        "types": "bad", "keys": "warn", "objects": "warn", "not copied": "warn", "publishing": "bad",
    }  # fmt: skip
    assert "change public.keyless.b" in grades["types"][1]
    assert "public.keyless" in grades["keys"][1]
    assert "public.fast, public.seen" in grades["not copied"][1]
    # What a minor upgrade does not touch does not prevent it.
    place, green = found["methods"]
    assert (place["ready"], green["ready"]) == (True, False)
    assert "the emulator has no blue/green deployments: RDS alone makes them" in green["refusals"]
    assert found["settings"][0]["before"] == "17.4"
    assert planned(project, "--no-wake")["checks"] == []
    assert params(project) == PARAMS


def test_a_minor_upgrade_keeps_comments_and_ends_with_nothing_to_deploy(project: Project) -> None:
    done = project.run("upgrade", "--to", "17.5", "--yes")
    assert done.exit_code == 0, done.stderr
    assert params(project) == PARAMS.replace("17.4", "17.5")
    assert "a snapshot of the cluster upgraded is taken first" in done.stderr
    assert planned(project, "--no-wake")["version"] == "17.5"
    again = project.run("upgrade", "--to", "17.5", "--yes")
    assert (again.exit_code, "17.5 runs already" in again.stderr, "nothing to change" in again.stderr) == (
        0,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("--to", "18.3", "--yes"), 11, "the emulator does not offer the upgrade"),
        (("--to", "16.9", "--yes"), 11, "does not downgrade"),
        (("--to", "latest", "--yes"), 3, "that is no version"),
        (("--blue-green", "--yes"), 3, "the emulator has no blue/green deployments: RDS alone makes them"),
        (("--switch", "--yes"), 3, "the emulator has no blue/green deployments"),
        (("--plan", "--switch"), 2, "exclude each other"),
        (("--switch", "--to", "18.3"), 2, "--to does not go with --switch"),
        (("--to", "", "--yes"), 2, "--to is empty"),
        (("--yes", "--no-wake"), 2, "go with --plan"),
        ((), 2, "there is no terminal to ask on"),
    ],
)
def test_what_is_refused_is_refused_before_anything_is_written(
    project: Project, arguments: tuple[str, ...], code: int, text: str
) -> None:
    before = params(project)
    done = project.run("upgrade", *arguments)
    assert (done.exit_code, text in done.stderr) == (code, True), done.stderr
    assert params(project) == before
