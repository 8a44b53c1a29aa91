"""Gateways between a network and the internet: one for the public tier, and NAT for the private one."""

from __future__ import annotations

from typing import Any, Final

from troposphere import And, AWSObject, Equals, GetAtt, If, Join, Not, Ref, Sub, Tags
from troposphere.ec2 import EIP, InternetGateway, NatGateway, Route, VPCGatewayAttachment

from aurora_cfn.blueprint import commented
from aurora_cfn.blueprints.network_subnets import PRIVATE, PUBLIC, ZONE_CONDITION, ZONES, default_route
from aurora_cfn.blueprints.parts.conditions import chosen, named
from aurora_cfn.model.value import Path

GATEWAY_COMMENTS: Final[dict[Path, str]] = {
    (
        "Conditions",
        "HasNat",
    ): "A NAT gateway is in a public subnet and serves private ones: it needs both tiers.",
}


def gateway_conditions() -> dict[str, Any]:
    """How many NAT gateways there are, and which private subnets reach one."""
    asked = Not(Equals(Ref("NatGateways"), "none"))
    one_a_zone = {
        f"HasNat{zone}": And(named("HasNatInEachZone"), named(ZONE_CONDITION[zone])) for zone in ZONES if zone > 1
    }
    routed = {f"HasNatRoute{zone}": And(named("HasNat"), named(ZONE_CONDITION[zone])) for zone in ZONES if zone > 1}
    return {
        "HasNat": And(named(PUBLIC.condition), named(PRIVATE.condition), asked),
        "HasNatInEachZone": And(named("HasNat"), chosen("NatGateways", "one-per-zone")),
        **one_a_zone,
        **routed,
    }


def gateway_resources() -> list[AWSObject]:
    """The internet gateway with its route, and the NAT gateways with theirs."""
    return [*_internet(), *(part for zone in ZONES for part in _nat(zone))]


def nat_addresses() -> If:
    """The public addresses of the NAT gateways, as one text with commas."""
    all_of = [Ref(f"NatAddress{zone}") for zone in ZONES]
    in_each = If("HasNat3", Join(",", all_of), If("HasNat2", Join(",", all_of[:2]), all_of[0]))
    return If("HasNatInEachZone", in_each, all_of[0])


def _internet() -> list[AWSObject]:
    return [
        InternetGateway("InternetGateway", Condition=PUBLIC.condition, Tags=Tags(Name=Ref("AWS::StackName"))),
        VPCGatewayAttachment(
            "InternetGatewayAttachment",
            Condition=PUBLIC.condition,
            VpcId=Ref("VPC"),
            InternetGatewayId=Ref("InternetGateway"),
        ),
        commented(
            Route(
                "PublicDefaultRoute",
                Condition=PUBLIC.condition,
                DependsOn=["InternetGatewayAttachment"],
                RouteTableId=Ref(PUBLIC.table(1)),
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId=Ref("InternetGateway"),
            ),
            DependsOn="EC2 refuses a route to a gateway that is not attached yet, and no Ref says so.",
        ),
    ]


def _nat(zone: int) -> list[AWSObject]:
    own = "HasNat" if zone == 1 else f"HasNat{zone}"
    routed = "HasNat" if zone == 1 else f"HasNatRoute{zone}"
    title = f"NatGateway{zone}"
    name = Tags(Name=Sub(f"${{AWS::StackName}}-nat-{zone}"))
    address = EIP(f"NatAddress{zone}", Condition=own, DependsOn=["InternetGatewayAttachment"], Domain="vpc", Tags=name)
    gateway = NatGateway(
        title,
        Condition=own,
        DependsOn=["PublicDefaultRoute"],
        AllocationId=GetAtt(address, "AllocationId"),
        SubnetId=Ref(PUBLIC.subnet(zone)),
        Tags=name,
    )
    nearest = Ref(title) if zone == 1 else If("HasNatInEachZone", Ref(title), Ref("NatGateway1"))
    route = default_route(
        f"PrivateDefaultRoute{zone}", table=PRIVATE.table(zone), condition=routed, NatGatewayId=nearest
    )
    commented(
        address,
        DependsOn="EC2 detaches the internet gateway only after the address is released: the address is deleted first.",
    )
    commented(gateway, DependsOn="A NAT gateway without a route to the internet would start, and pass nothing on.")
    return [address, gateway, route]
