"""A deployment into another region than the one where the environment's stacks run."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from tests.local.conftest import clients_of
from tests.project.test_earlier_regions import committed

TEMPLATE = "Resources: {Value: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: x}}}\n"
PARAMS = """endpoint: local
project: moving
stacks:
  one: {{template: value, name: "{name}"}}
  two: {{template: value}}
"""

pytestmark = pytest.mark.slow


def deploy(env: str, *options: str) -> Result:
    return CliRunner().invoke(root, ["deploy", "--env", env, "--yes", "--no-preflight", *options])


def names(server: LocalServer, region: str) -> set[str]:
    found = clients_of(server, region=region)("cloudformation").describe_stacks()["Stacks"]
    return {row["StackName"] for row in found if row["StackName"].startswith(("moving-", "two-dev", "two-far"))}


def test_an_empty_twin_needs_consent(
    server: LocalServer, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AURORA_CFN_HOME", str(home.path))
    for folder in ("templates", "params"):
        (tmp_path / folder).mkdir()
    (tmp_path / "templates" / "value.yaml").write_text(TEMPLATE)
    dev, text = tmp_path / "params" / "dev.yaml", PARAMS.format(name="moving-one")
    # Nothing runs anywhere: the region of the option is as good as that of the file.
    dev.write_text(f"region: eu-west-3\n{text}")
    assert (ran := deploy("dev", "--region", "eu-north-1")).exit_code == 0, ran.stderr

    # The region in the file was another one in an earlier commit.
    committed(tmp_path, "eu-north-1")
    dev.write_text(f"region: eu-west-3\n{text}")
    ran = deploy("dev")
    assert ran.exit_code == 6
    what = "params/dev.yaml: moving-one, two-dev would be created in eu-west-3, new and empty, and run in eu-north-1"
    assert what in ran.stderr
    assert "put `region: eu-north-1` back into params/dev.yaml" in ran.stderr
    assert names(server, "eu-west-3") == set()
    # By the option.
    dev.write_text(f"region: eu-north-1\n{text}")
    ran = deploy("dev", "--region", "eu-west-3", "--stack", "two", "--dry-run")
    assert ran.exit_code == 6
    assert "two-dev would be created in eu-west-3, new and empty, and runs in eu-north-1" in ran.stderr
    assert "leave out --region eu-west-3" in ran.stderr
    # With consent for one of them; an update afterwards is like any other.
    consent = ("--create-beside", "two-dev", "--stack", "two", "--region", "eu-west-3")
    assert (ran := deploy("dev", *consent)).exit_code == 0, ran.stderr
    assert (ran := deploy("dev", *consent[2:])).exit_code == 0, ran.stderr
    assert names(server, "eu-west-3") == {"two-dev"}
    # A params file for each region is no matter, even with the name of a stack of the other one.
    far = tmp_path / "params" / "far.yaml"
    far.write_text(f"region: eu-west-3\n{text}")
    assert (ran := deploy("far")).exit_code == 0, ran.stderr
    assert names(server, "eu-west-3") == {"moving-one", "two-dev", "two-far"}
