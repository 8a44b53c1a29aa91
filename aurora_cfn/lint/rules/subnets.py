"""Rules about subnets: their zones, size, routes and IPv6 ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from aurora_cfn.lint.databases import databases_behind
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.network import SUBNET, has_ipv6, network, zone_of
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.resource_types import CLUSTER, INSTANCE, PROXY

_SUBNETS: Final = {"AWS::RDS::DBSubnetGroup": "SubnetIds", PROXY: "VpcSubnetIds"}


class SubnetGroupZones(AuroraRule):
    """A subnet group or a proxy needs subnets in two availability zones.

    Aurora keeps its storage in three zones, and RDS refuses a subnet group or a proxy that covers fewer than two.
    """

    id = "E9031"
    fix = "name subnets of at least two availability zones"
    page = "USER_VPC.WorkingWithRDSInstanceinaVPC"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for group in variant.resources(*_SUBNETS):
            name = _SUBNETS[group.type]
            rows, found = group.items(name), group.get(name)
            if rows is None or any(isinstance(row.value, list) or row.unknown for row in rows) or found.absent:
                continue
            zones = {zone_of(variant, row) for row in rows}
            if len(rows) < 2:
                yield at(found, f"{group.name} has {len(rows)} subnet{'' if len(rows) == 1 else 's'}")
            elif len(zones) == 1 and None not in zones:
                yield at(found, f"all subnets of {group.name} are in one availability zone")


class OneSubnetPerZone(AuroraRule):
    """Two subnets of one availability zone where AWS takes one.

    An interface endpoint has one subnet in each zone (DuplicateSubnetsInSameZone), and a Client VPN endpoint one target
    network in each zone.
    """

    id = "E9063"
    fix = "name one subnet of each availability zone"
    page = "cvpn-working-target"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for endpoint in variant.resources("AWS::EC2::VPCEndpoint"):
            if endpoint.get("VpcEndpointType").text == "Interface":
                yield from _doubles(variant, endpoint.items("SubnetIds") or (), endpoint.name)
        joined: dict[str, list[Found]] = {}
        for row in variant.resources("AWS::EC2::ClientVpnTargetNetworkAssociation"):
            owner = row.get("ClientVpnEndpointId").reference
            if owner and row.certain:
                joined.setdefault(owner.logical_id, []).append(row.get("SubnetId"))
        for name, subnets in joined.items():
            yield from _doubles(variant, subnets, name)


def _doubles(variant: Variant, subnets: Iterable[Found], owner: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for found in subnets:
        zone = zone_of(variant, found)
        if zone and found.reference:
            name = found.reference.logical_id
            first = seen.setdefault(zone, name)
            if first != name:
                yield at(found, f"the subnets {first} and {name} of {owner} are in one availability zone")


class SmallSubnets(AuroraRule):
    """Subnets of a database with few addresses.

    A /28 has 11 usable addresses for instances, proxies, functions and endpoints together; when they are used up RDS
    answers InsufficientAvailableIPsInSubnetFault.
    """

    id = "I9048"
    fix = "use /26 or larger, or count the addresses that are needed"
    page = "USER_VPC.WorkingWithRDSInstanceinaVPC"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        for group in variant.resources("AWS::RDS::DBSubnetGroup"):
            for row in group.items("SubnetIds") or ():
                subnet = variant.target(row)
                found = subnet.get("CidrBlock") if subnet else None
                addresses = network(found) if found else None
                # EC2 keeps the first four addresses and the last one of each subnet (VPC user guide, subnet sizing).
                if found and addresses and addresses.prefixlen >= 27:
                    yield at(found, f"{found.text} has {addresses.num_addresses - 5} usable addresses")


class PublicSubnets(AuroraRule):
    """The subnet group of a database has public subnets.

    Subnets with a route to an internet gateway are for load balancers, not for databases. Security Hub RDS.46.
    """

    id = "W9031"
    fix = "put the subnet group into subnets without a route to an internet gateway"
    page = "rds-controls"

    def look(self, variant: Variant) -> Iterator[Problem]:
        public = frozenset(_public_subnets(variant))
        for group in variant.resources("AWS::RDS::DBSubnetGroup"):
            for row in group.items("SubnetIds") or ():
                if row.reference and row.reference.logical_id in public:
                    yield at(row, f"{row.reference.logical_id} has a route to the internet")


def _public_subnets(variant: Variant) -> Iterator[str]:
    gateways = {row.name for row in variant.resources("AWS::EC2::InternetGateway")}
    tables = set()
    for route in variant.resources("AWS::EC2::Route"):
        gateway, table = route.get("GatewayId").reference, route.get("RouteTableId").reference
        if gateway and table and gateway.logical_id in gateways:
            tables.add(table.logical_id)
    for row in variant.resources("AWS::EC2::SubnetRouteTableAssociation"):
        table, subnet = row.get("RouteTableId").reference, row.get("SubnetId").reference
        if table and subnet and table.logical_id in tables:
            yield subnet.logical_id


# Type, property, the values that need IPv6, and the path to the subnets.
_NEEDS: Final = (
    (CLUSTER, "NetworkType", {"DUAL"}, "DBSubnetGroupName>SubnetIds[]"),
    (INSTANCE, "NetworkType", {"DUAL"}, "DBSubnetGroupName>SubnetIds[]"),
    (PROXY, "EndpointNetworkType", {"DUAL", "IPV6"}, "VpcSubnetIds[]"),
)


class Ipv6Network(AuroraRule):
    """IPv6 where the subnets or the database have none.

    NetworkType DUAL and a proxy endpoint of IPV6 or DUAL need an IPv6 range in every subnet; a proxy that connects by
    IPV6 needs a database of NetworkType DUAL.
    """

    id = "E9064"
    fix = "give every subnet an Ipv6CidrBlock, or use IPV4"
    page = "API_CreateDBProxy"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for kind, name, values, path in _NEEDS:
            for resource in variant.resources(kind):
                found = resource.get(name)
                subnets = [variant.target(row) for row in places(resource, resource.get(), path)]
                without = [row.name for row in subnets if row and row.type == SUBNET and not has_ipv6(row)]
                if (found.text or "").upper() in values and without:
                    yield at(found, f"{name} {found.text} needs IPv6, and {without[0]} has no Ipv6CidrBlock")
        for proxy in variant.resources(PROXY):
            found = proxy.get("TargetConnectionNetworkType")
            for database in databases_behind(proxy) if found.text == "IPV6" else ():
                network = database.get("NetworkType")
                if network.absent or network.text == "IPV4":
                    what = f"TargetConnectionNetworkType IPV6 needs a dual-stack database, and {database.name} is IPV4"
                    yield at(found, what, f"set NetworkType of {database.name} to DUAL, or use IPV4")
