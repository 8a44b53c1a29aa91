"""`aurora-cfn review` of the section `fleet`, in a git repository of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root

TEMPLATE = """\
Parameters:
  Most: {Type: Number, Default: 4}
  Name: {Type: String, Default: app}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      DatabaseName: !Ref Name
      ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: !Ref Most}
"""
PARAMS = """\
region: eu-west-1
stacks:
  other: {template: db}
fleet:
  name: clientdb
  template: db
  regions: [eu-west-1]
  defaults: {Most: 8}
"""
ACCOUNTS = """\
  accounts:
    clients:
      acme: {account: "111111111111"}
      globex: {account: "222222222222", parameters: {Most: 16}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(("git", "init", "-q", "-b", "main"), check=True)
    for folder in ("templates", "params"):
        Path(folder).mkdir()


def commit(template: str, params: str) -> None:
    Path("templates/db.yaml").write_text(template)
    Path("params/dev.yaml").write_text(params)
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    for arguments in (("add", "-A"), (*identity, "commit", "-q", "-m", "a commit")):
        subprocess.run(("git", *arguments), check=True)


def review(*options: str) -> Result:
    return CliRunner().invoke(root, ["review", "--base", "HEAD", *options])


def changed() -> dict[str, list[tuple[str, str]]]:
    """Stack to its changed resources, each with the verdict."""
    found: dict[str, list[tuple[str, str]]] = {}
    read: Any = json.loads(review("--format", "json").stdout)
    for change in read["changes"]:
        for stack in change["stacks"] if change["section"] == "Resources" else ():
            found.setdefault(stack["name"], []).append((change["logical_id"], stack["verdict"]))
    return found


CHANGES = {
    "a default of the fleet": (PARAMS, "Most: 8", "Most: 9", {"clientdb": [("Cluster", "in-place")]}),
    "a default that a client overrides": (
        PARAMS + ACCOUNTS, "Most: 8", "Most: 9", {"clientdb": [("Cluster", "in-place")]},
    ),
    "a parameter of one client": (PARAMS + ACCOUNTS, "Most: 16", "Most: 17", {"globex": [("Cluster", "in-place")]}),
    "a default that replaces the database": (
        PARAMS, "{Most: 8}", "{Most: 8, Name: other}", {"clientdb": [("Cluster", "replace")]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_changes_for_the_clients_is_reviewed(case: str) -> None:
    params, old, new, wanted = CHANGES[case]
    commit(TEMPLATE, params)
    Path("params/dev.yaml").write_text(params.replace(old, new))
    assert changed() == wanted


def test_a_replacement_for_all_clients_is_refused_until_it_is_allowed() -> None:
    commit(TEMPLATE, PARAMS)
    Path("params/dev.yaml").write_text(PARAMS.replace("{Most: 8}", "{Most: 8, Name: other}"))
    assert review().exit_code == 6
    assert review("--allow-replace", "clientdb.Cluster").exit_code == 0
    line = "  allow_replace: [{resource: Cluster, until: 2099-01-01, reason: empty still}]\n"
    Path("params/dev.yaml").write_text(PARAMS.replace("{Most: 8}", "{Most: 8, Name: other}") + line)
    assert review().exit_code == 0


def test_a_template_that_only_a_fleet_has_is_reviewed_with_its_values() -> None:
    params = PARAMS.replace("stacks:\n  other: {template: db}\n", "stacks:\n  other: {template: note}\n")
    Path("templates/note.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")
    commit(TEMPLATE, params)
    Path("templates/db.yaml").write_text(TEMPLATE.replace("MinCapacity: 0.5", "MinCapacity: 1"))
    assert changed() == {"clientdb": [("Cluster", "in-place")]}


def test_a_fleet_that_is_taken_out_says_how_its_stacks_are_deleted() -> None:
    commit(TEMPLATE, PARAMS + ACCOUNTS)
    Path("params/dev.yaml").write_text(PARAMS[: PARAMS.index("fleet:")])
    assert "aurora-cfn fleet delete --env dev, or put fleet:clientdb back" in review().stdout
