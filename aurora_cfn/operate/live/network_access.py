"""Whether a function in a VPC can reach the queues of a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

HTTPS = 443


def unreachable(
    name: str,
    routes: Iterable[Mapping[str, Any]],
    endpoints: Iterable[Mapping[str, Any]],
    groups: Iterable[Mapping[str, Any]],
) -> str:
    """Why the function cannot reach SQS, and the remedies; empty where it can.

    `routes` are those of its subnets' tables, `endpoints` those for SQS in its VPC, `groups` its security groups, in
    the words of EC2.
    """
    inside = any(str(row.get("State", "")).lower() == "available" for row in endpoints)
    if not (inside or any(map(_to_internet, routes))):
        return (
            f"{name} is in subnets without a path to SQS: write sqs into InterfaceEndpoints of the network (or of "
            "network-endpoints), or NatGateways single, and deploy it"
        )
    if not any(map(_lets_out, groups)):
        return (
            f"no security group of {name} lets it out to port {HTTPS}, where SQS answers: give it one that does "
            "(SecurityGroupIds of its stack), and deploy it"
        )
    return ""


# Not by GatewayId: a function has no public address, so that an internet gateway carries nothing of it (Lambda
# Developer Guide, "Enable internet access for VPC-connected Lambda functions").
def _to_internet(row: Mapping[str, Any]) -> bool:
    return row.get("DestinationCidrBlock") == "0.0.0.0/0" and any(
        row.get(key) for key in ("NatGatewayId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId")
    )


def _lets_out(group: Mapping[str, Any]) -> bool:
    """Whether a rule has port 443; which addresses it is for is not compared."""
    return any(
        row.get("IpProtocol") == "-1"
        or (row.get("IpProtocol") == "tcp" and row.get("FromPort", 0) <= HTTPS <= row.get("ToPort", 65535))
        for row in group.get("IpPermissionsEgress") or ()
    )
