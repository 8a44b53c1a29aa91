from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.databases import INSTANCE
from aurora_cfn.lint.mentions import has_macro
from aurora_cfn.lint.network import vpc_of
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at
from aurora_cfn.lint.world import World, section
from aurora_cfn.template.mentions import mentioned


class PublicWithoutGateway(AuroraRule):
    """A public database in a VPC without internet gateway.

    RDS answers InvalidVPCNetworkStateFault to PubliclyAccessible true when the VPC has no internet gateway. VPCs that
    an output or a nested stack names may get their gateway there and are not checked.
    """

    id = "E9065"
    fix = "set PubliclyAccessible to false, or attach an internet gateway to the VPC"
    source_url = (
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html"
    )
    checked = "2026-11-28"

    def look(self, world: World) -> Iterator[Problem]:
        for instance in () if has_macro(world) else world.resources(INSTANCE):
            found = instance.get("PubliclyAccessible")
            subnets = places(instance, instance.get(), "DBSubnetGroupName>SubnetIds[]")
            for subnet in subnets if found.flag is True else ():
                target = world.target(subnet)
                vpc = vpc_of(target) if target else None
                if vpc and world.has_resource(vpc) and not _may_have_gateway(world, vpc):
                    yield at(found, f"{instance.name} is public, and {vpc} has no internet gateway")
                    break


def _may_have_gateway(world: World, vpc: str) -> bool:
    """Whether the template attaches a gateway to the VPC, or names the VPC where another stack may do so."""
    places_of_gateways: list[object] = [section(world.template, "Outputs")]
    for body in section(world.template, "Resources").values():
        kind = str(body.get("Type")) if isinstance(body, dict) else ""
        if kind.startswith(("AWS::EC2::VPCGatewayAttachment", "AWS::CloudFormation::", "Custom::")):
            places_of_gateways.append(body.get("Properties"))
    return any(vpc in mentioned(node) for node in places_of_gateways)
