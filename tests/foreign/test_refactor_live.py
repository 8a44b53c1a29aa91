"""Refactors at the emulator with a database that runs: a move, a rename under a transform, and with a stack policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.workplace import Workplace

pytestmark = pytest.mark.slow
DATABASE = """\
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      EngineVersion: "17"
      DatabaseName: kept
      MasterUsername: boss
      ManageMasterUserPassword: true
      EnableHttpEndpoint: true
      StorageEncrypted: true
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 2}
  Writer:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {Engine: aurora-postgresql, DBInstanceClass: db.serverless, DBClusterIdentifier: !Ref Cluster}
"""
TOPIC = "  Topic: {Type: AWS::SNS::Topic}\n"
LANGUAGE = "Transform: AWS::LanguageExtensions\n"
POLICY = {
    "Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Topic"},
    ]
}
PARAMS = f"""\
endpoint: local
region: eu-west-1
stacks:
  app: {{template: app}}
  data: {{template: data}}
  language: {{template: language}}
  policy: {{template: policy, stack_policy: {json.dumps(POLICY)}}}
"""


def resources(*parts: str) -> str:
    return "Resources:\n" + "".join(parts)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A project whose stacks are deployed to an emulator of its own, with a row in each database."""
    folder = tmp_path_factory.mktemp("refactoring")
    for name in ("templates", "params"):
        (folder / name).mkdir()
    (folder / "params/local.yaml").write_text(PARAMS)
    made = Workplace(folder, tmp_path_factory.mktemp("home"))
    write(made, app=resources(TOPIC, DATABASE), data=resources(TOPIC), policy=resources(TOPIC, DATABASE),
          language=LANGUAGE + resources(TOPIC, DATABASE))  # fmt: skip
    done = made.run("deploy", "--env", "local", "--yes")
    assert done.returncode == 0, done.stderr[-5000:]
    # The proof finds a database of any template by its resources.
    for name in ("app", "language", "policy"):
        assert f"{name}-local (Cluster): select 1 through the Data API answered in" in done.stderr
        sql(made, name, "create table kept as select 42 as n")
    yield made
    made.run("local", "reset", "--yes")


def write(place: Workplace, **templates: str) -> None:
    for name, text in templates.items():
        Path(place.folder, "templates", f"{name}.yaml").write_text(text)


def sql(place: Workplace, stack: str, statement: str) -> str:
    done = place.run("sql", "--env", "local", "--stack", stack, "--format", "json", statement)
    assert done.returncode == 0, done.stderr
    return done.stdout


def works(place: Workplace, *arguments: str) -> str:
    done = place.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr[-5000:]
    return done.stdout + done.stderr


def still_there(place: Workplace, stack: str) -> None:
    """Nothing differs, and the row that was written before is in the database."""
    works(place, "diff", "--env", "local", "--stack", stack, "--exit-code")
    assert json.loads(sql(place, stack, "select n from kept")) == [{"n": 42}]


def test_a_database_moves_to_another_stack(place: Workplace) -> None:
    write(place, app=resources(TOPIC), data=resources(TOPIC, DATABASE))
    at = ("refactor", "--env", "local", "--stack", "app")
    works(place, *at, "--move", "Cluster", "--move", "Writer", "--to", "data", "--yes")
    works(place, "diff", "--env", "local", "--stack", "app", "--exit-code")
    still_there(place, "data")
    # The database follows its new template from here.
    write(place, data=resources(TOPIC, DATABASE.replace("MaxCapacity: 2", "MaxCapacity: 4")))
    works(place, "deploy", "--env", "local", "--stack", "data", "--yes")
    still_there(place, "data")


def test_a_rename_in_a_template_with_a_transform(place: Workplace) -> None:
    renamed = DATABASE.replace("  Cluster:", "  Database:").replace("!Ref Cluster", "!Ref Database")
    write(place, language=LANGUAGE + resources(TOPIC, renamed))
    works(place, "refactor", "--env", "local", "--stack", "language", "--rename", "Cluster=Database", "--yes")
    still_there(place, "language")


def test_with_a_stack_policy_what_the_refusal_says_works(place: Workplace) -> None:
    renamed = DATABASE.replace("  Cluster:", "  Database:").replace("!Ref Cluster", "!Ref Database")
    write(place, policy=resources(TOPIC, renamed))
    refused = place.run("refactor", "--env", "local", "--stack", "policy", "--rename", "Cluster=Database", "--yes")
    assert refused.returncode == 11
    assert "has a stack policy" in refused.stderr
    retained = DATABASE.replace("Policy: Snapshot", "Policy: Retain").replace("Policy: Delete", "Policy: Retain")
    write(place, policy=resources(TOPIC, retained))
    works(place, "deploy", "--env", "local", "--stack", "policy", "--yes")
    found = {row["LogicalResourceId"]: row["PhysicalResourceId"] for row in place.client("cloudformation")
             .describe_stack_resources(StackName="policy-local")["StackResources"]}  # fmt: skip
    write(place, policy=resources(TOPIC))
    allowed = ("--allow-replace", "Cluster", "--allow-replace", "Writer")
    works(place, "deploy", "--env", "local", "--stack", "policy", "--yes", *allowed)
    # Without their present names the next deployment would make new ones.
    named = renamed.replace("    Properties:\n", f"    Properties:\n      DBClusterIdentifier: {found['Cluster']}\n")
    named = named.replace("Properties: {", f"Properties: {{DBInstanceIdentifier: {found['Writer']}, ")
    write(place, policy=resources(TOPIC, named))
    at = ("import", "--env", "local", "--stack", "policy")
    works(place, *at, f"Database={found['Cluster']}", f"Writer={found['Writer']}", "--yes")
    # Cloud Control does not return ManageMasterUserPassword, so the import leaves it out.
    works(place, "deploy", "--env", "local", "--stack", "policy", "--yes")
    still_there(place, "policy")
