"""Drift of networks: rules of security groups, VPCs and subnets compared; other resources looked for by their id."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import _stacks

Properties = Mapping[str, Any]
Reader = Callable[[str, Properties], dict[str, Any] | None]
RULES = {
    "SecurityGroupIngress": ("IpPermissions", "Source"),
    "SecurityGroupEgress": ("IpPermissionsEgress", "Destination"),
}
STORES = {
    "AWS::EC2::InternetGateway": ("ec2", "_internet_gateways"),
    "AWS::EC2::RouteTable": ("ec2", "_route_tables"),
    "AWS::EC2::VPCEndpoint": ("ec2", "_vpc_endpoints"),
    "AWS::EC2::NatGateway": ("ec2", "_nat_gateways"),
    "AWS::EC2::FlowLog": ("ec2", "_flow_logs"),
    "AWS::KMS::Key": ("kms", "_keys"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "_alarms"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch", "_dashboards"),
    "AWS::ApiGatewayV2::Api": ("apigateway", "_apis"),
    "AWS::ApiGateway::RestApi": ("apigateway_v1", "_rest_apis"),
    "AWS::ApiGateway::ApiKey": ("apigateway_v1", "_api_keys"),
    "AWS::ApiGateway::UsagePlan": ("apigateway_v1", "_usage_plans"),
    "AWS::IAM::ManagedPolicy": ("iam", "_policies"),
    "AWS::IAM::InstanceProfile": ("iam", "_instance_profiles"),
    "AWS::RDS::DBProxy": ("rds", "_db_proxies"),
    "AWS::DSQL::Cluster": ("dsql", "_clusters"),
}
"""Service and store, by physical id, of types that are only looked for: one that is there was not compared."""


def readers() -> dict[str, tuple[Reader, tuple[str, ...]]]:
    """The reader of each type that is compared, and the properties that it reads."""
    vpc, subnet = ("CidrBlock", "InstanceTenancy"), ("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch")
    return {
        "AWS::EC2::VPC": (lambda name, _: _some(ec2._vpcs.get(name), vpc), vpc),
        "AWS::EC2::Subnet": (lambda name, _: _some(ec2._subnets.get(name), subnet), subnet),
        "AWS::EC2::SecurityGroup": (_security_group, ("GroupDescription", "VpcId", *RULES)),
        "AWS::EC2::SecurityGroupIngress": (_rule_reader("SecurityGroupIngress"), ()),
        "AWS::EC2::SecurityGroupEgress": (_rule_reader("SecurityGroupEgress"), ()),
    }


def is_gone(kind: str, physical_id: str) -> bool:
    """Whether a resource that is only looked for is not there any more."""
    if kind not in STORES:
        return False
    service, store = STORES[kind]
    return physical_id not in getattr(import_module(f"ministack.services.{service}"), store)


def _some(record: Properties | None, names: Sequence[str]) -> dict[str, Any] | None:
    return None if record is None else {name: record[name] for name in names if record.get(name) is not None}


def _security_group(name: str, wanted: Properties) -> dict[str, Any] | None:
    record = ec2._security_groups.get(name)
    if record is None:
        return None
    found = {"GroupDescription": record.get("Description"), "VpcId": record.get("VpcId")}
    for label, (key, other) in RULES.items():
        if label in wanted:
            found[label] = compared(wanted[label], record.get(key) or [], list(_others(name, label)), other)
    return found


def compared(
    wanted: Sequence[Properties], actual: Sequence[Properties], others: Sequence[Properties], other: str
) -> list[dict[str, Any]]:
    """The rules of the template that a group still has, and those that were added by hand.

    `others` are rules that are resources of their own; `other` is Source or Destination.
    """
    there = {rule for permission in actual for rule in flat(permission)}
    kept = [dict(rule) for rule in wanted if of_template(rule, other) in there]
    known = {of_template(rule, other) for rule in (*wanted, *others)}
    names = ("IpProtocol", "FromPort", "ToPort")
    added = [
        {**{name: value for name, value in zip(names, rule[:3], strict=True) if value}, rule[3]: rule[4]}
        for rule in sorted(there - known)
    ]
    return [*kept, *added]


Rule = tuple[str, str, str, str, str]
"""Protocol, first and last port, what kind of peer, the peer; all as text, ports empty where the rule has none."""


def flat(permission: Properties) -> Iterator[Rule]:
    """One rule for each peer of a permission, as EC2 keeps it."""
    head = _head(permission)
    for key, name, label in (
        ("IpRanges", "CidrIp", "CidrIp"), ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", "PrefixListId"), ("UserIdGroupPairs", "GroupId", "SecurityGroupId"),
    ):  # fmt: skip
        for row in permission.get(key) or ():
            yield (*head, label, str(row.get(name)))


def of_template(rule: Properties, other: str) -> Rule:
    """The rule of a template in the same form."""
    peers = {
        "CidrIp": "CidrIp", "CidrIpv6": "CidrIpv6", f"{other}PrefixListId": "PrefixListId",
        f"{other}SecurityGroupId": "SecurityGroupId",
    }  # fmt: skip
    kind, peer = next(((label, rule[name]) for name, label in peers.items() if rule.get(name)), ("", ""))
    return (*_head(rule), kind, str(peer))


def _head(rule: Properties) -> tuple[str, str, str]:
    protocol = str(rule.get("IpProtocol", "-1"))
    ports = ("", "") if protocol == "-1" else (str(rule.get("FromPort", "")), str(rule.get("ToPort", "")))
    return protocol, *ports


def _others(group: str, label: str) -> Iterator[Properties]:
    """The properties of the rules of a group that are resources of any stack."""
    for _, stack in list(_stacks.all_items()):
        for row in (stack.get("_resources") or {}).values():
            properties = row.get("Properties") or {}
            if row.get("ResourceType") == f"AWS::EC2::{label}" and properties.get("GroupId") == group:
                yield properties


def _rule_reader(label: str) -> Reader:
    key, other = RULES[label]

    def read(_name: str, wanted: Properties) -> dict[str, Any] | None:
        group = ec2._security_groups.get(wanted.get("GroupId", "")) or {}
        there = {rule for permission in group.get(key) or () for rule in flat(permission)}
        return {} if of_template(wanted, other) in there else None

    return read
