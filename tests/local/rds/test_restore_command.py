"""`restore` as a whole command against the emulator: copied with its rows, swapped, killed in the middle, deleted."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import clients_of
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
STACK, COUNT = "shop-local", "select count(*) as n from orders"
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  shop:
    template: aurora-serverless-postgres
    parameters: {ClusterName: shop, MinCapacity: 0.5, MaxCapacity: 1, DeletionProtection: true, LogRetentionDays: 1}
"""

THEIRS = f"""\
endpoint: local
region: eu-west-1
project: theirs
stacks: {{taken: {{template: theirs, name: {STACK}-y1}}}}
"""
THEIR_CLUSTER = """\
Resources:
  Taken:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      DBClusterIdentifier: shop-x1
      Engine: aurora-postgresql
      MasterUsername: boss
      ManageMasterUserPassword: true
      StorageEncrypted: true
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 1}
  One:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {DBClusterIdentifier: !Ref Taken, DBInstanceClass: db.serverless, Engine: aurora-postgresql}
"""


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    (folder / "params/two.yaml").write_text(PARAMS.replace("ClusterName: shop", "ClusterName: two"))
    (folder / "params/far.yaml").write_text(PARAMS.replace("eu-west-1", "eu-central-1"))
    (folder / "params/theirs.yaml").write_text(THEIRS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    (folder / "templates/theirs.yaml").write_text(THEIR_CLUSTER)
    made = Project(folder, server.endpoint, home)
    for words in (["--yes"], ["--yes", "--env", "theirs", "--no-proof"]):
        deployed = made.run("deploy", *words)
        assert deployed.exit_code == 0, deployed.stderr
    made.sql("create table orders as select generate_series(1, 100) as id")
    return made


def restore(project: Project, *arguments: str, code: int = 0) -> Result:
    result = project.run("restore", *arguments)
    assert result.exit_code == code, result.stderr
    return result


def count(project: Project, stack: str = STACK) -> object:
    return project.rows(COUNT, "--stack", stack)[0]["n"]


def endpoints(server: LocalServer) -> dict[str, tuple[str, int]]:
    rows = clients_of(server)("rds").describe_db_clusters()["DBClusters"]
    return {row["DBClusterIdentifier"]: (row["Endpoint"], row["Port"]) for row in rows}


def secret(project: Project) -> object:
    return json.loads(project.run("outputs", "--format", "json").stdout)["shop"]["SecretArn"]


def killed(project: Project, after: str) -> str:
    """What `--swap r1` wrote until it was killed, right after the line that begins like that."""
    words = ["restore", "--env", "local", "--endpoint-url", project.endpoint, "--swap", "r1", "--confirm", STACK]
    child = subprocess.Popen(
        [sys.executable, "-m", "aurora_cfn", *words], cwd=project.folder, env=os.environ | project.environment,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stderr is not None
    lines = []
    with child:
        for line in child.stderr:
            lines.append(line)
            if line.startswith(after):
                child.kill()
                break
    return "".join(lines)


def test_a_copy_is_compared_swapped_in_spite_of_kills_swapped_back_and_deleted(
    project: Project, server: LocalServer
) -> None:
    result = restore(project, "--latest", "--yes", "--check", COUNT)
    rows = {row["what"]: (row["original"], row["copy"]) for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["stack"] == (STACK, f"{STACK}-r1")
    assert rows["cluster"] == ("shop", "shop-r1")
    assert rows[COUNT] == ("100", "100")
    assert rows["secret"][0] != rows["secret"][1]
    project.sql("delete from orders where id > 10")
    before, places = secret(project), endpoints(server)
    assert "add --confirm shop-local" in restore(project, "--swap", "r1", code=6).stderr

    # Killed twice: between the names of the instances, and between those of the clusters.
    first = killed(project, "rename the instance shop-r1-1 ")
    assert "gets the data of shop-local-r1" in first
    second = killed(project, "rename the cluster shop to ")
    assert "was begun: it is continued" in second
    assert "being swapped" in restore(project, "--delete", "r1", "--confirm", f"{STACK}-r1", code=6).stderr
    last = restore(project, "--swap", "r1", "--confirm", STACK)
    assert "shop-local has the restored data" in last.stderr
    assert "warning" not in last.stderr
    assert endpoints(server) == places
    assert (count(project), count(project, f"{STACK}-r1")) == (100, 10)
    assert secret(project) == rows["secret"][1] != before
    listed = json.loads(project.run("status", "--format", "json").stdout)
    assert [(row["name"], row["kind"]) for row in listed["copies"]] == [(f"{STACK}-r1", "previous")]

    assert "the database before the swap" in restore(project, "--latest", "--into", "r1", "--yes", code=3).stderr

    # Nothing is left to deploy, and the same again brings the old data back.
    again = project.run("deploy", "--yes", "--no-proof")
    assert (again.exit_code, "nothing to change" in again.stderr) == (0, True), again.stderr
    assert "from before the last swap" in restore(project, "--swap", "r1", "--confirm", STACK).stderr
    assert (count(project), count(project, f"{STACK}-r1")) == (10, 100)
    assert (secret(project), endpoints(server)) == (before, places)

    deleted = restore(project, "--delete", "r1", "--confirm", f"{STACK}-r1")
    assert "switching the deletion protection of shop-r1 off" in deleted.stderr
    assert json.loads(project.run("status", "--format", "json").stdout)["copies"] == []
    assert count(project) == 10


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--at", "1h", "--yes"], 3, "the emulator keeps no history"),
        (["--at", "2099-01-01", "--yes"], 3, "2099-01-01 00:00:00 UTC is in the future"),
        (["--at", "2h ago", "--yes"], 3, "the emulator keeps no history"),
        (["--at", "0h", "--yes"], 3, "the emulator keeps no history"),
        (["--deleted", "shop", "--snapshot", "", "--yes"], 2, "--snapshot is empty"),
        (["--latest", "--into-env", "", "--yes"], 2, "--into-env is empty"),
        (["--latest"], 2, "add --yes to make the copy without being asked"),
        (["--latest", "--into", "A B", "--yes"], 3, "would be called shop-A B: RDS takes lower-case"),
        (["--latest", "--into", "x1", "--yes"], 3, "there is a cluster shop-x1 already"),
        (["--latest", "--into", "y1", "--yes"], 3, f"there is a stack {STACK}-y1 already"),
        (["--snapshot", "nothing", "--yes"], 3, "there is no snapshot nothing"),
        (["--deleted", "shop", "--yes"], 3, "the cluster shop exists: restore it with --latest"),
        (["--deleted", "other", "--yes"], 3, "a deleted cluster other left neither"),
        (["--deleted", "cluster-OTHER123", "--latest", "--yes"], 3, "a deleted cluster cluster-OTHER123 left neither"),
        (["--deleted", "shop", "--at", "1h", "--latest"], 2, "not --at and --latest and --deleted"),
        (
            ["--latest", "--into-env", "far", "--yes"],
            3,
            "local is in eu-west-1 and far is in eu-central-1: share or copy",
        ),
        (["--latest", "--into-env", "two", "--yes"], 3, "not deployed: shop-two"),
        (["--swap", "r1", "--into-env", "two"], 2, "--swap and --delete take its environment as --env"),
        (["--swap", "r7"], 3, "has no copy r7 of a database; its copies: none"),
        (["--latest", "--swap", "r1"], 2, "not --latest and --swap"),
        ([], 2, "give one of --at"),
    ],
)
def test_what_cannot_be_restored_is_said_and_nothing_is_made(
    project: Project, words: list[str], code: int, said: str
) -> None:
    assert said in restore(project, *words, code=code).stderr
    assert json.loads(project.run("status", "--format", "json").stdout)["copies"] == []


def test_a_deleted_cluster_comes_back_from_its_backups_and_its_snapshots(project: Project) -> None:
    params = PARAMS.replace("DeletionProtection: true", "DeletionProtection: false")
    (project.folder / "params/local.yaml").write_text(params)
    assert project.run("deploy", "--yes").exit_code == 0
    kept = count(project)
    project.sql("alter table orders add column note text")
    destroyed = project.run("destroy", "--confirm", STACK, "--yes")
    assert destroyed.exit_code == 0, destroyed.stderr
    assert "a final snapshot of shop and automated backups of shop until their retention ends" in destroyed.stderr
    assert "a deleted cluster comes back with --deleted" in restore(project, "--latest", "--yes", code=3).stderr
    assert "keeps no history" in restore(project, "--deleted", "shop", "--at", "1h", "--yes", code=3).stderr
    listed = project.run("snapshot", "--deleted", "--format", "json", verb="list")
    assert listed.exit_code == 0, listed.stderr
    left = [row for row in json.loads(listed.stdout) if row["cluster"] == "shop"]
    assert {"automated backups", "automated snapshot", "manual snapshot"} == {row["type"] for row in left}
    result = restore(project, "--deleted", "shop", "--yes", "--check", COUNT)
    rows = {row["what"]: (row["original"], row["copy"]) for row in csv.DictReader(io.StringIO(result.stdout))}
    assert (rows["stack"], rows[COUNT]) == (("", f"{STACK}-r1"), ("", str(kept)))
    assert "the data of shop are back" in result.stderr
    assert "shop comes from its automated backups: they reach further than its last snapshot shop-" in result.stderr
    assert f"have it as shop-local again: SourceDbClusterResourceId: {left[0]['resource_id']} in " in result.stderr
    assert project.rows("select note from orders", "--stack", f"{STACK}-r1")[0] == {"note": None}
    words = ("--deleted", left[0]["resource_id"], "--snapshot", "nothing", "--yes")
    assert "there is no snapshot nothing" in restore(project, *words, code=3).stderr
    restore(project, "--delete", "r1", "--confirm", f"{STACK}-r1")

    # The same into another environment: beside its stack, with its parameters and the data of the deleted cluster.
    with contextlib.chdir(project.folder):
        deploy = ["deploy", "--env", "two", "--endpoint-url", project.endpoint, "--yes", "--no-proof"]
        assert CliRunner(env=project.environment).invoke(root, deploy).exit_code == 0
    more = ("--into-env", "two", "--yes", "--check", COUNT, "--check", "select 1 from nowhere")
    result = restore(project, "--deleted", left[0]["resource_id"], *more, code=1)
    rows = {row["what"]: (row["original"], row["copy"]) for row in csv.DictReader(io.StringIO(result.stdout))}
    assert (rows["cluster"], rows[COUNT]) == (("", "two-r1"), ("", str(kept)))
    assert rows["select 1 from nowhere"][1].startswith("refused: ERROR: relation")
    assert "two gets the data of local as they are" in result.stderr
    assert "put it in place: aurora-cfn restore --env two" in result.stderr
