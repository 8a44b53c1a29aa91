"""What is open to the whole internet on a side."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from aurora_cfn.model.value import Value
from aurora_cfn.template.resources import Resource

WIDE = 7
"""A network with a prefix this short or shorter is as good as the world (half of it, a quarter, ...)."""
_RULES = {"AWS::EC2::SecurityGroupIngress", "AWS::RDS::DBSecurityGroupIngress"}


def openings(resource: Resource) -> frozenset[tuple[str, str]]:
    """Every opening as property and sentence."""
    return frozenset(_openings(resource))


def _openings(resource: Resource) -> Iterator[tuple[str, str]]:
    properties = resource.properties
    if resource.type in _RULES:
        for sentence in _rule(properties):
            yield "", sentence
    rules = properties.get("SecurityGroupIngress")
    for rule in rules if isinstance(rules, list) else []:
        for sentence in _rule(rule):
            yield "SecurityGroupIngress", sentence
    if properties.get("PubliclyAccessible") == "true":
        yield "PubliclyAccessible", "the database gets a public address"


def _rule(rule: Value) -> Iterator[str]:
    if not isinstance(rule, Mapping):
        return
    for key in ("CidrIp", "CidrIpv6", "CIDRIP"):
        cidr = rule.get(key)
        if isinstance(cidr, str) and _wide(cidr):
            yield f"{_ports(rule)} opens to {cidr}, the whole internet"


def _wide(cidr: str) -> bool:
    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen <= WIDE
    except ValueError:
        return False


def _ports(rule: Mapping[str, Value]) -> str:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    if rule.get("IpProtocol") == "-1" or low is None:
        return "every port"
    return f"port {low}" if low == high else f"ports {low} to {high}"
