"""A network of its own: public, private and isolated subnets, NAT gateways, an S3 endpoint and flow logs.

Two shapes are usual. Standard: three tiers in two zones and a NAT gateway. Isolated: two small subnets, no route to the
internet at all; the template network-endpoints gives those an endpoint for each AWS service that they need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import And, AWSObject, Equals, GetAtt, If, Not, Or, Output, Ref, Sub, Tags
from troposphere.ec2 import VPC, FlowLog, VPCEndpoint
from troposphere.iam import Role

from aurora_cfn.blueprint import Blueprint, exported
from aurora_cfn.blueprints.network_default_group import default_group_resources
from aurora_cfn.blueprints.network_gateways import (
    GATEWAY_COMMENTS,
    gateway_conditions,
    gateway_resources,
    nat_addresses,
)
from aurora_cfn.blueprints.network_parameters import PARAMETERS
from aurora_cfn.blueprints.network_subnets import (
    ISOLATED,
    PRIVATE,
    PUBLIC,
    SUBNET_COMMENTS,
    TIERS,
    joined,
    subnet_bits,
    subnet_ids,
    tier_conditions,
    tier_resources,
)
from aurora_cfn.blueprints.parts.conditions import given, is_given, is_true, named, only_if, rule
from aurora_cfn.blueprints.parts.observation import log_group
from aurora_cfn.blueprints.parts.service_role import BOUNDARY_GROUP, allowed, role, trust_policy
from aurora_cfn.blueprints.unrendered import checks_of
from aurora_cfn.model.value import Value


def rules() -> dict[str, Value]:
    """The template's Rules, which CloudFormation checks before it makes anything."""
    return {
        "SomewhereToLive": rule(
            when=None,
            must={"Fn::Or": [is_given("PrivateCidr"), is_given("IsolatedCidr")]},
            why="give PrivateCidr or IsolatedCidr: databases never live in public subnets",
        ),
        "NatNeedsBothSides": rule(
            when={"Fn::Not": [{"Fn::Equals": [{"Ref": "NatGateways"}, "none"]}]},
            must={"Fn::And": [is_given("PublicCidr"), is_given("PrivateCidr")]},
            why="a NAT gateway is in a public subnet and serves private ones: give both, or NatGateways none",
        ),
    }


def conditions() -> dict[str, Any]:
    """The template's Conditions."""
    behind = Or(named(PRIVATE.condition), named(ISOLATED.condition))
    return {
        "HasSecondZone": Not(Equals(Ref("Zones"), "1")),
        "HasThirdZone": Equals(Ref("Zones"), "3"),
        "HasZoneNames": given("AvailabilityZones"),
        **{name: condition for tier in TIERS for name, condition in tier_conditions(tier).items()},
        **gateway_conditions(),
        "HasS3Endpoint": And(is_true("S3GatewayEndpoint"), behind),
        "ClosesDefaultGroup": is_true("CloseDefaultSecurityGroup"),
        "HasFlowLogs": Not(Equals(Ref("FlowLogs"), "none")),
        **BOUNDARY_GROUP.conditions,
    }


def resources() -> Sequence[AWSObject]:
    """The VPC, its tiers from public to isolated, its outbound traffic, the default security group, and flow logs."""
    vpc = VPC(
        "VPC",
        CidrBlock=Ref("VpcCidr"),
        EnableDnsSupport=True,
        EnableDnsHostnames=True,
        Tags=Tags(Name=Ref("AWS::StackName")),
    )
    tiers = [resource for tier in TIERS for resource in tier_resources(tier)]
    return [
        vpc,
        *tiers,
        *gateway_resources(),
        _s3_endpoint(),
        *default_group_resources(),
        *flow_log_resources(),
    ]


def _s3_endpoint() -> VPCEndpoint:
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


def outputs() -> Sequence[Output]:
    """What stacks in this network import."""
    private, isolated = subnet_ids(PRIVATE, joined), subnet_ids(ISOLATED, joined)
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("VpcId", "Id of the VPC", Ref("VPC")),
        exported("VpcCidr", "Addresses of the VPC", Ref("VpcCidr")),
        exported(
            "PublicSubnetIds",
            "Public subnets, with commas",
            subnet_ids(PUBLIC, joined),
            condition=PUBLIC.condition,
        ),
        exported(
            "PrivateSubnetIds",
            "Subnets for functions and services, with commas: the private ones, or the isolated where there are none",
            If(PRIVATE.condition, private, isolated),
        ),
        exported(
            "DatabaseSubnetIds",
            "Subnets for databases and proxies, with commas: the isolated ones, or the private where there are none",
            If(ISOLATED.condition, isolated, private),
        ),
        exported(
            "DefaultSecurityGroupId",
            "The default security group, which nothing should use",
            GetAtt("VPC", "DefaultSecurityGroup"),
        ),
        exported(
            "NatAddresses",
            "Public addresses of the NAT gateways, with commas",
            nat_addresses(),
            condition="HasNat",
        ),
    ]


_LOG_GROUP = "FlowLogGroup"
_RECORDED = "HasFlowLogs"


def flow_log_resources() -> list[AWSObject]:
    """The log group, the role that writes to it, and the flow log."""
    return [
        log_group(_LOG_GROUP, Sub("/aws/vpc/${AWS::StackName}"), condition=_RECORDED),
        _flow_log_role(),
        FlowLog(
            "FlowLog",
            Condition=_RECORDED,
            ResourceId=Ref("VPC"),
            ResourceType="VPC",
            TrafficType=Ref("FlowLogs"),
            LogDestinationType="cloud-watch-logs",
            LogDestination=GetAtt(_LOG_GROUP, "Arn"),
            DeliverLogsPermissionArn=GetAtt("FlowLogRole", "Arn"),
            MaxAggregationInterval=600,  # seconds; 60, the other choice, makes ten times the records
            Tags=Tags(Name=Ref("AWS::StackName")),
        ),
    ]


def _flow_log_role() -> Role:
    actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    return role(
        "FlowLogRole",
        "Lets VPC flow logs write to their own log group",
        trust_policy("vpc-flow-logs.amazonaws.com"),
        "write-flow-logs",
        [allowed(actions, GetAtt(_LOG_GROUP, "Arn"))],
        Condition=_RECORDED,
    )


BLUEPRINT = Blueprint(
    name="network",
    description="VPC with public, private and isolated subnets, NAT gateways, an S3 endpoint and flow logs",
    parameters=PARAMETERS,
    mappings=subnet_bits(),
    conditions=conditions(),
    rules=rules(),
    resources=resources,
    outputs=outputs,
    checks=checks_of("network"),
    comments={**SUBNET_COMMENTS, **GATEWAY_COMMENTS},
)
