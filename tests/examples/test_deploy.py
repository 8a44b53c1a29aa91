"""Every shipped example deploys whole to the emulator, as a person would do it: one command in a copy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
CERTIFICATE = "arn:aws:acm:eu-west-1:000000000000:certificate/0f0f0f0f-0000-4000-8000-000000000000"
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Workplace:
    """A copy of the project, with an emulator of its own."""

    folder: Path
    home: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environ |= {
            "AURORA_CFN_HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
            "VPN_SERVER_CERTIFICATE_ARN": CERTIFICATE,
        }
        command = [sys.executable, "-m", "aurora_cfn", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False, timeout=240
        )

    def outputs(self, environment: str) -> dict[str, dict[str, str]]:
        shown = self.run("outputs", "--env", environment, "--format", "json")
        assert (shown.returncode, shown.stderr) == (0, "")
        return dict(json.loads(shown.stdout))


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    folder = tmp_path_factory.mktemp("examples")
    for name in ("templates", "params"):
        shutil.copytree(ROOT / name, folder / name)
    place = Workplace(folder, tmp_path_factory.mktemp("home"))
    yield place
    place.run("local", "reset", "--yes")


def deployed(place: Workplace, environment: str) -> dict[str, dict[str, str]]:
    done = place.run("deploy", "--env", environment, "--yes")
    assert done.returncode == 0, done.stderr[-3000:]
    return place.outputs(environment)


@pytest.mark.parametrize(
    ("environment", "stack", "outputs"),
    [
        ("network-standard", "network", {"VpcId", "PublicSubnetIds", "NatAddresses"}),
        ("network-isolated", "network", {"VpcId", "PrivateSubnetIds", "DatabaseSubnetIds"}),
        ("service-database", "database", {"ClusterArn", "SecretArn"}),
        ("watched-database", "monitoring", {"DashboardUrl", "TopicArn"}),
        ("mysql-behind-proxy", "vpn", {"EndpointId", "ClientSecurityGroupId"}),
    ],
)
def test_the_example_deploys_whole(workplace: Workplace, environment: str, stack: str, outputs: set[str]) -> None:
    assert outputs <= set(deployed(workplace, environment)[stack])


def answered(url: str, path: str) -> tuple[int, dict[str, Any]]:
    """GET, as a browser would; not every resolver knows names below localhost, so the address is given."""
    place = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", place.port or 80, timeout=60)
    connection.request("GET", f"{place.path}{path}", headers={"Host": place.netloc})
    answer = connection.getresponse()
    return answer.status, dict(json.loads(answer.read()))


def test_the_http_api_answers_from_the_database_behind_the_proxy(workplace: Workplace) -> None:
    url = deployed(workplace, "planets-api")["api"]["ApiUrl"]
    status, body = answered(url, "/planets")
    assert status == 200
    assert [planet["name"] for planet in body["planets"]][:3] == ["Mercury", "Venus", "Earth"]
    assert answered(url, "/planets/Vulcan")[0] == 404
