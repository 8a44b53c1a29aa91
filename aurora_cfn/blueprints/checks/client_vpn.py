"""Address ranges of a Client VPN that cannot work together."""

from __future__ import annotations

from ipaddress import IPv4Network

from aurora_cfn.parameters import Check, Values


def vpn_checks() -> tuple[Check, ...]:
    """The two address ranges, and the number of subnets."""
    return (
        _host_bits("ClientCidr"),
        _host_bits("VpcCidr"),
        _overlap("VpcCidr"),
        # Known before anything is deployed, where VpcId is an output of a network in the same file.
        _overlap("VpcId.VpcCidr"),
        Check(("Zones", "SubnetIds"), _zones),
    )


def _overlap(vpc_cidr: str) -> Check:
    def overlap(values: Values) -> str | None:
        clients, vpc = (_network(values[name]) for name in ("ClientCidr", vpc_cidr))
        if clients is None or vpc is None or not clients.overlaps(vpc):
            return None
        return f"ClientCidr {values['ClientCidr']} overlaps the VPC's {values[vpc_cidr]}"

    return Check(("ClientCidr", vpc_cidr), overlap)


def _host_bits(name: str) -> Check:
    def problem(values: Values) -> str | None:
        set_bits = _network(values[name]) is None
        return f"{name} {values[name]} is not a CIDR block: it has bits set after its prefix" if set_bits else None

    return Check((name,), problem)


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _zones(values: Values) -> str | None:
    zones, subnets = int(values["Zones"]), len(values["SubnetIds"].split(","))
    return f"Zones is {zones}, but SubnetIds names {subnets}" if zones > subnets else None
