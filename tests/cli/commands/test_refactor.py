"""`aurora-cfn refactor` as a whole: the template first, then the command, then no changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.killed import killed
from tests.cli.project import Project

TEMPLATE = """\
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      ManageMasterUserPassword: true
      MasterUsername: boss
      StorageEncrypted: true
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 2}
  Writer:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-postgresql, DBInstanceClass: db.serverless, DBClusterIdentifier: !Ref Cluster}
  Topic:
    Type: AWS::SNS::Topic
Outputs:
  Id: {Value: !Sub "${Cluster}"}
"""
OTHER = "Resources:\n  Kept:\n    Type: AWS::SNS::Topic\n"
PARAMS = """\
region: eu-west-1
account: "123456789012"
stacks:
  db: {template: hand}
  other: {template: other}
"""


@pytest.fixture
def deployed(dev: Project) -> Project:
    dev.write(PARAMS)
    Path("templates/hand.yaml").write_text(TEMPLATE)
    Path("templates/other.yaml").write_text(OTHER)
    ran = dev.deploy("--yes")
    assert ran.exit_code == 0, ran.stderr
    dev.endpoint.actions.clear()
    return dev


def renamed() -> None:
    path = Path("templates/hand.yaml")
    path.write_text(re.sub(r"(?<!DB)Cluster(:\n|\}|\b(?=\}))", r"Database\1", path.read_text()))


def run(dev: Project, *arguments: str, text: str | None = None) -> Result:
    return dev.run("refactor", "--env", "dev", "--endpoint-url", dev.endpoint.url, *arguments, text=text)


def resources(dev: Project, name: str = "db-dev") -> dict[str, str]:
    return {row.logical_id: row.physical_id for row in dev.endpoint.cfn.resources(name)}


def after_rename(before: dict[str, str]) -> dict[str, str]:
    return {"Database" if name == "Cluster" else name: physical for name, physical in before.items()}


def no_changes(dev: Project) -> None:
    seen = dev.run("diff", "--env", "dev", "--endpoint-url", dev.endpoint.url, "--exit-code")
    assert seen.exit_code == 0, seen.stdout + seen.stderr


def test_a_rename_keeps_the_database_and_diff_says_no_changes(deployed: Project) -> None:
    before = resources(deployed)
    renamed()
    seen = deployed.run("diff", "--env", "dev", "--endpoint-url", deployed.endpoint.url)
    assert " --stack db --rename Cluster=Database`" in seen.stdout
    assert "`aurora-cfn refactor --env dev --endpoint-url " in seen.stdout
    ran = run(deployed, "--rename", "Cluster=Database", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert "> Cluster -> Database  db-dev-cluster" in ran.stderr
    assert resources(deployed) == after_rename(before)
    no_changes(deployed)
    again = run(deployed, "--stack", "db", "--rename", "Cluster=Database", "--yes")
    assert again.exit_code == 0
    assert "has these logical ids already" in again.stderr


def test_a_move_between_two_stacks(deployed: Project) -> None:
    before = resources(deployed)
    path, topic = Path("templates/hand.yaml"), "  Topic:\n    Type: AWS::SNS::Topic\n"
    path.write_text(path.read_text().replace(topic, ""))
    Path("templates/other.yaml").write_text(OTHER + topic.replace("Topic:", "Alarms:"))
    ran = run(deployed, "--stack", "db", "--move", "Topic=Alarms", "--to", "other", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert resources(deployed, "other-dev")["Alarms"] == before["Topic"]
    assert "Topic" not in resources(deployed)
    no_changes(deployed)


def test_a_dry_run_shows_it_and_executes_nothing(deployed: Project) -> None:
    renamed()
    ran = run(deployed, "--rename", "Cluster=Database", "--dry-run")
    assert (ran.exit_code, deployed.endpoint.actions.count("ExecuteStackRefactor")) == (0, 0)
    assert "1 resource to rename or move; no resource is created, changed or deleted" in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "nothing to do"),
        (("--rename", "Cluster"), 2, "write --rename OLD=NEW"),
        (("--rename", "A=A"), 2, "both names are the same"),
        (("--rename", "A=B", "--rename", "A=C"), 2, "named twice"),
        (("--move", "Topic"), 2, "belong together"),
        (("--rename", "Cluster=Database"), 2, "--yes"),
        (("--rename", "Cluster=Nowhere", "--yes"), 3, "name one with --stack (db, other)"),
        (("--move", "Topic", "--to", "other", "--yes"), 3, "--move needs --stack"),
        (("--stack", "db", "--move", "Topic", "--to", "db", "--yes"), 3, "--rename gives it another name"),
        (("--stack", "db", "--rename", "Cluster=Topic", "--yes"), 3, "has a resource Topic already"),
        (("--stack", "db", "--rename", "Cluster=Database", "--yes"), 3, "the template has no resource Database"),
    ],
)
def test_wrong_command_lines(deployed: Project, arguments: tuple[str, ...], code: int, words: str) -> None:
    ran = run(deployed, *arguments)
    assert ran.exit_code == code, ran.stderr
    assert words in ran.stderr
    assert "CreateStackRefactor" not in deployed.endpoint.actions


def test_other_changes_are_named_with_their_lines(deployed: Project) -> None:
    renamed()
    path = Path("templates/hand.yaml")
    path.write_text(path.read_text().replace("StorageEncrypted: true", "StorageEncrypted: true\n      Port: 5433"))
    ran = run(deployed, "--rename", "Cluster=Database", "--yes")
    assert ran.exit_code == 11
    assert "templates/hand.yaml:11: Database.Properties.Port differs" in ran.stderr


@pytest.mark.parametrize("large", [False, True])
def test_a_large_template_goes_through_the_bucket(deployed: Project, large: bool) -> None:
    path = Path("templates/hand.yaml")
    path.write_text(path.read_text() + "#" * (60_000 if large else 10) + "\n")
    renamed()
    ran = run(deployed, "--rename", "Cluster=Database", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert ("PutObject" in deployed.endpoint.actions) is large


@pytest.mark.slow
@pytest.mark.parametrize(
    ("action", "created"), [("CreateStackRefactor", 2), ("ListStackRefactorActions", 2), ("ExecuteStackRefactor", 1)]
)
def test_a_killed_run_is_taken_up_again(deployed: Project, action: str, created: int) -> None:
    cfn = deployed.endpoint.cfn
    before = resources(deployed)
    renamed()
    cfn.at_once, cfn.seconds = False, 3

    def heard(name: str) -> None:
        if name in {"DescribeStackRefactor", "DescribeStacks"}:
            cfn.clock.sleep(1)

    deployed.endpoint.heard = heard
    killed(deployed, action, 1, command=("refactor", "--rename", "Cluster=Database", "--yes"))
    ran = run(deployed, "--rename", "Cluster=Database", "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert resources(deployed) == after_rename(before)
    assert deployed.endpoint.actions.count("CreateStackRefactor") == created
    assert deployed.endpoint.actions.count("ExecuteStackRefactor") == 1
    no_changes(deployed)
