"""`migrate-v1` as a whole command against the emulator: the plan, the copy, and the same again."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_record
from aurora_cfn.local.wire import call
from tests.local.test_sql import ROOT, Project

pytestmark = pytest.mark.slow
OLD = """\
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      Name: legacy
      GenerateSecretString:
        SecretStringTemplate: '{"username": "root1"}'
        GenerateStringKey: password
        ExcludePunctuation: true
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      DBClusterIdentifier: legacy
      Engine: aurora-postgresql
      EngineVersion: "17.7"
      DatabaseName: shop
      EnableHttpEndpoint: true
      StorageEncrypted: true
      MasterUsername: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:username}}"
      MasterUserPassword: !Sub "{{resolve:secretsmanager:${Secret}:SecretString:password}}"
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 1}
  Attached:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: !Ref Cluster, TargetType: AWS::RDS::DBCluster}
  One:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.serverless, Engine: aurora-postgresql}
"""
RDS = """\
Resources:
  Box:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties:
      DBInstanceIdentifier: box
      DBInstanceClass: db.t4g.micro
      AllocatedStorage: "20"
      BackupRetentionPeriod: 7
      DBName: shop
      Engine: postgres
      EngineVersion: "17"
      MasterUsername: boss
      ManageMasterUserPassword: true
      StorageEncrypted: true
"""
PARAMS = """\
endpoint: local
region: eu-west-1
stacks:
  old:
    template: old
  moved:
    template: aurora-serverless-postgres
    parameters:
      ClusterName: moved
      MaxCapacity: 1
      DeletionProtection: false
"""
READY = "      DatabaseName: shop\n      SnapshotIdentifier: legacy-for-moved-local\n"
LATE = f"{PARAMS[PARAMS.index('  moved:') :]}{READY}".replace("moved", "late")
BOX = """\
  box:
    template: box
  unboxed:
    template: aurora-serverless-postgres
    parameters:
      ClusterName: unboxed
      DeletionProtection: false
      EngineVersion: "17"
      DatabaseName: shop
      SnapshotIdentifier: arn:aws:rds:eu-west-1:000000000000:snapshot:box-for-unboxed-local
