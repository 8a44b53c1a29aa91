"""Ways from a VPC to AWS services that do not lead over the internet."""

from __future__ import annotations

from typing import Any, Final

from troposphere import AWSObject, If, Ref, Sub, Tags
from troposphere.ec2 import SecurityGroupIngress, VPCEndpoint

from aurora_cfn.blueprints.network_subnets import ISOLATED, PRIVATE, ZONE_CONDITION, ZONES
from aurora_cfn.blueprints.parts.conditions import in_partition, listed, only_if
from aurora_cfn.blueprints.parts.security_groups import closed_group, group_id

ENDPOINTS: Final = {
    "secretsmanager": "SecretsManager",
    "rds-data": "RdsData",
    "rds": "Rds",
    "logs": "Logs",
    "monitoring": "Monitoring",
    "ssm": "Ssm",
    "ssmmessages": "SsmMessages",
    "ec2messages": "Ec2Messages",
    "kms": "Kms",
    "sts": "Sts",
    "lambda": "Lambda",
    "sns": "Sns",
    "sqs": "Sqs",
    "events": "Events",
    "execute-api": "ExecuteApi",
    "dsql": "Dsql",
}
"""Services with an interface endpoint `com.amazonaws.<region>.<name>` (AWS PrivateLink guide, 2026-11-20), to the start
of their logical ids."""

CHINA: Final = frozenset({"rds", "monitoring", "sts", "lambda", "sqs", "execute-api"})
"""Those of them that are called `cn.com.amazonaws.<region>.<name>` in China (AWS CDK, table of endpoint services, which
names `aws ec2 describe-vpc-endpoint-services` as its source; read 2026-11-21)."""

GROUP = "EndpointSecurityGroup"


def endpoint_conditions() -> dict[str, Any]:
    """Which services were asked for."""
    asked = {f"Has{title}Endpoint": listed("InterfaceEndpoints", service) for service, title in ENDPOINTS.items()}
    return {"InChina": in_partition("aws-cn"), **asked}


def endpoint_resources() -> list[AWSObject]:
    """The group of the interface endpoints, the endpoints, and the gateway to S3."""
    return [*_group(), *(_interface(service, title) for service, title in ENDPOINTS.items()), _s3_gateway()]


def _group() -> list[AWSObject]:
    return [
        closed_group(GROUP, "endpoints", "Interface endpoints: HTTPS from inside the VPC", vpc=Ref("VPC")),
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


def _interface(service: str, title: str) -> VPCEndpoint:
    return VPCEndpoint(
        f"{title}Endpoint",
        Condition=f"Has{title}Endpoint",
        VpcId=Ref("VPC"),
        VpcEndpointType="Interface",
        ServiceName=_service_name(service),
        PrivateDnsEnabled=True,
        SubnetIds=_subnets(),
        SecurityGroupIds=[group_id(GROUP)],
        Tags=Tags(Name=Sub(f"${{AWS::StackName}}-{service}")),
    )


def _subnets() -> list[If]:
    """One in each zone: private where there are such, or else isolated; spelled zone by zone, which is shortest."""
    choices = {zone: If(PRIVATE.condition, Ref(PRIVATE.subnet(zone)), Ref(ISOLATED.subnet(zone))) for zone in ZONES}
    return [only_if(ZONE_CONDITION[zone], choice) if zone > 1 else choice for zone, choice in choices.items()]


def _service_name(service: str) -> Sub:
    if service not in CHINA:
        return Sub(f"com.amazonaws.${{AWS::Region}}.{service}")
    domain = If("InChina", "cn.com.amazonaws", "com.amazonaws")
    return Sub(f"${{Domain}}.${{AWS::Region}}.{service}", Domain=domain)


def _s3_gateway() -> VPCEndpoint:
    tables = {**PRIVATE.tables(), **ISOLATED.tables()}
    return VPCEndpoint(
        "S3Endpoint",
        Condition="HasS3Endpoint",
        VpcId=Ref("VPC"),
        VpcEndpointType="Gateway",
        ServiceName=Sub("com.amazonaws.${AWS::Region}.s3"),
        RouteTableIds=[only_if(condition, Ref(title)) for title, condition in tables.items()],
        Tags=Tags(Name=Sub("${AWS::StackName}-s3")),
    )
