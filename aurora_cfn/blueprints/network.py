"""A network of its own: public, private and isolated subnets, ways out, endpoints and flow logs.

Two shapes are usual. Standard: three tiers in two zones and a NAT gateway. Isolated: two small subnets, no way to the
internet at all, and an endpoint for each AWS service that is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from troposphere import And, AWSObject, Equals, GetAtt, If, Not, Or, Output, Ref, Sub, Tags
from troposphere.ec2 import VPC

from aurora_cfn.blueprint import Blueprint, exported
from aurora_cfn.blueprints.network_checks import network_checks, network_rules
from aurora_cfn.blueprints.network_default_group import default_group_resources
from aurora_cfn.blueprints.network_endpoints import GROUP, endpoint_conditions, endpoint_resources
from aurora_cfn.blueprints.network_flow_logs import flow_log_resources
from aurora_cfn.blueprints.network_gateways import gateway_conditions, gateway_resources, nat_addresses
from aurora_cfn.blueprints.network_parameters import network_parameters
from aurora_cfn.blueprints.network_subnets import (
    ISOLATED,
    PRIVATE,
    PUBLIC,
    TIERS,
    joined,
    subnet_bits,
    subnet_ids,
    tier_conditions,
    tier_resources,
)
from aurora_cfn.blueprints.parts.conditions import given, is_true, named
from aurora_cfn.blueprints.parts.security_groups import group_id

PARAMETERS = network_parameters()


def conditions() -> dict[str, Any]:
    """Named answers to what the parameters ask for."""
    behind = Or(named(PRIVATE.condition), named(ISOLATED.condition))
    return {
        "HasSecondZone": Not(Equals(Ref("Zones"), "1")),
        "HasThirdZone": Equals(Ref("Zones"), "3"),
        "HasZoneNames": given("AvailabilityZones"),
        **{name: condition for tier in TIERS for name, condition in tier_conditions(tier).items()},
        **gateway_conditions(),
        **endpoint_conditions(),
        "HasS3Endpoint": And(is_true("S3GatewayEndpoint"), behind),
        "ClosesDefaultGroup": is_true("CloseDefaultSecurityGroup"),
        "HasFlowLogs": Not(Equals(Ref("FlowLogs"), "none")),
    }


def resources() -> Sequence[AWSObject]:
    """The VPC, its tiers from the outside to the inside, its ways out, and what watches over it."""
    vpc = VPC(
        "VPC",
        CidrBlock=Ref("VpcCidr"),
        EnableDnsSupport=True,
        EnableDnsHostnames=True,
        Tags=Tags(Name=Sub("${AWS::StackName}")),
    )
    tiers = [resource for tier in TIERS for resource in tier_resources(tier)]
    return [
        vpc,
        *tiers,
        *gateway_resources(),
        *endpoint_resources(),
        *default_group_resources(),
        *flow_log_resources(),
    ]


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
        exported("EndpointSecurityGroupId", "Group of the interface endpoints", group_id(GROUP)),
        exported(
            "DefaultSecurityGroupId", "The default group, for nobody's use", GetAtt("VPC", "DefaultSecurityGroup")
        ),
        exported(
            "NatAddresses",
            "Addresses from which the private subnets are seen, with commas",
            nat_addresses(),
            condition="HasNat",
        ),
    ]


BLUEPRINT = Blueprint(
    name="network",
    description="VPC with public, private and isolated subnets, NAT gateways, endpoints and flow logs",
    parameters=PARAMETERS,
    mappings=subnet_bits(),
    conditions=conditions(),
    rules=network_rules(),
    resources=resources,
    outputs=outputs,
    checks=network_checks(),
)
