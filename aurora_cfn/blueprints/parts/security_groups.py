"""Security groups that state what may leave them, and chains of them on one port."""

from __future__ import annotations

from typing import Any

from troposphere import AWSObject, GetAtt, If, Sub, Tags
from troposphere.ec2 import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress

from aurora_cfn.blueprint import waived

NOTHING_OUT = {
    # A group without egress rules gets one that allows everything; a rule to loopback replaces it and allows nothing.
    "CidrIp": "127.0.0.1/32",
    "IpProtocol": "-1",
    "Description": "Nothing leaves from here",
}


DEFAULT_VPC = "without a VPC the group is made in the default VPC, where egress rules hold as in any other"


def closed_group(name: str, title: str, description: str, *, vpc: Any) -> AWSObject:
    """A group that nothing enters and nothing leaves until a rule says so. `title` ends its Name tag."""
    group = SecurityGroup(
        name,
        GroupDescription=description,
        VpcId=vpc,
        SecurityGroupEgress=[NOTHING_OUT],
        Tags=Tags(Name=Sub("${AWS::StackName}-" + title)),
    )
    return waived(group, ("E3021", DEFAULT_VPC)) if isinstance(vpc, If) else group


def door(prefix: str, *, source: Any, target: Any, port: Any, what: str) -> tuple[AWSObject, AWSObject]:
    """Both halves of one way through: out of the source group and into the target group, on one TCP port."""
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
