"""Ranges and zones of a network that do not fit together."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

from aurora_cfn.parameters import Check, Values

_TIERS = ("Public", "Private", "Isolated")
"""The tiers of subnets, as the names of their parameters start."""


def network_checks() -> tuple[Check, ...]:
    """What CloudFormation cannot compare, refused while nothing has been called yet."""
    blocks = tuple(f"{tier}Cidr" for tier in _TIERS)
    return (
        Check(("VpcCidr",), lambda values: _misaligned("VpcCidr", values["VpcCidr"])),
        *(check for tier in _TIERS for check in _tier_checks(tier)),
        Check(blocks, lambda values: _overlap(blocks, values)),
        Check(("Zones", "AvailabilityZones"), _zone_names),
        Check(("Zones",), _one_zone, severity="warning"),
    )


def _tier_checks(tier: str) -> tuple[Check, ...]:
    block, prefix = f"{tier}Cidr", f"{tier}SubnetPrefix"

    def inside(values: Values) -> str | None:
        misaligned = _misaligned(block, values[block])
        if misaligned or not values[block]:
            return misaligned
        whole, part = _network(values["VpcCidr"]), _network(values[block])
        return None if part.subnet_of(whole) else f"{block} {part} is not inside VpcCidr {whole}"

    def room(values: Values) -> str | None:
        if not values[block]:
            return None
        part, length, zones = _network(values[block]), int(values[prefix]), int(values["Zones"])
        if length <= part.prefixlen:
            return f"{prefix} {length} must be over the prefix of {block} {part}: subnets are parts of it"
        fit = 2 ** (length - part.prefixlen)
        return f"{block} {part} holds {fit} subnets of /{length}, fewer than Zones {zones}" if fit < zones else None

    return (Check(("VpcCidr", block), inside), Check((block, prefix, "Zones"), room))


def _network(text: str) -> IPv4Network:
    return IPv4Network(text, strict=False)


def _misaligned(name: str, text: str) -> str | None:
    """What is wrong with a range that AWS would silently move to the start of its block."""
    if not text or str(_network(text)) == text:
        return None
    block = _network(text)
    return f"{name} {text} has host bits set: it is not on the border of a /{block.prefixlen} block: write {block}"


def _overlap(blocks: tuple[str, ...], values: Values) -> str | None:
    given = [(name, _network(values[name])) for name in blocks if values[name]]
    for (name, block), (other, another) in combinations(given, 2):
        if block.overlaps(another):
            return f"{name} {block} overlaps {other} {another}"
    return None


def _zone_names(values: Values) -> str | None:
    names, zones = [name for name in values["AvailabilityZones"].split(",") if name], int(values["Zones"])
    if len(set(names)) < len(names):
        return f"AvailabilityZones {values['AvailabilityZones']} names a zone twice"
    if names and len(names) < zones:
        return f"AvailabilityZones names {len(names)} zones, fewer than Zones {zones}"
    return None


def _one_zone(values: Values) -> str | None:
    return "one zone is too few for a database or a proxy: RDS requires two" if values["Zones"] == "1" else None
