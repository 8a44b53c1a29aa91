"""The parameters of a network: its range, its tiers of subnets, outbound traffic, and what is recorded."""

from __future__ import annotations

from aurora_cfn.blueprints.network_subnets import PREFIXES
from aurora_cfn.blueprints.parts.observation import log_retention
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP
from aurora_cfn.parameters import BOOLEAN, Parameter

_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
CIDR = rf"({_OCTET}\.){{3}}{_OCTET}/(1[6-9]|2[0-8])"
_WHOLE_RANGE = "a range such as 10.0.0.0/16, with a prefix of 16 to 28"
_ZONE = "[a-z]{2}(-[a-z]+)+-[0-9][a-z]"


def _tier(name: str, what: str, *, block: str, prefix: str) -> tuple[Parameter, Parameter]:
    return (
        Parameter(
            f"{name}Cidr",
            f"Part of VpcCidr for the {name.lower()} subnets: {what} Empty: there are none. Changing it replaces the"
            " subnets, which fails while something uses them.",
            default=block, group=f"{name} subnets", pattern=f"^$|^{CIDR}$", constraint=f"empty, or {_WHOLE_RANGE}",
        ),
        Parameter(
            f"{name}SubnetPrefix",
            f"Size of each {name.lower()} subnet as the length of its prefix: 20 gives 4096 addresses, 24 gives 256, 28"
            f" gives 16, of which AWS keeps 5. They follow one another from the start of {name}Cidr. Changing it"
            " replaces the subnets, which fails while something uses them.",
            default=prefix, group=f"{name} subnets", allowed=PREFIXES,
        ),
    )  # fmt: skip


PARAMETERS = (
    Parameter(
        "VpcCidr",
        "Addresses of the VPC. All tiers of subnets are parts of it. Changing it replaces the VPC, which fails"
        " while other stacks use it.",
        default="10.0.0.0/16", group="Range", pattern=f"^{CIDR}$", constraint=_WHOLE_RANGE,
    ),
    Parameter(
        "Zones",
        "Number of availability zones; every tier has one subnet in each. Databases and proxies need at least 2.",
        default="2", group="Range", allowed=("1", "2", "3"),
    ),
    Parameter(
        "AvailabilityZones",
        "Names of the zones, with commas, in their order. Empty: the first zones of the region. Write them out"
        " where that order must never change, or where a service is missing in one of them. Other zones replace the"
        " subnets, which fails while something uses them.",
        default="", group="Range", pattern=f"^$|^{_ZONE}(,{_ZONE}){{0,2}}$",
        constraint="empty, or names such as eu-west-1a,eu-west-1b",
    ),
    *_tier(
        "Public", "reached from the internet, for NAT gateways and load balancers.", block="10.0.0.0/18", prefix="20",
    ),
    *_tier(
        "Private", "for functions and services; they reach the internet where there is a NAT gateway.",
        block="10.0.128.0/18", prefix="20",
    ),
    *_tier(
        "Isolated", "for databases; nothing leads from here to the internet.", block="10.0.192.0/18", prefix="24",
    ),
    Parameter(
        "NatGateways",
        "How the private subnets reach the internet. one: cheaper, and lost with its zone. one-per-zone: no zone"
        " depends on another. Each gateway is charged by the hour and by the byte.",
        default="one", group="Outbound traffic", allowed=("none", "one", "one-per-zone"),
    ),
    Parameter(
        "S3GatewayEndpoint", "Whether S3 is reached inside the VPC, at no charge.",
        default="true", group="Outbound traffic", allowed=BOOLEAN,
    ),
    Parameter(
        "CloseDefaultSecurityGroup",
        "Whether a small function removes the rules that AWS gives the VPC's default security group, so that what"
        " is put into it by mistake reaches nothing.",
        default="true", group="Safety", allowed=BOOLEAN,
    ),
    Parameter(
        "FlowLogs",
        "Which connections are recorded: all, those that were refused, those that were accepted, or none.",
        default="ALL", group="Observation", allowed=("ALL", "REJECT", "ACCEPT", "none"),
    ),
    log_retention("Days for which flow logs are kept in CloudWatch Logs."),
    *BOUNDARY_GROUP.parameters,
)  # fmt: skip
"""All rows, in the order in which a reader meets them."""
