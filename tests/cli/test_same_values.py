"""Every command evaluates a template alike: what intrinsic functions give, it sees as if it were written."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from click.testing import CliRunner

from aurora_cfn.cli import root
from aurora_cfn.sql.stack_databases import attached_secret
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

TEMPLATES = Path(__file__).parent / "same_values"
PLAIN, FUNCTIONS = "plain", "functions"
PARAMS = 'region: eu-west-1\naccount: "123456789012"\nstacks: {orders: {template: orders, name: prod-orders}}\n'
OF_PARAMETERS = {"W9039", "W9049"}
"""What depends on parameters: emptying one later, and an export whose name is made of one."""
REFUSED = {"E9077"}
"""Aliases and merge keys, which are evaluated although CloudFormation refuses them."""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("params", "templates"):
        Path(folder).mkdir()
    Path("params/prod.yaml").write_text(PARAMS)


def printed(name: str, *arguments: str) -> str:
    """What a command prints for that one of the templates."""
    copyfile(TEMPLATES / f"{name}.yaml", "templates/orders.yaml")
    return CliRunner().invoke(root, list(arguments)).stdout


def test_the_evaluator_gives_what_is_written_in_the_plain_template() -> None:
    found: list[Any] = []
    for name in (PLAIN, FUNCTIONS):
        path = f"{name}.yaml"
        side = Side(template_of(read_template((TEMPLATES / path).read_text(), path), path), region="eu-west-1")
        rows = resources(Evaluator(side))
        found.append({key: (row.type, row.properties, row.attributes, row.exists) for key, row in rows.items()})
        assert attached_secret(rows, "Cluster") == "LoginSecret"
    assert found[0] == found[1]
    assert len(found[0]) > 10


def test_lint_finds_the_same() -> None:
    found = [
        {
            (row["rule"], row["message"])
            for row in json.loads(printed(name, "lint", "--env", "prod", "--format", "json"))["findings"]
            if row["rule"][1] == "9" and row["rule"] not in OF_PARAMETERS | REFUSED
        }
        for name in (PLAIN, FUNCTIONS)
    ]
    assert found[0] == found[1]
    assert {"E9035", "W9022", "W9026", "W9030", "W9033"} <= {rule for rule, _ in found[0]}


@pytest.mark.parametrize(
    "arguments",
    [("cost", "--env", "prod"), *(("permissions", verb, "--env", "prod") for verb in ("deploy", "destroy", "sql"))],
)
def test_costs_and_permissions_are_the_same(arguments: tuple[str, ...]) -> None:
    found = [printed(name, *arguments) for name in (PLAIN, FUNCTIONS)]
    assert found[0] == found[1] != ""


def test_review_sees_no_change_of_a_resource() -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    copyfile(TEMPLATES / f"{PLAIN}.yaml", "templates/orders.yaml")
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *words], check=True)
    document = json.loads(printed(FUNCTIONS, "review", "--base", "HEAD", "--format", "json"))
    assert {row["section"] for row in document["changes"]} == {"Parameters", "Template"}
