"""`clients` with a cluster of Aurora DSQL each: they are asked over a connection with an IAM token."""

from __future__ import annotations

import json
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
  janitor: {template: branch-janitor}
fleet:
  name: distributed
  template: own
  regions: [eu-west-1]
  defaults: {DeletionProtection: true}
"""


def test_clients_of_aurora_dsql_are_checked_and_upgraded(server: LocalServer, home: Home, tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params/local.yaml").write_text(PARAMS)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    template = tmp_path / "templates/own.yaml"
    # Without the header of a rendered template, which must not be edited.
    text = (ROOT / "templates/dsql.yaml").read_text()
    template.write_text(text := text[text.index("AWSTemplateFormatVersion") :])
    project = Project(tmp_path, server.endpoint, home)
    assert project.run("clients", "acme", "--yes", verb="create").exit_code == 0
    (shown,) = json.loads(project.run("clients", "acme", "--format", "json", verb="show").stdout)
    assert (shown["cluster_arn"].split(":")[2], shown["secret_arn"]) == ("dsql", None)
    assert shown["host"]
    assert project.run("clients", "--check", "select 1", verb="check").exit_code == 0
    found = project.run("clients", "--check", "select false", verb="check")
    assert (found.exit_code, "answered False" in found.stdout) == (1, True), found.stderr
    template.write_text(text.replace("Name of this stack", "The name of this stack"))
    upgraded = project.run("clients", "--yes", verb="upgrade")
    assert (upgraded.exit_code, "select 1: ok" in upgraded.stderr) == (0, True), upgraded.stderr
