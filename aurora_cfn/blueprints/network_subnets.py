"""The three tiers of a network's subnets: public, private and isolated, up to three zones each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from troposphere import And, AWSObject, Cidr, FindInMap, GetAZs, If, Join, Ref, Select, Split, Sub, Tags
from troposphere.ec2 import Route, RouteTable, Subnet, SubnetRouteTableAssociation

from aurora_cfn.blueprints.parts.conditions import given, named
from aurora_cfn.model.value import Path, Value

ZONES = (1, 2, 3)
PREFIXES = tuple(str(prefix) for prefix in range(16, 29))
"""Prefix lengths that AWS takes for a subnet (VPC user guide, subnet sizing, 2026-11-20)."""
_BITS = "SubnetBits"
SUBNET_COMMENTS: Final[dict[Path, str]] = {
    ("Mappings", _BITS): "Fn::Cidr takes the number of host bits: 32 minus the length of the prefix.",
}
ZONE_CONDITION = {1: "", 2: "HasSecondZone", 3: "HasThirdZone"}


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: `name` starts its logical ids and parameters; it has one route table, or one in each zone."""

    name: str
    table_a_zone: bool = False

    @property
    def condition(self) -> str:
        """Name of the condition under which the tier exists."""
        return f"Has{self.name}"

    def condition_in(self, zone: int) -> str:
        """Name of the condition under which it exists in that zone."""
        return self.condition if zone == 1 else f"{self.condition}{zone}"

    def subnet(self, zone: int) -> str:
        """Logical id of its subnet in that zone."""
        return f"{self.name}Subnet{zone}"

    def table(self, zone: int) -> str:
        """Logical id of the route table of that zone."""
        return f"{self.name}RouteTable{zone}" if self.table_a_zone else f"{self.name}RouteTable"

    def tables(self) -> dict[str, str]:
        """Logical ids of its route tables to their conditions."""
        return {self.table(zone): self.condition_in(zone) for zone in (ZONES if self.table_a_zone else (1,))}


PUBLIC, PRIVATE, ISOLATED = Tier("Public"), Tier("Private", table_a_zone=True), Tier("Isolated")
TIERS = (PUBLIC, PRIVATE, ISOLATED)


def subnet_bits() -> dict[str, Value]:
    """The mapping from a prefix length to the host bits that Fn::Cidr takes."""
    return {_BITS: {prefix: {"Bits": str(32 - int(prefix))} for prefix in PREFIXES}}


def tier_conditions(tier: Tier) -> dict[str, Any]:
    """Whether the tier exists, and in which zones."""
    in_zones = {
        tier.condition_in(zone): And(named(tier.condition), named(ZONE_CONDITION[zone])) for zone in ZONES if zone > 1
    }
    return {tier.condition: given(f"{tier.name}Cidr"), **in_zones}


def tier_resources(tier: Tier) -> list[AWSObject]:
    """Route tables without routes, subnets, and their associations."""
    return [
        *(_table(tier, title, condition) for title, condition in tier.tables().items()),
        *(_subnet(tier, zone) for zone in ZONES),
        *(_association(tier, zone) for zone in ZONES),
    ]


def default_route(title: str, *, table: str, condition: str, **target: Any) -> Route:
    """A route to everywhere outside the VPC."""
    return Route(title, Condition=condition, RouteTableId=Ref(table), DestinationCidrBlock="0.0.0.0/0", **target)


def subnet_ids(tier: Tier, gathered: Callable[[list[Ref]], Any]) -> If:
    """The ids of the tier's subnets, through `gathered` into a list or one text."""
    ids = [Ref(tier.subnet(zone)) for zone in ZONES]
    return If("HasThirdZone", gathered(ids), If("HasSecondZone", gathered(ids[:2]), gathered(ids[:1])))


def joined(ids: list[Ref]) -> Any:
    """Ids as one text with commas: an output cannot be a list."""
    return Join(",", ids) if len(ids) > 1 else ids[0]


def _subnet(tier: Tier, zone: int) -> Subnet:
    return Subnet(
        tier.subnet(zone),
        Condition=tier.condition_in(zone),
        VpcId=Ref("VPC"),
        AvailabilityZone=Select(zone - 1, If("HasZoneNames", Split(",", Ref("AvailabilityZones")), GetAZs(""))),
        CidrBlock=Select(
            zone - 1,
            Cidr(Ref(f"{tier.name}Cidr"), Ref("Zones"), FindInMap(_BITS, Ref(f"{tier.name}SubnetPrefix"), "Bits")),
        ),
        MapPublicIpOnLaunch=False,
        Tags=_named(f"{tier.name.lower()}-{zone}"),
    )


def _table(tier: Tier, title: str, condition: str) -> RouteTable:
    suffix = title.removeprefix(f"{tier.name}RouteTable")
    name = f"{tier.name.lower()}-{suffix}" if suffix else tier.name.lower()
    return RouteTable(title, Condition=condition, VpcId=Ref("VPC"), Tags=_named(name))


def _association(tier: Tier, zone: int) -> SubnetRouteTableAssociation:
    return SubnetRouteTableAssociation(
        f"{tier.subnet(zone)}Routes",
        Condition=tier.condition_in(zone),
        SubnetId=Ref(tier.subnet(zone)),
        RouteTableId=Ref(tier.table(zone)),
    )


def _named(suffix: str) -> Tags:
    return Tags(Name=Sub("${AWS::StackName}-" + suffix))
