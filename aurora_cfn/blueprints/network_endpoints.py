"""Interface endpoints: AWS services are reached inside a VPC, for subnets that cannot or should not use the internet.

A template of its own, because endpoints are added and removed while a network stays as it is. It takes plain ids, so
that it also serves a VPC that another template has made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from troposphere import AWSObject, If, Join, Output, Ref, Sub, Tags
from troposphere.ec2 import SecurityGroupIngress, VPCEndpoint

from aurora_cfn.blueprint import ParameterGroup, blueprint_of, exported
from aurora_cfn.blueprints.network_parameters import CIDR
from aurora_cfn.blueprints.parts.conditions import in_partition, listed
from aurora_cfn.blueprints.parts.database_network import closed_group, group_id
from aurora_cfn.facts import read_facts
from aurora_cfn.parameters import Parameter

_FACTS: Final = read_facts("endpoint_services")
ENDPOINTS: Final[Mapping[str, str]] = _FACTS["services"]
"""Services with an interface endpoint `com.amazonaws.<region>.<name>`, to the start of their logical ids."""
CHINA: Final = frozenset(_FACTS["china"])
"""Those of them that are called `cn.com.amazonaws.<region>.<name>` in China."""
GROUP = "EndpointSecurityGroup"
_SERVICE = f"({'|'.join(ENDPOINTS)})"
_CONDITIONS: Final = {title: f"Has{title}Endpoint" for title in ENDPOINTS.values()}

PARAMETERS = (
    ParameterGroup(
        (
            Parameter(
                "VpcId",
                "VPC of the endpoints: the output VpcId of a network stack, as in {output: network.VpcId}.",
                type="AWS::EC2::VPC::Id",
                group="Network",
            ),
            Parameter(
                "VpcCidr",
                "Addresses of the VPC, from which the endpoints are reached: the output VpcCidr of a network stack.",
                group="Network",
                pattern=f"^{CIDR}$",
                constraint="a range such as 10.0.0.0/16, with a prefix of 16 to 28",
            ),
            Parameter(
                "SubnetIds",
                "Subnets of the endpoints, at most one in each zone: the output PrivateSubnetIds of a network stack.",
                type="List<AWS::EC2::Subnet::Id>",
                group="Network",
            ),
        )
    ),
    ParameterGroup(
        (
            Parameter(
                "InterfaceEndpoints",
                "AWS services that are reached inside the VPC, with commas, each charged by the hour and zone:"
                f" {', '.join(ENDPOINTS)}.",
                group="Services",
                pattern=f"^{_SERVICE}(,{_SERVICE})*$",
                constraint="services such as secretsmanager,rds-data with commas and no spaces",
            ),
        ),
        conditions={
            "InChina": in_partition("aws-cn"),
            **{_CONDITIONS[title]: listed("InterfaceEndpoints", service) for service, title in ENDPOINTS.items()},
        },
        comments={
            _CONDITIONS["SecretsManager"]: "Conditions have no Fn::Contains. So the list is split at the service,"
            " between two commas: when its first part is the whole list, the service is not in it."
        },
    ),
)


def resources() -> Sequence[AWSObject]:
    """The security group of the endpoints, and one endpoint for each service that is asked for."""
    return [*_group(), *(_endpoint(service, title) for service, title in ENDPOINTS.items())]


def _group() -> list[AWSObject]:
    return [
        closed_group(GROUP, "endpoints", "Interface endpoints: HTTPS from inside the VPC", vpc=Ref("VpcId")),
        SecurityGroupIngress(
            "EndpointIngress",
            GroupId=group_id(GROUP),
            CidrIp=Ref("VpcCidr"),
            IpProtocol="tcp",
            FromPort=443,
            ToPort=443,
            Description="HTTPS from inside the VPC",
        ),
    ]


def _endpoint(service: str, title: str) -> VPCEndpoint:
    return VPCEndpoint(
        f"{title}Endpoint",
        Condition=_CONDITIONS[title],
        VpcId=Ref("VpcId"),
        VpcEndpointType="Interface",
        ServiceName=_service_name(service),
        PrivateDnsEnabled=True,
        SubnetIds=Ref("SubnetIds"),
        SecurityGroupIds=[group_id(GROUP)],
        Tags=Tags(Name=Sub(f"${{AWS::StackName}}-{service}")),
    )


def _service_name(service: str) -> Sub:
    if service not in CHINA:
        return Sub(f"com.amazonaws.${{AWS::Region}}.{service}")
    domain = If("InChina", "cn.com.amazonaws", "com.amazonaws")
    return Sub(f"${{Domain}}.${{AWS::Region}}.{service}", Domain=domain)


def outputs() -> Sequence[Output]:
    """What other stacks may need of the endpoints."""
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("Services", "Services with an endpoint, with commas", Ref("InterfaceEndpoints")),
        exported("EndpointSecurityGroupId", "Group of the interface endpoints", group_id(GROUP)),
        exported("SubnetIds", "Subnets of the endpoints, with commas", Join(",", Ref("SubnetIds"))),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="network-endpoints",
    description="Interface endpoints in a VPC: AWS services are reached without the internet",
    resources=resources,
    outputs=outputs,
)
