"""Rules about who reaches the database, and whether a function reaches its secret."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.iam import role_statements
from aurora_cfn.lint.mentions import has_macro
from aurora_cfn.lint.network import (
    EVERYWHERE,
    GROUP,
    GROUPS_OF,
    SUBNET,
    ingress_of,
    reaches_secrets,
    security_groups,
    vpc_of,
)
from aurora_cfn.lint.refusals import places
from aurora_cfn.lint.rule import AuroraRule, Problem, at, on
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.model.resource_types import CLUSTER, FUNCTION_TYPES, INSTANCE, ROLE
from aurora_cfn.template.mentions import mentioned
from aurora_cfn.template.parsed import section_of


class PublicDatabase(AuroraRule):
    """The database can be reached from the internet.

    A public address, or a security group open to every address on the database's port, lets the whole internet try
    passwords. Security Hub RDS.2, checkov CKV_AWS_17.
    """

    id = "W9030"
    fix = "set PubliclyAccessible to false and name client security groups instead of address ranges"
    page = "rds-controls"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(CLUSTER, INSTANCE):
            found = resource.get("PubliclyAccessible")
            if found.flag is True:
                yield at(found, f"{resource.name} has a public address", "set PubliclyAccessible to false")
            port = resource.get("Port")
            for row in resource.items(GROUPS_OF[resource.type]) or ():
                group = variant.target(row)
                if group and group.type == GROUP:
                    yield from _open(group, resource, port)


def _open(group: Resource, database: Resource, port: Found) -> Iterator[Problem]:
    # Without Port the defaults of MySQL and PostgreSQL.
    ports = {int(port.number)} if port.number else {3306, 5432}
    for rule in ingress_of(group):
        source = rule.source()
        named = rule.port_of() == database.name or (rule.written_port() == database.written("Port") is not None)
        if source.text in EVERYWHERE and (named or any(rule.opens(number) for number in ports)):
            message = f"{group.name} lets every address reach the database"
            yield at(source, message, "name the security group of the clients in place of the address range")


class PublicWithoutGateway(AuroraRule):
    """A public database in a VPC without internet gateway.

    RDS answers InvalidVPCNetworkStateFault to PubliclyAccessible true when the VPC has no internet gateway. VPCs that
    an output or a nested stack names may get their gateway there and are not checked.
    """

    id = "E9065"
    fix = "set PubliclyAccessible to false, or attach an internet gateway to the VPC"
    page = "USER_VPC.WorkingWithRDSInstanceinaVPC"

    def look(self, variant: Variant) -> Iterator[Problem]:
        for instance in () if has_macro(variant) else variant.resources(INSTANCE):
            found = instance.get("PubliclyAccessible")
            subnets = places(instance, instance.get(), "DBSubnetGroupName>SubnetIds[]")
            for subnet in subnets if found.flag is True else ():
                target = variant.target(subnet)
                vpc = vpc_of(target) if target else None
                if vpc and variant.has_resource(vpc) and not _may_have_gateway(variant, vpc):
                    yield at(found, f"{instance.name} is public, and {vpc} has no internet gateway")
                    break


def _may_have_gateway(variant: Variant, vpc: str) -> bool:
    """Whether the template attaches a gateway to the VPC, or names the VPC where another stack may do so."""
    places_of_gateways: list[object] = [section_of(variant.template, "Outputs")]
    for body in section_of(variant.template, "Resources").values():
        kind = str(body.get("Type")) if isinstance(body, dict) else ""
        if kind.startswith(("AWS::EC2::VPCGatewayAttachment", "AWS::CloudFormation::", "Custom::")):
            places_of_gateways.append(body.get("Properties"))
    return any(vpc in mentioned(node) for node in places_of_gateways)


class ClosedDatabase(AuroraRule):
    """No rule lets a client into the security groups of the database.

    A security group without ingress rules allows no connection: clients time out without an error message. Groups that
    an output or a nested stack names may get their rules there and are not checked.
    """

    id = "W9052"
    fix = "add an AWS::EC2::SecurityGroupIngress that names the security group of the clients"
    page = "Overview.RDSSecurityGroups"
    every_variant = False

    def look(self, variant: Variant) -> Iterator[Problem]:
        reported = set()
        for database in () if has_macro(variant) else variant.resources(CLUSTER, INSTANCE):
            groups = security_groups(database)
            if groups and all(_is_closed(group) for group in groups) and groups[0].name not in reported:
                reported.add(groups[0].name)
                message = f"no ingress rule lets a client into {groups[0].name}, the security group of {database.name}"
                yield on(groups[0], message)


def _is_closed(group: Resource) -> bool:
    """Whether nothing in the template, in whichever branch, opens the group or names it where it may be opened."""
    return group.written("SecurityGroupIngress") in (None, []) and not any(
        group.name in mentioned(node) for node in _openers(group.variant)
    )


def _openers(variant: Variant) -> Iterator[object]:
    """What may open a group that it names: ingress rules, outputs, nested stacks and custom resources."""
    yield section_of(variant.template, "Outputs")
    for body in section_of(variant.template, "Resources").values():
        kind = str(body.get("Type")) if isinstance(body, dict) else ""
        properties = body.get("Properties") if kind else None
        if kind == "AWS::EC2::SecurityGroupIngress" and isinstance(properties, dict):
            yield [properties.get("GroupId"), properties.get("GroupName")]
        elif kind.startswith(("AWS::CloudFormation::", "Custom::")):
            yield properties


class LambdaReachesSecret(AuroraRule):
    """A function in private subnets cannot reach Secrets Manager.

    A Lambda function in subnets without a NAT gateway reaches Secrets Manager only through an interface endpoint with
    private DNS.
    """

    id = "W9048"
    fix = (
        "add an AWS::EC2::VPCEndpoint of Interface type for secretsmanager with PrivateDnsEnabled true, or a "
        "NAT gateway"
    )
    page = "vpc-endpoint-overview"

    def look(self, variant: Variant) -> Iterator[Problem]:
        # One such path in the template is enough: which subnets it serves is not followed.
        if any(reaches_secrets(row) for row in variant.resources("AWS::EC2::VPCEndpoint", "AWS::EC2::NatGateway")):
            return
        for function in variant.resources(*FUNCTION_TYPES):
            subnets = [variant.target(row) for row in function.items("VpcConfig", "SubnetIds") or ()]
            role = variant.target(function.get("Role"))
            rows = role_statements(role) if role and role.type == ROLE else None
            reads = any(row.actions is not None and row.allows("secretsmanager:GetSecretValue") for row in rows or ())
            if reads and subnets and all(subnet and subnet.type == SUBNET for subnet in subnets):
                yield at(function.get("VpcConfig"), f"{function.name} reads a secret that it cannot reach")
