from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.project.identity import project_name
from aurora_cfn.render import render
from tests.cli.project import Project, project
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving
from tests.sql.fake_aws import FakeAws, fake_aws

HERE = f"{Path(__file__).parent}/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole commands take most of the time of a quick run; what is drawn on the terminal is pure."""
    for item in items:
        path = str(item.path)
        if path.startswith(HERE) and not path.startswith(f"{HERE}terminal/"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def rendered() -> dict[str, str]:
    return {blueprint.name: render(blueprint) for blueprint in BLUEPRINTS}


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: dict[str, str]) -> Iterator[Project]:
    """A project in a folder of its own; CloudFormation behind it ends everything at once."""
    monkeypatch.chdir(tmp_path)
    cfn = FakeCloudFormation(FakeClock(), seconds=0, at_once=True)
    cfn.tags = Ownership(project_name(None), "dev").tags
    with serving(Endpoint(cfn)) as endpoint:
        yield project(tmp_path, endpoint, rendered)


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    """CloudFormation, Secrets Manager and the Data API of one database, on loopback."""
    with fake_aws() as found:
        yield found