"""
COUNT = "select count(*) from orders"


@pytest.fixture(scope="module")
def project(server: LocalServer, home: Home, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("legacy")
    (folder / "params").mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", folder / "templates")
    (folder / "templates/old.yaml").write_text(OLD)
    made = Project(folder, server.endpoint, home)
    deployed = made.run("deploy", "--yes", "--stack", "old")
    assert deployed.exit_code == 0, deployed.stderr
    made.sql("create table orders as select generate_series(1, 321) as id", "--stack", "old")
    return made


def test_the_plan_says_what_to_write_and_then_the_rows_are_moved_once(project: Project) -> None:
    words = ("--stack", "moved", "--from-stack", "old-local")
    planned = project.run("migrate-v1", *words, "--plan", "--format", "json")
    assert planned.exit_code == 1
    verdicts = {row["what"]: row["verdict"] for row in json.loads(planned.stdout)}
    assert (verdicts["data"], verdicts["first database"], verdicts["engine"]) == ("refused", "refused", "kept")
    early = project.run("migrate-v1", *words, "--yes")
    assert (early.exit_code, "write `DatabaseName: shop`" in early.stderr) == (3, True)

    (project.folder / "params/local.yaml").write_text(PARAMS + READY)
    assert project.run("migrate-v1", *words, "--plan").exit_code == 0
    moved = project.run("migrate-v1", *words, "--yes", "--check", COUNT)
    assert moved.exit_code == 0, moved.stderr
    rows = {row["what"]: (row["original"], row["copy"]) for row in csv.DictReader(io.StringIO(moved.stdout))}
    assert (rows["stack"], rows[COUNT]) == (("old-local", "moved-local"), ("321", "321"))
    again = project.run("migrate-v1", *words, "--yes")
    assert (again.exit_code, "using the snapshot legacy-for-moved-local" in again.stderr) == (0, True), again.stderr
    assert "nothing to change" in project.run("deploy", "--yes", "--stack", "moved", "--no-proof").stderr

    # What differs, and what the new database refuses, is no success.
    project.sql("insert into orders values (0)", "--stack", "old")
    project.sql("create table newer()", "--stack", "old")
    later = project.run("migrate-v1", *words, "--yes", "--check", COUNT, "--check", "select 7 from newer")
    assert later.exit_code == 1, later.stderr
    assert f"{COUNT}: 321 in the new database, 322 in the old one" in later.stderr
    assert 'select 7 from newer: refused: ERROR: relation "newer" does not exist' in later.stderr
    assert "To switch over" in later.stderr


def test_a_failed_run_goes_on_with_its_snapshot(project: Project, home: Home) -> None:
    def simulate(verb: str, **wanted: dict[str, str]) -> None:
        record = read_record(home.record)
        assert record
        call(record, verb, "simulation", wanted or None, keys=keys_of(home))

    (project.folder / "params/local.yaml").write_text(PARAMS + READY + LATE)
    words = ("--stack", "late", "--from-stack", "old-local", "--yes")
    wrong = project.run("migrate-v1", *words, "--check", "selec 1")
    assert (wrong.exit_code, "--check selec 1: refused: ERROR: syntax error" in wrong.stderr) == (3, True), wrong.stderr
    assert "snapshot" not in wrong.stderr.replace("writes after the snapshot", "")
    simulate("POST", faults={"create:Writer": "no capacity"})
    failed = project.run("migrate-v1", *words)
    simulate("DELETE")
    stays = (
        "the snapshot legacy-for-late-local stays: run this again to continue with it, or `aurora-cfn snapshot delete"
    )
    assert (failed.exit_code, stays in failed.stderr) == (5, True), failed.stderr
    again = project.run("migrate-v1", *words)
    assert (again.exit_code, "`deploy` with --recreate" in again.stderr) == (6, True), again.stderr
    assert project.run("recover", "--yes", "--stack", "late").exit_code == 0
    done = project.run("migrate-v1", *words)
    assert (done.exit_code, "using the snapshot legacy-for-late-local" in done.stderr) == (0, True), done.stderr


def test_an_instance_of_rds_is_restored_by_the_arn_of_its_snapshot(project: Project) -> None:
    (project.folder / "templates/box.yaml").write_text(RDS)
    (project.folder / "params/local.yaml").write_text(PARAMS + READY + LATE + BOX)
    deployed = project.run("deploy", "--yes", "--stack", "box", "--no-preflight")
    assert deployed.exit_code == 0, deployed.stderr
    project.sql("create table orders as select generate_series(1, 55) as id", "--stack", "box")
    words = ("--stack", "unboxed", "--from-stack", "box-local")
    moved = project.run("migrate-v1", *words, "--yes", "--check", COUNT)
    assert moved.exit_code == 0, moved.stderr
    assert list(csv.reader(io.StringIO(moved.stdout)))[-1] == [COUNT, "55", "55"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--stack", "moved"], 2, "give one of --from-stack and --snapshot"),
        (["--stack", "moved", "--from-stack", ""], 2, "give one of --from-stack and --snapshot"),
        (["--stack", "moved", "--from-stack", "old-local"], 2, "add --yes to copy without being asked"),
        (["--stack", "moved", "--snapshot", "x", "--secret", "y"], 2, "are of the database of --from-stack"),
        (["--stack", "moved", "--from-stack", "old", "--plan"], 3, "the full name of old is old-local"),
        (["--stack", "old", "--from-stack", "old-local", "--plan"], 3, "old-local is the new stack"),
        (["--stack", "nothing", "--from-stack", "old-local", "--plan"], 3, "no stack nothing"),
        (["--stack", "moved", "--from-stack", "gone", "--plan"], 3, "there is no stack gone"),
        (["--stack", "moved", "--from-stack", "old-local", "--resource", "X", "--plan"], 3, "there are: Cluster"),
        (["--stack", "moved", "--snapshot", "gone", "--plan"], 3, "there is no snapshot gone"),
    ],
)
def test_what_is_not_there_is_said(project: Project, words: list[str], code: int, said: str) -> None:
    result = project.run("migrate-v1", *words)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
