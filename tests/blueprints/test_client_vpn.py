"""The Client VPN template: what it lets through, and the addresses that it refuses."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.blueprints.client_vpn import BLUEPRINT
from aurora_cfn.render import template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
ENDPOINT: dict[str, Any] = RESOURCES["Endpoint"]["Properties"]
GIVEN = {row.name: row.default_text or "" for row in BLUEPRINT.parameters} | {
    "VpcCidr": "10.0.0.0/16",
    "SubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
}


def problems(**changed: str) -> list[str]:
    values = GIVEN | changed
    checks = (check for check in BLUEPRINT.checks if set(check.keys) <= set(values))
    return [text for check in checks if (text := check.problem(values))]


def test_clients_prove_who_they_are_with_a_certificate() -> None:
    (how,) = ENDPOINT["AuthenticationOptions"]
    assert how["Type"] == "certificate-authentication"
    chain = how["MutualAuthentication"]["ClientRootCertificateChainArn"]["Fn::If"]
    assert chain == ["HasClientRoot", {"Ref": "ClientRootCertificateArn"}, {"Ref": "ServerCertificateArn"}]


def test_the_tunnel_is_split_udp_443_and_logged() -> None:
    assert (ENDPOINT["TransportProtocol"], ENDPOINT["VpnPort"], ENDPOINT["SplitTunnel"]) == ("udp", 443, True)
    assert ENDPOINT["ConnectionLogOptions"]["Enabled"] is True
    assert RESOURCES["ConnectionLogGroup"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_clients_reach_the_vpc_and_nothing_else() -> None:
    assert RESOURCES["VpcForClients"]["Properties"]["TargetNetworkCidr"] == {"Ref": "VpcCidr"}
    ways = [entry["Properties"] for entry in RESOURCES.values() if entry["Type"] == "AWS::EC2::SecurityGroupEgress"]
    assert ways
    assert {str(way["CidrIp"]) for way in ways} == {str({"Ref": "VpcCidr"})}


def test_one_subnet_is_associated_and_more_on_demand() -> None:
    conditions = [RESOURCES[f"Association{number}"].get("Condition") for number in (1, 2, 3)]
    assert conditions == [None, "HasZone2", "HasZone3"]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"ClientCidr": "10.0.8.0/22"}, "overlaps the VPC's 10.0.0.0/16"),
        ({"ClientCidr": "10.0.0.0/12"}, "overlaps"),
        ({"ClientCidr": "192.168.129.0/22"}, "is not a CIDR block"),
        ({"VpcCidr": "10.0.1.0/16"}, "VpcCidr 10.0.1.0/16 is not a CIDR block"),
        ({"Zones": "3"}, "Zones is 3, but SubnetIds names 2"),
    ],
)
def test_addresses_that_cannot_work_are_refused(changed: dict[str, str], part: str) -> None:
    (problem,) = problems(**changed)
    assert part in problem


@pytest.mark.parametrize("changed", [{}, {"ClientCidr": "172.16.0.0/12"}, {"VpcCidr": "192.168.0.0/17"}])
def test_neighbours_are_accepted(changed: dict[str, str]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("cidr", "fits"),
    [
        ("10.16.0.0/12", True),
        ("10.8.0.0/22", True),
        ("10.0.0.0/11", False),
        ("10.0.0.0/23", False),
        ("256.0.0.0/16", False),
        ("10.0.0.0", False),
    ],
)
def test_client_addresses_are_from_12_to_22(cidr: str, fits: bool) -> None:
    row = BLUEPRINT.parameter("ClientCidr")
    assert row is not None
    assert (row.problem(cidr) is None) is fits


blocks = st.tuples(st.integers(0, 2**32 - 1), st.integers(16, 22)).map(lambda pair: str(ip_network(pair, strict=False)))


@given(blocks, blocks)
def test_overlap_is_shown_exactly_when_addresses_are_shared(clients: str, vpc: str) -> None:
    one, other = ip_network(clients), ip_network(vpc)
    shared = one[0] <= other[-1] and other[0] <= one[-1]  # type: ignore[operator]
    assert bool(problems(ClientCidr=clients, VpcCidr=vpc)) is shared


def test_an_overlap_with_the_network_of_the_same_file_is_shown_before_anything_is_deployed() -> None:
    values = {name: value for name, value in GIVEN.items() if name != "VpcCidr"} | {"VpcId.VpcCidr": "192.168.0.0/16"}
    checks = [check for check in BLUEPRINT.checks if "VpcId.VpcCidr" in check.keys]
    assert [check.problem(values) for check in checks] == [
        "ClientCidr 192.168.128.0/22 overlaps the VPC's 192.168.0.0/16"
    ]
