"""Security groups that allow nothing out by themselves, and pairs of rules that let one group reach another."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, GetAtt, If, Sub, Tags
from troposphere.ec2 import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress

from aurora_cfn.blueprint import commented, waived

_NOTHING_OUT = {"CidrIp": "127.0.0.1/32", "IpProtocol": "-1", "Description": "Nothing leaves from here"}
_WHY_LOOPBACK = (
    "EC2 gives a group without egress rules one that allows everything. This rule takes its place; the loopback address"
    " is never routed, so it allows nothing."
)
_DEFAULT_VPC = "without a VPC the group is made in the default VPC, where egress rules hold as in any other"


def closed_group(name: str, title: str, description: str, *, vpc: Any) -> AWSObject:
    """A group that lets nothing in and nothing out until a rule is added. `title` ends its Name tag."""
    group = SecurityGroup(
        name,
        GroupDescription=description,
        VpcId=vpc,
        SecurityGroupEgress=[_NOTHING_OUT],
        Tags=Tags(Name=Sub("${AWS::StackName}-" + title)),
    )
    commented(group, SecurityGroupEgress=_WHY_LOOPBACK)
    return waived(group, ("E3021", _DEFAULT_VPC)) if isinstance(vpc, If) else group


def allow(prefix: str, *, source: Any, target: Any, port: Any, what: str) -> tuple[AWSObject, AWSObject]:
    """Both rules that let the source group reach the target group on one TCP port: its egress, the other's ingress."""
    ports = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    ingress = SecurityGroupIngress(
        f"{prefix}Ingress", GroupId=target, SourceSecurityGroupId=source, Description=what, **ports
    )
    egress = SecurityGroupEgress(
        f"{prefix}Egress", GroupId=source, DestinationSecurityGroupId=target, Description=what, **ports
    )
    return ingress, egress


def group_id(name: str) -> GetAtt:
    """The id of a group; `Ref` would give its name when the group is in the default VPC."""
    return GetAtt(name, "GroupId")
