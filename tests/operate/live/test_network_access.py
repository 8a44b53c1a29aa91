"""Whether a function in a VPC reaches SQS: routes, endpoints, and the rules of its security groups."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.operate.live.network_access import unreachable

NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}
ENDPOINT = {"State": "available"}
OPEN = {"IpPermissionsEgress": [{"IpProtocol": "-1"}]}
HTTPS = {"IpPermissionsEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}]}
DATABASE = {"IpPermissionsEgress": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}]}
CASES: dict[str, tuple[list[Any], list[Any], list[Any], str]] = {
    "a NAT gateway": ([LOCAL, NAT], [], [OPEN], ""),
    "an endpoint": ([LOCAL], [ENDPOINT], [DATABASE, HTTPS], ""),
    "an isolated subnet": ([LOCAL], [], [OPEN], "write sqs into InterfaceEndpoints"),
    "an endpoint that is not made yet": ([LOCAL], [{"State": "pending"}], [OPEN], "without a path to SQS"),
    "only the database": ([NAT], [], [DATABASE], "lets it out to port 443"),
    "an internet gateway, without a public address": (
        [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}], [], [OPEN], "without a path to SQS",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_reach(case: str) -> None:
    routes, endpoints, groups, what = CASES[case]
    found = unreachable("api", routes, endpoints, groups)
    assert (what in found) if what else not found
