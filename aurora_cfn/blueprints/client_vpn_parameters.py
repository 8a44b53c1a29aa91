"""The parameters of a Client VPN, and the addresses that cannot work together."""

from __future__ import annotations

from ipaddress import IPv4Network

from aurora_cfn.blueprints.parts.log_groups import log_retention
from aurora_cfn.parameters import Check, Parameter, Values

_CIDR = r"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])/"
_CERTIFICATE = "arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-z0-9-]{36}"

VPN_PARAMETERS = (
    Parameter("VpcId", "VPC that clients come into.", type="AWS::EC2::VPC::Id", group="Network"),
    Parameter(
        "VpcCidr",
        "Addresses of the VPC: clients are authorised for these and no others.",
        group="Network",
        pattern=_CIDR + r"(1[6-9]|2[0-8])$",
        constraint="a block of addresses from /16 to /28, such as 10.0.0.0/16",
    ),
    Parameter(
        "SubnetIds",
        "Private subnets, each in another zone, in which clients arrive. The first is used, more with Zones.",
        type="List<AWS::EC2::Subnet::Id>",
        group="Network",
    ),
    Parameter(
        "Zones",
        "In how many of the subnets clients arrive; each is charged by the hour.",
        default="1",
        group="Network",
        allowed=("1", "2", "3"),
    ),
    Parameter(
        "ClientCidr",
        "Addresses that clients are given, from /12 to /22, apart from the VPC. Changing it later asks for a new"
        " endpoint and new profiles.",
        default="192.168.128.0/22",
        group="Network",
        pattern=_CIDR + r"(1[2-9]|2[0-2])$",
        constraint="a block of addresses from /12 to /22",
    ),
    Parameter(
        "DatabaseSecurityGroupIds",
        "Groups whose members the databases let in, separated by commas, at most four. Clients get these as well.",
        default="",
        group="Network",
        pattern="^$|^sg-[0-9a-f]{8,17}(,sg-[0-9a-f]{8,17}){0,3}$",
        constraint="empty, or up to four ids of security groups, separated by commas",
    ),
    Parameter(
        "DnsServer",
        "Resolver for connected clients, for names of the VPC alone: the VPC's base address plus two. Empty: theirs."
        " Names of databases resolve everywhere.",
        default="",
        group="Network",
        pattern=r"^$|^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
        constraint="empty, or an address",
    ),
    Parameter(
        "ServerCertificateArn",
        "Certificate of the endpoint in ACM. `aurora-cfn vpn certificates` makes and imports it, and prints this.",
        group="Certificates",
        pattern=f"^{_CERTIFICATE}$",
        constraint="the ARN of a certificate in ACM",
    ),
    Parameter(
        "ClientRootCertificateArn",
        "Certificate in ACM whose chain ends at the authority of the clients' certificates. Empty: the server"
        " certificate's, which is right when one authority signed both.",
        default="",
        group="Certificates",
        pattern=f"^$|^{_CERTIFICATE}$",
        constraint="empty, or the ARN of a certificate in ACM",
    ),
    Parameter(
        "SessionTimeoutHours",
        "Hours after which a session ends and the client signs in again.",
        default="8",
        group="Sessions",
        allowed=("8", "10", "12", "24"),
    ),
    log_retention("Days for which the connection log is kept."),
)


def vpn_checks() -> tuple[Check, ...]:
    """What CloudFormation cannot compare: blocks of addresses, and how many subnets there are."""
    return (
        _no_block("ClientCidr"),
        _no_block("VpcCidr"),
        _no_overlap("VpcCidr"),
        # Known before anything is deployed, where VpcId is an output of a network in the same file.
        _no_overlap("VpcId.VpcCidr"),
        Check(("Zones", "SubnetIds"), _zones),
    )


def _no_overlap(vpc_cidr: str) -> Check:
    def overlap(values: Values) -> str | None:
        clients, vpc = (_network(values[name]) for name in ("ClientCidr", vpc_cidr))
        if clients is None or vpc is None or not clients.overlaps(vpc):
            return None
        return f"ClientCidr {values['ClientCidr']} overlaps the VPC's {values[vpc_cidr]}"

    return Check(("ClientCidr", vpc_cidr), overlap)


def _no_block(name: str) -> Check:
    def problem(values: Values) -> str | None:
        return None if _network(values[name]) else f"{name} {values[name]} is no block: bits beyond the prefix are set"

    return Check((name,), problem)


def _network(text: str) -> IPv4Network | None:
    try:
        return IPv4Network(text)
    except ValueError:
        return None


def _zones(values: Values) -> str | None:
    zones, subnets = int(values["Zones"]), len(values["SubnetIds"].split(","))
    return f"Zones is {zones}, but SubnetIds names {subnets}" if zones > subnets else None
