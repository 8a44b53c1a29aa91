"""The parameters of a Client VPN."""

from __future__ import annotations

from troposphere import Not

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import chosen, given
from aurora_cfn.blueprints.parts.observation import log_retention
from aurora_cfn.parameters import Parameter

_CIDR = r"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])/"
_CERTIFICATE = "arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-z0-9-]{36}"

_NETWORK = (
    Parameter("VpcId", "VPC that the clients connect to.", type="AWS::EC2::VPC::Id", group="Network"),
    Parameter(
        "VpcCidr", "Addresses of the VPC: clients may reach these and no others.",
        group="Network", pattern=_CIDR + r"(1[6-9]|2[0-8])$",
        constraint="a block of addresses from /16 to /28, such as 10.0.0.0/16",
    ),
    Parameter(
        "SubnetIds",
        "Private subnets, each in another zone, in which clients arrive. The first is used, more with Zones.",
        type="List<AWS::EC2::Subnet::Id>", group="Network",
    ),
    Parameter(
        "Zones", "In how many of the subnets clients arrive; each is charged by the hour.",
        default="1", group="Network", allowed=("1", "2", "3"),
    ),
    Parameter(
        "ClientCidr",
        "Addresses that clients are given, from /12 to /22, outside the ranges of the VPC. Changing it replaces the"
        " endpoint: every client needs a new profile.",
        default="192.168.128.0/22", group="Network", pattern=_CIDR + r"(1[2-9]|2[0-2])$",
        constraint="a block of addresses from /12 to /22",
    ),
    Parameter(
        "DatabaseSecurityGroupIds",
        "Groups whose members the databases let in, separated by commas, at most four. Clients get these as well.",
        default="", group="Network", pattern="^$|^sg-[0-9a-f]{8,17}(,sg-[0-9a-f]{8,17}){0,3}$",
        constraint="empty, or up to four ids of security groups, separated by commas",
    ),
    Parameter(
        "DnsServer",
        "Resolver for connected clients, for names of the VPC alone: the VPC's base address plus two. Empty: theirs."
        " Names of databases resolve everywhere.",
        default="", group="Network",
        pattern=r"^$|^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
        constraint="empty, or an address",
    ),
)  # fmt: skip
_CERTIFICATES = (
    Parameter(
        "ServerCertificateArn",
        "Certificate of the endpoint in ACM. `aurora-cfn vpn certificates` makes and imports it, and prints its ARN."
        " While ClientRootCertificateArn is empty, changing it replaces the endpoint: every client needs a new"
        " profile.",
        group="Certificates", pattern=f"^{_CERTIFICATE}$", constraint="the ARN of a certificate in ACM",
    ),
    Parameter(
        "ClientRootCertificateArn",
        "Certificate in ACM whose chain ends at the authority of the clients' certificates. Empty: the server"
        " certificate's, which is right when one authority signed both. Changing it replaces the endpoint: every client"
        " needs a new profile.",
        default="", group="Certificates", pattern=f"^$|^{_CERTIFICATE}$",
        constraint="empty, or the ARN of a certificate in ACM",
    ),
)  # fmt: skip
_SESSIONS = (
    Parameter(
        "SessionTimeoutHours", "Hours after which a session ends and the client signs in again.",
        default="8", group="Sessions", allowed=("8", "10", "12", "24"),
    ),
    log_retention("Days for which the connection log is kept."),
)  # fmt: skip


PARAMETERS = (
    ParameterGroup(
        _NETWORK,
        conditions={
            "HasDnsServer": given("DnsServer"),
            "HasDatabaseGroups": given("DatabaseSecurityGroupIds"),
            "HasZone2": Not(chosen("Zones", "1")),
            "HasZone3": chosen("Zones", "3"),
        },
    ),
    ParameterGroup(_CERTIFICATES, conditions={"HasClientRoot": given("ClientRootCertificateArn")}),
    ParameterGroup(_SESSIONS),
)
"""All groups, in the order in which a reader meets them."""
