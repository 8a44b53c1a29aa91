"""What is open to the whole internet on a side."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from aurora_cfn.model.change import DATABASES
from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import references
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.resources import Resource
from aurora_cfn.template.side import Side

WIDE = 7
"""A network with a prefix this short or shorter is as good as the world; the largest private one is 10.0.0.0/8."""
_DATABASE_PORTS = (1433, 1521, 3306, 5432, 8182, 27017, 50000)
"""SQL Server, Oracle, MySQL, PostgreSQL, Neptune, DocumentDB, Db2: the defaults by the service models."""
_RULES = {"AWS::EC2::SecurityGroupIngress", "AWS::RDS::DBSecurityGroupIngress"}
"""Types that are a rule themselves; DBSecurityGroupIngress is from before VPCs, and spells CIDRIP."""


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
    # A public address alone opens nothing, but then only the security group protects the database.
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
        # Not strict: a network may be written with host bits, as 10.0.0.5/8.
        return ipaddress.ip_network(cidr, strict=False).prefixlen <= WIDE
    except ValueError:
        return False


def _ports(rule: Mapping[str, Value]) -> str:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    # -1 is every protocol, for which EC2 ignores the ports.
    if rule.get("IpProtocol") == "-1" or low is None:
        return "every port"
    return _port(low) if low == high else f"ports {_port(low)} to {_port(high)}".replace(" port ", " ")


def _port(value: Value) -> str:
    """A port in words: `port 5432`, `the port of Shop`, or that it is not known."""
    if isinstance(value, str):
        return f"port {value}"
    named = next((name for name, _ in references(value)), "")
    return f"the port of {named}" if named else "a port that is not known here"


def opens_a_database(resource: Resource, side: Side) -> bool:
    """Whether an opening of the resource reaches a database: its own, of its port, or of its security group."""
    if resource.properties.get("PubliclyAccessible") == "true":
        return resource.type.startswith(DATABASES)
    rules = resource.properties.get("SecurityGroupIngress")
    rows = [resource.properties, *(rules if isinstance(rules, list) else [])]
    if any(isinstance(row, Mapping) and _database_port(row, side) for row in rows):
        return True
    # A rule without a database's port may still lead to one: custom ports are common.
    group = resource.logical_id if resource.type == "AWS::EC2::SecurityGroup" else _group(resource)
    return bool(group) and any(group in mentioned(entry) for entry in _databases(side))


def _database_port(rule: Mapping[str, Value], side: Side) -> bool:
    low, high = rule.get("FromPort"), rule.get("ToPort")
    kinds = side.section("Resources")
    for name, _ in references(low):
        entry = kinds.get(name)
        if isinstance(entry, Mapping) and str(entry.get("Type")).startswith(DATABASES):
            return True
    if not (isinstance(low, str) and isinstance(high, str) and low.isdigit() and high.isdigit()):
        return False
    return any(int(low) <= port <= int(high) for port in _DATABASE_PORTS)


def _group(resource: Resource) -> str:
    return next((name for name, _ in references(resource.properties.get("GroupId"))), "")


def _databases(side: Side) -> Iterator[Mapping[str, Value]]:
    for entry in side.section("Resources").values():
        if isinstance(entry, Mapping) and str(entry.get("Type")).startswith(DATABASES):
            yield entry
