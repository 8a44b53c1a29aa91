"""What the network promises: tiers, checks of addresses, and the function that empties the default group."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

import pytest

from aurora_cfn.blueprints.network import BLUEPRINT
from aurora_cfn.blueprints.network_default_group import SOURCE
from aurora_cfn.render import template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
ISOLATED = {
    "VpcCidr": "10.0.0.0/27", "PublicCidr": "", "PrivateCidr": "", "IsolatedCidr": "10.0.0.0/27",
    "IsolatedSubnetPrefix": "28", "NatGateways": "none",
}  # fmt: skip


def said(severity: str = "error", **changed: str) -> list[str]:
    values = {row.name: row.default_text or "" for row in BLUEPRINT.parameters} | changed
    found = (check.problem(values) for check in BLUEPRINT.checks if check.severity == severity)
    return [problem for problem in found if problem]


def test_the_defaults_and_the_isolated_shape_have_no_complaint() -> None:
    assert said() == []
    assert said(**ISOLATED) == []
    assert said("warning", **ISOLATED) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"VpcCidr": "10.0.0.1/16"}, "write 10.0.0.0/16"),
        ({"IsolatedCidr": "10.1.0.0/18"}, "IsolatedCidr 10.1.0.0/18 is not inside VpcCidr 10.0.0.0/16"),
        ({"PrivateCidr": "10.0.129.0/18"}, "write 10.0.128.0/18"),
        ({"PrivateCidr": "10.0.0.0/18"}, "PublicCidr 10.0.0.0/18 overlaps PrivateCidr 10.0.0.0/18"),
        ({"PrivateSubnetPrefix": "18"}, "must be over the prefix"),
        ({"PrivateSubnetPrefix": "19", "Zones": "3"}, "holds 2 subnets of /19, fewer than Zones 3"),
        ({"AvailabilityZones": "eu-west-1a"}, "names 1 zones, fewer than Zones 2"),
        ({"AvailabilityZones": "eu-west-1a,eu-west-1a"}, "names a zone twice"),
    ],
)
def test_addresses_that_cannot_work_are_refused_in_one_sentence(changed: dict[str, str], words: str) -> None:
    (problem,) = said(**changed)
    assert words in problem


def test_one_zone_is_a_warning() -> None:
    assert said(Zones="1") == []
    assert said("warning", Zones="1") == ["one zone is too few for a database or a proxy: RDS requires two"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("VpcCidr", ["10.0.0.0/16", "192.168.255.0/28"], ["", "10.0.0.0/15", "10.0.0.0/29", "10.0.0.256/16", "10.0.0"]),
        ("IsolatedCidr", ["", "10.0.0.0/27"], ["10.0.0.0/8", "x"]),
        ("AvailabilityZones", ["", "us-gov-east-1a", "eu-west-1a,eu-west-1c"], ["eu-west-1", "a,b", "eu-west-1a,"]),
        ("NatGateways", ["none", "one-per-zone"], ["two", "true"]),
        ("Zones", ["1", "3"], ["0", "4"]),
        ("PrivateSubnetPrefix", ["16", "28"], ["29", "/20"]),
    ],
)
def test_parameters_have_their_bounds(name: str, good: list[str], bad: list[str]) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


def test_the_default_layout_gives_private_subnets_of_4096_addresses_in_two_zones() -> None:
    row = BLUEPRINT.parameter("PrivateCidr")
    assert row is not None
    subnets = list(IPv4Network(str(row.default)).subnets(new_prefix=20))[:2]
    assert [str(subnet) for subnet in subnets] == ["10.0.128.0/20", "10.0.144.0/20"]


def test_bits_and_prefix_make_32() -> None:
    bits = TEMPLATE["Mappings"]["SubnetBits"]
    assert all(int(prefix) + int(entry["Bits"]) == 32 for prefix, entry in bits.items())


def test_only_the_public_tables_lead_to_the_internet_gateway_and_the_isolated_lead_nowhere() -> None:
    routes = [entry["Properties"] for entry in RESOURCES.values() if entry["Type"] == "AWS::EC2::Route"]
    tables = {route["RouteTableId"]["Ref"]: "NatGatewayId" in route for route in routes}
    assert tables == {
        "PublicRouteTable": False,
        "PrivateRouteTable1": True,
        "PrivateRouteTable2": True,
        "PrivateRouteTable3": True,
    }


def test_no_subnet_gives_public_addresses_by_itself() -> None:
    subnets = [entry["Properties"] for entry in RESOURCES.values() if entry["Type"] == "AWS::EC2::Subnet"]
    assert len(subnets) == 9
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)


class RefusedError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}}


class Ec2:
    class exceptions:  # noqa: N801 - as boto3 names it
        ClientError = RefusedError

    def __init__(self, code: str = "") -> None:
        self.code = code
        self.revoked: list[str] = []

    def revoke_security_group_ingress(self, **given: Any) -> None:
        self.revoke("ingress", given)

    def revoke_security_group_egress(self, **given: Any) -> None:
        self.revoke("egress", given)

    def revoke(self, direction: str, given: dict[str, Any]) -> None:
        assert given["GroupId"] == "sg-1"
        if self.code:
            raise RefusedError(self.code)
        self.revoked.append(direction)


def closing(request: str, ec2: Ec2) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(SOURCE, "index.py", "exec"), space)
    event = {
        "RequestType": request, "ResponseURL": "https://answer.example", "StackId": "s", "RequestId": "r",
        "LogicalResourceId": "ClosedDefaultGroup", "ResourceProperties": {"SecurityGroupId": "sg-1"},
    }  # fmt: skip
    sent: list[tuple[str, bytes]] = []
    space["handler"](event, None, client=ec2, send=lambda url, body: sent.append((url, body)))
    ((url, body),) = sent
    assert url == "https://answer.example"
    return dict(json.loads(body))


@pytest.mark.parametrize(
    ("request_type", "code", "status", "revoked"),
    [
        ("Create", "", "SUCCESS", ["ingress", "egress"]),
        ("Update", "", "SUCCESS", ["ingress", "egress"]),
        ("Update", "InvalidPermission.NotFound", "SUCCESS", []),
        ("Create", "UnauthorizedOperation", "FAILED", []),
        ("Delete", "UnauthorizedOperation", "SUCCESS", []),
    ],
)
def test_the_default_group_is_emptied_and_cloudformation_always_gets_an_answer(
    request_type: str, code: str, status: str, revoked: list[str]
) -> None:
    ec2 = Ec2(code)
    answer = closing(request_type, ec2)
    assert (answer["Status"], answer["PhysicalResourceId"], ec2.revoked) == (status, "sg-1-closed", revoked)


def test_the_function_fits_into_a_template() -> None:
    assert len(SOURCE) <= 4096


def test_the_endpoint_of_s3_is_free_and_stays_with_the_route_tables() -> None:
    properties = RESOURCES["S3Endpoint"]["Properties"]
    assert properties["ServiceName"] == {"Fn::Sub": "com.amazonaws.${AWS::Region}.s3"}
    assert properties["VpcEndpointType"] == "Gateway"
