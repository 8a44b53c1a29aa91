"""One cluster name in two stacks: each command that reads the params file refuses it, and nothing is called."""

from __future__ import annotations

import pytest

from tests.cli.project import PARAMS, Project
from tests.project.test_earlier_regions import committed

TWICE = f"{PARAMS}      ClusterName: shop\n  more:\n    template: own\n"
OWN = """Resources:
  Data:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, DBClusterIdentifier: Shop}
"""


@pytest.mark.parametrize("arguments", [("lint",), ("review", "--base", "HEAD"), ("deploy", "--yes"), ("doctor",)])
def test_one_cluster_name_for_two_stacks_is_refused(dev: Project, arguments: tuple[str, ...]) -> None:
    (dev.folder / "templates" / "own.yaml").write_text(OWN)
    committed(dev.folder, "eu-west-1")
    dev.write(TWICE)
    verb, *options = arguments
    ran = dev.run(verb, "--env", "dev", *options)
    assert (ran.exit_code, ran.stdout) == (3, ""), ran.output
    assert "stacks.more: its database cluster would have the name shop, as that of db in line 4" in ran.stderr
    assert dev.endpoint.actions == []
