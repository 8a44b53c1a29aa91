"""The network side of a database: its subnets, its security group and that of its clients."""

from __future__ import annotations

from typing import Any

from troposphere import And, AWSObject, GetAtt, If, Not, Ref, Sub, Tags
from troposphere.ec2 import SecurityGroup, SecurityGroupEgress, SecurityGroupIngress
from troposphere.rds import DBSubnetGroup

from aurora_cfn.blueprint import ParameterGroup, commented, waived
from aurora_cfn.blueprints.parts.conditions import given, imported, imported_list, named, only_if
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.identifier import replaces
from aurora_cfn.parameters import Parameter


def network_group(kind: str) -> ParameterGroup:
    """NetworkStackName and SubnetGroupName."""
    network = Parameter(
        "NetworkStackName",
        "Name of the network stack whose exports give the VPC and the subnets. Empty: the account's default VPC."
        f" {replaces(kind)}",
        default="", group="Network", pattern="^$|^[A-Za-z][A-Za-z0-9-]{0,127}$",
        constraint="empty, or the name of a stack",
    )  # fmt: skip
    subnets = Parameter(
        "SubnetGroupName",
        "Existing DB subnet group to use, as a copy of a database uses that of its original, so that either can be"
        f" deleted. Empty: one of the stack's own. {replaces(kind)}",
        default="", group="Network", pattern="^$|^[A-Za-z][A-Za-z0-9._-]{0,254}$",
        constraint="empty, or the name of a DB subnet group",
    )  # fmt: skip
    conditions = {
        "HasNetwork": given("NetworkStackName"),
        "HasSubnetGroup": given("SubnetGroupName"),
        "MakesSubnetGroup": And(named("HasNetwork"), Not(named("HasSubnetGroup"))),
    }
    return ParameterGroup((network, subnets), conditions=conditions)


def network_resources(engine: Engine, kind: str) -> list[AWSObject]:
    """Security groups of the clients and of the database, the rules between them, and the subnet group."""
    vpc = only_if("HasNetwork", imported("NetworkStackName", "VpcId"))
    own = own_group(kind)
    # EC2 cannot change the description of a group: other words would replace the group.
    client = closed_group("ClientSecurityGroup", "client", f"Clients of the {engine.title} {kind}", vpc=vpc)
    group = closed_group(own, kind, f"The {engine.title} {kind}: only its clients may enter", vpc=vpc)
    rules = allow(
        f"ClientTo{kind.capitalize()}",
        source=group_id("ClientSecurityGroup"),
        target=group_id(own),
        port=engine.port,
        what=f"{engine.title} from its clients",
    )
    subnets = DBSubnetGroup(
        "DBSubnetGroup",
        Condition="MakesSubnetGroup",
        DBSubnetGroupDescription="Subnets without a way in from the internet",
        SubnetIds=imported_list("NetworkStackName", "DatabaseSubnetIds"),
    )
    return [client, group, *rules, subnets]


def own_group(kind: str) -> str:
    """Logical id of the database's own security group."""
    return f"{kind.capitalize()}SecurityGroup"


def subnet_group() -> If:
    """The value of DBSubnetGroupName; without one RDS uses the default VPC."""
    return If("MakesSubnetGroup", Ref("DBSubnetGroup"), only_if("HasSubnetGroup", Ref("SubnetGroupName")))


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
