"""Every shipped example deploys whole to the emulator, as a person would do it: one command in a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from aurora_cfn.local.mysql.binaries import find
from tests.examples.workplace import ROOT, Workplace

pytestmark = pytest.mark.slow


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
        ("client-databases", "api", {"ApiUrl", "ClientRoleArn"}),
        ("mysql-behind-proxy", "vpn", {"EndpointId", "ClientSecurityGroupId"}),
    ],
)
def test_the_example_deploys_whole(workplace: Workplace, environment: str, stack: str, outputs: set[str]) -> None:
    assert outputs <= set(deployed(workplace, environment)[stack])


def answered(url: str, path: str, *, key: str = "", body: object = None) -> tuple[int, dict[str, Any]]:
    """What the API says; not every resolver knows names below localhost, so the address is given."""
    place = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", place.port or 80, timeout=60)
    headers = {"Host": place.netloc} | ({"x-api-key": key} if key else {})
    text = None if body is None else json.dumps(body)
    connection.request("GET" if text is None else "POST", f"{place.path}{path}", body=text, headers=headers)
    answer = connection.getresponse()
    return answer.status, dict(json.loads(answer.read()))


def test_the_http_api_answers_from_the_database_behind_the_proxy(workplace: Workplace) -> None:
    url = deployed(workplace, "planets-api")["api"]["ApiUrl"]
    assert answered(url, "")[0] == 404
    status, body = answered(url, "/planets")
    assert status == 200
    assert [planet["name"] for planet in body["planets"]][:3] == ["Mercury", "Venus", "Earth"]
    assert answered(url, "/planets/Vulcan")[0] == 404


@pytest.mark.skipif(find(os.environ, None) is None, reason="needs MySQL 8 or MariaDB: see tests/local/mysql")
def test_the_http_api_answers_from_mysql_behind_the_proxy(workplace: Workplace) -> None:
    url = deployed(workplace, "planets-mysql")["api"]["ApiUrl"]
    status, body = answered(url, "/planets")
    assert status == 200
    assert [planet["name"] for planet in body["planets"]][:3] == ["Mercury", "Venus", "Earth"]
    assert answered(url, "/planets/eArth") == (200, body["planets"][2])
    assert answered(url, "/planets/Vulcan")[0] == 404
    (vpn,) = workplace.client("cloudformation").describe_stacks(StackName="vpn-planets-mysql")["Stacks"]
    (groups,) = [row for row in vpn["Parameters"] if row["ParameterKey"] == "DatabaseSecurityGroupIds"]
    assert len(groups["ParameterValue"].split(",")) == 2  # the clients of the database, and those of the proxy


def test_the_rest_api_keeps_games_in_dsql_for_those_with_a_key(workplace: Workplace) -> None:
    api = deployed(workplace, "games-api")["api"]
    assert answered(api["ApiUrl"], "/games")[0] == 403
    key = api_key(workplace, api["ApiKeyId"])
    assert api["ApiKeyCommand"].split()[:5] == ["aws", "apigateway", "get-api-key", "--api-key", api["ApiKeyId"]]
    assert key not in api["ApiKeyCommand"]
    status, game = answered(api["ApiUrl"], "/games", key=key, body={"title": "Go", "genre": "board"})
    assert status == 201
    assert answered(api["ApiUrl"], f"/games/{game['id']}", key=key) == (200, game)
    page = (ROOT / "docs" / "systems" / "games-api.md").read_text(encoding="utf-8")
    (query,) = re.findall(r'--stack dsql "(.+?)"', page)
    done = workplace.run("sql", "--env", "games-api", "--stack", "dsql", query, "--format", "csv")
    assert done.stdout.splitlines() == ["title", "Go"], done.stderr


def api_key(workplace: Workplace, name: str) -> str:
    return str(workplace.client("apigateway").get_api_key(apiKey=name, includeValue=True)["value"])


JUMP = """\
region: eu-west-1
endpoint: local
stacks:
  network: {template: network, parameters: {NatGateways: none}}
  jump:
    template: jump-host
    parameters:
      VpcId: {output: network.VpcId}
      SubnetIds: {output: network.PrivateSubnetIds}
      DatabaseSecurityGroupIds: [{output: network.DefaultSecurityGroupId}]
"""


def test_the_template_of_a_host_for_tunnels_is_sound_and_deploys(workplace: Workplace) -> None:
    shutil.copy(ROOT / "docs" / "jump-host.yaml", workplace.folder / "templates")
    (workplace.folder / "params" / "jump.yaml").write_text(JUMP)
    linted = workplace.run("lint", "templates/jump-host.yaml", "--env", "jump")
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stdout + linted.stderr
    assert deployed(workplace, "jump")["jump"]["HostId"].startswith("i-")
    assert "jump-jump: in sync" in workplace.run("drift", "--env", "jump").stdout
