"""A Client VPN into a private network: mutual certificates, UDP 443, split tunnel, and a log of every connection.

`aurora-cfn vpn certificates` makes and imports the certificates, `aurora-cfn vpn profile` writes what a client needs.
"""

from __future__ import annotations

from collections.abc import Sequence

from troposphere import AWSObject, If, Join, Output, Ref, Select, Split, Sub, Tags
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

from aurora_cfn.blueprint import blueprint_of, commented, exported
from aurora_cfn.blueprints.client_vpn_parameters import PARAMETERS
from aurora_cfn.blueprints.parts.conditions import only_if
from aurora_cfn.blueprints.parts.database_network import closed_group, group_id
from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.unrendered import checks_of


def resources() -> Sequence[AWSObject]:
    """The log of connections, the security group of the clients, the endpoint, and what leads from it into the VPC."""
    stream = LogStream("ConnectionLogStream", LogGroupName=Ref("ConnectionLogGroup"), LogStreamName="connections")
    rule = ClientVpnAuthorizationRule(
        "VpcForClients",
        Description="Every client with a certificate, the VPC and nothing beyond it",
        ClientVpnEndpointId=Ref("Endpoint"),
        TargetNetworkCidr=Ref("VpcCidr"),
        AuthorizeAllGroups=True,
    )
    return [
        log_group("ConnectionLogGroup", Sub("/aurora-cfn/${AWS::StackName}/connections")),
        stream,
        closed_group("ClientSecurityGroup", "vpn", "Clients of the VPN: out into the VPC alone", vpc=Ref("VpcId")),
        *_egress(),
        _endpoint(),
        *(_association(index) for index in range(3)),  # the template makes as many as Zones says
        commented(rule, AuthorizeAllGroups="Certificates name no groups, so that there is only all clients or none."),
    ]


def _egress() -> list[AWSObject]:
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
    endpoint = ClientVpnEndpoint(
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
        SelfServicePortal="disabled",
        SessionTimeoutHours=Ref("SessionTimeoutHours"),
        DisconnectOnSessionTimeout=True,
        VpcId=Ref("VpcId"),
        SecurityGroupIds=_groups(),
        TagSpecifications=[
            TagSpecifications(ResourceType="client-vpn-endpoint", Tags=Tags(Name=Ref("AWS::StackName")))
        ],
    )
    return commented(
        endpoint,
        SelfServicePortal="The portal signs users in with a directory; with certificates there is none.",
        SecurityGroupIds="One list of the clients' own group and those of the databases; Fn::If cannot add to a list.",
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


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="client-vpn",
    description="Client VPN endpoint with mutual certificates and split tunnel into a private network",
    resources=resources,
    outputs=outputs,
    checks=checks_of("client-vpn"),
)
