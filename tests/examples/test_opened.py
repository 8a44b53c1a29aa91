"""Templates that this version would not render: of an older version, and of a blueprint of the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aurora_cfn.template.header import header_of, with_header
from tests.examples.workplace import Workplace

pytestmark = pytest.mark.slow


@pytest.fixture
def network(workplace: Workplace) -> Iterator[Path]:
    """The template, which is as it was afterwards: the copy of the project is everyone's."""
    path = workplace.folder / "templates" / "network.yaml"
    before = path.read_text()
    yield path
    path.write_text(before)


def test_a_template_of_an_older_version_deploys_as_it_is_committed(workplace: Workplace, network: Path) -> None:
    path = network
    body = path.read_text().split("\n", 3)[3].replace("VPC with public", "An older VPC with public")
    path.write_text(with_header(body, "network"))
    header = header_of(path.read_text())
    assert header is not None
    assert not header.edited
    done = workplace.run("deploy", "--env", "network-isolated", "--yes")
    assert done.returncode == 0, done.stderr[-3000:]
    check = workplace.run("render", "--check", "network")
    assert (check.returncode, "network.yaml: stale" in check.stderr) == (1, True)
    assert "An older VPC" in check.stdout
    assert "An older VPC" in path.read_text()


def test_the_example_of_a_blueprint_deploys(workplace: Workplace) -> None:
    params = "endpoint: local\nregion: eu-west-1\nstacks: {logs: {template: shop-logs}}\n"
    (workplace.folder / "params" / "logs.yaml").write_text(params)
    for arguments in (("init", "--blueprint", "shop-logs"), ("render", "shop-logs")):
        assert workplace.run(*arguments).returncode == 0
    done = workplace.run("deploy", "--env", "logs", "--yes")
    assert done.returncode == 0, done.stderr[-3000:]
    assert workplace.outputs("logs")["logs"]["LogGroupName"] == "/services/orders"
