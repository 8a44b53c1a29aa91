"""A Client VPN into a private network: mutual certificates, UDP 443, split tunnel, and a log of every connection.

`aurora-cfn vpn certificates` makes and imports the certificates, `aurora-cfn vpn profile` writes what a client needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any

from troposphere import AWSObject, If, Join, Not, Output, Ref, Select, Split, Sub, Tags
from troposphere.ec2 import (
    CertificateAuthenticationRequest,
    ClientAuthenticationRequest,
    ClientVpnAuthorizationRule,
    ClientVpnEndpoint,
    ClientVpnTargetNetworkAssociation,
    ConnectionLogOptions,
    SecurityGroupEgress,
    TagSpecifications,
)
from troposphere.logs import LogStream

from aurora_cfn.blueprint import Blueprint, exported
from aurora_cfn.blueprints.parts.conditions import chosen, given, only_if
from aurora_cfn.blueprints.parts.log_groups import log_group, log_retention
from aurora_cfn.blueprints.parts.security_groups import closed_group, group_id
from aurora_cfn.parameters import Check, Parameter, Values

_CIDR = r"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])/"
_CERTIFICATE = "arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[a-z0-9-]{36}"

PARAMETERS = (
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


def _network(text: str) -> Any:
    try:
        return ip_network(text)
    except ValueError:
        return None


def _zones(values: Values) -> str | None:
    zones, subnets = int(values["Zones"]), len(values["SubnetIds"].split(","))
    return f"Zones is {zones}, but SubnetIds names {subnets}" if zones > subnets else None


def resources() -> Sequence[AWSObject]:
    """The endpoint, the way from it into the VPC, and the log of who came."""
    stream = LogStream("ConnectionLogStream", LogGroupName=Ref("ConnectionLogGroup"), LogStreamName="connections")
    rule = ClientVpnAuthorizationRule(
        "VpcForClients",
        Description="Every client with a certificate, the VPC and nothing beyond it",
        ClientVpnEndpointId=Ref("Endpoint"),
        TargetNetworkCidr=Ref("VpcCidr"),
        # Certificates carry no groups: without a directory there is only everybody or nobody.
        AuthorizeAllGroups=True,
    )
    return [
        log_group("ConnectionLogGroup", Sub("/aurora-cfn/${AWS::StackName}/connections")),
        stream,
        closed_group("ClientSecurityGroup", "vpn", "Clients of the VPN: out into the VPC alone", vpc=Ref("VpcId")),
        *_ways_out(),
        _endpoint(),
        *(_association(index) for index in range(3)),
        rule,
    ]


def _ways_out() -> list[AWSObject]:
    return [
        SecurityGroupEgress(
            f"ClientTo{name}",
            GroupId=group_id("ClientSecurityGroup"),
            CidrIp=Ref("VpcCidr"),
            Description=what,
            IpProtocol=protocol,
            FromPort=low,
            ToPort=high,
        )
        for name, protocol, low, high, what in (
            ("Vpc", "tcp", 1, 65535, "Any service of the VPC whose own group lets VPN clients in"),
            ("Resolver", "udp", 53, 53, "Names of the VPC"),
        )
    ]


def _endpoint() -> AWSObject:
    mutual = CertificateAuthenticationRequest(
        ClientRootCertificateChainArn=If("HasClientRoot", Ref("ClientRootCertificateArn"), Ref("ServerCertificateArn"))
    )
    return ClientVpnEndpoint(
        "Endpoint",
        Description=Sub("Way into the VPC for the clients of ${AWS::StackName}"),
        AuthenticationOptions=[
            ClientAuthenticationRequest(Type="certificate-authentication", MutualAuthentication=mutual)
        ],
        ServerCertificateArn=Ref("ServerCertificateArn"),
        ClientCidrBlock=Ref("ClientCidr"),
        ConnectionLogOptions=ConnectionLogOptions(
            Enabled=True,
            CloudwatchLogGroup=Ref("ConnectionLogGroup"),
            CloudwatchLogStream=Ref("ConnectionLogStream"),
        ),
        TransportProtocol="udp",
        VpnPort=443,
        SplitTunnel=True,
        DnsServers=only_if("HasDnsServer", [Ref("DnsServer")]),
        # The portal signs in with a directory, which certificates do without.
        SelfServicePortal="disabled",
        SessionTimeoutHours=Ref("SessionTimeoutHours"),
        DisconnectOnSessionTimeout=True,
        VpcId=Ref("VpcId"),
        SecurityGroupIds=_groups(),
        TagSpecifications=[
            TagSpecifications(ResourceType="client-vpn-endpoint", Tags=Tags(Name=Ref("AWS::StackName")))
        ],
    )


def _groups() -> If:
    own = group_id("ClientSecurityGroup")
    return If("HasDatabaseGroups", Split(",", Join(",", [own, Ref("DatabaseSecurityGroupIds")])), [own])


def _association(index: int) -> AWSObject:
    condition = {"Condition": f"HasZone{index + 1}"} if index else {}
    return ClientVpnTargetNetworkAssociation(
        f"Association{index + 1}",
        ClientVpnEndpointId=Ref("Endpoint"),
        SubnetId=Select(index, Ref("SubnetIds")),
        **condition,
    )


def outputs() -> Sequence[Output]:
    """What `aurora-cfn vpn profile` and the databases' groups need."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("EndpointId", "Id of the endpoint; `aurora-cfn vpn profile` asks it for the profile", Ref("Endpoint")),
        exported("ClientSecurityGroupId", "Group of the clients, to let in where they may go",
                 group_id("ClientSecurityGroup")),
        exported("ConnectionLog", "Log group with every connection", Ref("ConnectionLogGroup")),
    ]  # fmt: skip


BLUEPRINT = Blueprint(
    name="client-vpn",
    description="Client VPN endpoint with mutual certificates and split tunnel into a private network",
    parameters=PARAMETERS,
    conditions={
        "HasClientRoot": given("ClientRootCertificateArn"),
        "HasDnsServer": given("DnsServer"),
        "HasDatabaseGroups": given("DatabaseSecurityGroupIds"),
        "HasZone2": Not(chosen("Zones", "1")),
        "HasZone3": chosen("Zones", "3"),
    },
    resources=resources,
    outputs=outputs,
    checks=(
        _no_block("ClientCidr"),
        _no_block("VpcCidr"),
        _no_overlap("VpcCidr"),
        # Known before anything is deployed, where VpcId is an output of a network in the same file.
        _no_overlap("VpcId.VpcCidr"),
        Check(("Zones", "SubnetIds"), _zones),
    ),
)
