"""Address ranges, subnets and the ways out of a network."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Final

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.world import Resource

ENDPOINT: Final = "AWS::EC2::ClientVpnEndpoint"
SUBNET: Final = "AWS::EC2::Subnet"


def network(found: Found) -> IPv4Network | None:
    """The IPv4 range that a value names, None when it names none or is not known."""
    try:
        return IPv4Network(found.text, strict=False) if found.text and "/" in found.text else None
    except ValueError:
        return None


def reaches_secrets(way: Resource) -> bool:
    """Whether a NAT gateway or an interface endpoint leads, or may lead, to Secrets Manager."""
    if way.type == "AWS::EC2::NatGateway":
        return True
    service = way.get("ServiceName").pieces
    named = not service or str(service[-1]).endswith("secretsmanager")
    return named and way.get("PrivateDnsEnabled").flag is not False
