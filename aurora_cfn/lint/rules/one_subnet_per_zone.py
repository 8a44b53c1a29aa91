from __future__ import annotations

from collections.abc import Iterable, Iterator

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.network import zone_of
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World


class OneSubnetPerZone(AuroraRule):
    """Two subnets of one availability zone where AWS takes one.

    An interface endpoint has one subnet in each zone (DuplicateSubnetsInSameZone), and a Client VPN endpoint one target
    network in each zone.
    """

    id = "E9063"
    fix = "name one subnet of each availability zone"
    source_url = "https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-target.html"
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for endpoint in world.resources("AWS::EC2::VPCEndpoint"):
            if endpoint.get("VpcEndpointType").text == "Interface":
                yield from _doubles(world, endpoint.items("SubnetIds") or (), endpoint.name)
        joined: dict[str, list[Found]] = {}
        for row in world.resources("AWS::EC2::ClientVpnTargetNetworkAssociation"):
            owner = row.get("ClientVpnEndpointId").reference
            if owner and row.certain:
                joined.setdefault(owner.logical_id, []).append(row.get("SubnetId"))
        for name, subnets in joined.items():
            yield from _doubles(world, subnets, name)


def _doubles(world: World, subnets: Iterable[Found], owner: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for found in subnets:
        zone = zone_of(world, found)
        if zone and found.reference:
            name = found.reference.logical_id
            first = seen.setdefault(zone, name)
            if first != name:
                yield at(found, f"the subnets {first} and {name} of {owner} are in one availability zone")
