"""Address ranges, zones and VPCs of subnets and groups, and what the security groups let in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.variant import Resource, Variant, step
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE, PROXY

ENDPOINT: Final = "AWS::EC2::ClientVpnEndpoint"
SUBNET: Final = "AWS::EC2::Subnet"
DEFAULT_VPC: Final = "the default VPC"
"""Where EC2 puts a security group without VpcId."""


def network(found: Found) -> IPv4Network | None:
    """A value as an IPv4 range; None when it is not one, or not known."""
    try:
        # EC2 clears bits behind the prefix length itself: 10.0.0.5/16 is 10.0.0.0/16 (CreateVpc, API reference).
        return IPv4Network(found.text, strict=False) if found.text and "/" in found.text else None
    except ValueError:
        return None


def reaches_secrets(gateway: Resource) -> bool:
    """Whether Secrets Manager is reachable, or may be, through a NAT gateway or an interface endpoint."""
    if gateway.type == "AWS::EC2::NatGateway":
        return True
    service = gateway.get("ServiceName").pieces
    named = not service or str(service[-1]).endswith("secretsmanager")
    # Without private DNS the name that SDKs use still leads to the public addresses of the service.
    return named and gateway.get("PrivateDnsEnabled").flag is not False


GROUP: Final = "AWS::EC2::SecurityGroup"
GROUPS_OF: Final = {CLUSTER: "VpcSecurityGroupIds", INSTANCE: "VPCSecurityGroups", PROXY: "VpcSecurityGroupIds"}
"""The property of each type that names its security groups."""
EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})


@dataclass(frozen=True, slots=True, eq=False)
class Ingress:
    """One ingress rule of a security group."""

    found: Found
    variant: Variant

    def source(self) -> Found:
        """The address range that may come in."""
        ranges = [step(self.found, name, self.variant) for name in ("CidrIp", "CidrIpv6")]
        return next((row for row in ranges if row.text), ranges[0])

    def opens(self, port: int) -> bool:
        """Whether the port is certainly open to the source."""
        protocol = step(self.found, "IpProtocol", self.variant).text
        # All protocols, and then all ports: ports that are given have no effect (EC2 API reference, IpPermission).
        if protocol == "-1":
            return True
        low, high = (step(self.found, name, self.variant).number for name in ("FromPort", "ToPort"))
        return protocol in {"tcp", "6"} and low is not None and high is not None and low <= port <= high

    def port_of(self) -> str:
        """Logical id of the database whose Endpoint.Port is opened, as CDK writes it; empty for any other port."""
        low, high = (step(self.found, name, self.variant).reference for name in ("FromPort", "ToPort"))
        return low.logical_id if low and low == high and low.attribute == "Endpoint.Port" else ""

    def written_port(self) -> Any:
        """The port as it is written, such as a Ref of a parameter; None when a range is written."""
        low, high = (self.found.mapping.get(name) for name in ("FromPort", "ToPort"))
        return low if low == high else None


def ingress_of(group: Resource) -> Iterator[Ingress]:
    """The rules of a group, written in it or beside it."""
    variant = group.variant
    for row in group.items("SecurityGroupIngress") or ():
        yield Ingress(row, variant)
    for rule in variant.resources("AWS::EC2::SecurityGroupIngress"):
        target = rule.get("GroupId").reference
        if target and target.logical_id == group.name:
            yield Ingress(rule.get(), variant)


def security_groups(resource: Resource) -> tuple[Resource, ...]:
    """The security groups of a database or a proxy; none when one of them is not in the template, or not known."""
    found = [resource.variant.target(row) for row in resource.items(GROUPS_OF[resource.type]) or ()]
    return tuple(row for row in found if row and row.type == GROUP) if None not in found else ()


def zone_of(variant: Variant, subnet: Found) -> str | None:
    """The AvailabilityZone of a subnet of this template, as text; None when it has none, or the subnet is elsewhere."""
    resource = variant.target(subnet)
    if resource is None or resource.get("AvailabilityZone").absent:
        return None
    return resource.get("AvailabilityZone").text or json.dumps(resource.written("AvailabilityZone"), default=str)


def vpc_of(resource: Resource) -> str | None:
    """The VPC of a subnet, a group or an endpoint: a logical id, or an id as it is written; None when not known."""
    found = resource.get("VpcId")
    if found.absent:
        return DEFAULT_VPC if resource.type == GROUP else None
    return found.reference.logical_id if found.reference else found.text


def has_ipv6(subnet: Resource) -> bool:
    """Whether a subnet has, or may have, an IPv6 range: its own, or one that a resource beside it gives."""
    blocks = subnet.variant.resources("AWS::EC2::SubnetCidrBlock")
    own = ("Ipv6CidrBlock", "Ipv6IpamPoolId", "Ipv6NetmaskLength")
    return any(not subnet.get(name).absent for name in own) or any(row.refers_to(subnet) for row in blocks)
