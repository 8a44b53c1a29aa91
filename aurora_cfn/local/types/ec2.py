"""EC2 types over ministack's EC2 API: addresses, instances, NAT gateways, flow logs, rules of security groups.

Client VPN is records only: its resources have ids, and nothing listens.
"""

from __future__ import annotations

from secrets import token_hex
from typing import Any

from ministack.services import ec2, iam
from ministack.services.cloudformation import provisioners

from aurora_cfn.local.query import call, value_of
from aurora_cfn.local.replacing import Inner, replace_rows
from aurora_cfn.local.types.handlers import Created, Handlers, Properties


def ec2_call(action: str, **parameters: Any) -> str:
    """The answer of ministack's EC2 API."""
    return call("Ec2", ec2._ACTION_MAP[action], parameters, lists="")


def _chosen(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


def _create_address(_logical_id: str, properties: Properties, _stack: str) -> Created:
    text = ec2_call("AllocateAddress", Domain=properties.get("Domain", "vpc"))
    address, allocation = value_of(text, "publicIp"), value_of(text, "allocationId")
    return address, {"AllocationId": allocation, "PublicIp": address}


def _address(physical_id: str) -> dict[str, Any]:
    rows = ec2._addresses.values()
    found = next((row["AllocationId"] for row in rows if row["PublicIp"] == physical_id), "")
    return {"AllocationId": found, "PublicIp": physical_id}


def _delete_address(physical_id: str, _properties: Properties) -> None:
    allocation = _address(physical_id)["AllocationId"]
    if allocation:
        ec2_call("ReleaseAddress", AllocationId=allocation)


def _create_nat(_logical_id: str, properties: Properties, _stack: str) -> Created:
    wanted = _chosen(properties, "SubnetId", "AllocationId", "ConnectivityType")
    name = value_of(ec2_call("CreateNatGateway", **wanted), "natGatewayId")
    return name, {"NatGatewayId": name}


def _create_flow_log(_logical_id: str, properties: Properties, _stack: str) -> Created:
    names = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName")
    text = ec2_call("CreateFlowLogs", ResourceId=[properties["ResourceId"]], **_chosen(properties, *names))
    name = value_of(value_of(text, "flowLogIdSet"), "item")
    return name, {"Id": name}


def _create_instance(_logical_id: str, properties: Properties, _stack: str) -> Created:
    wanted = _chosen(properties, "ImageId", "InstanceType", "SubnetId", "KeyName", "UserData")
    if groups := properties.get("SecurityGroupIds"):
        wanted["SecurityGroupId"] = list(groups)
    if profile := properties.get("IamInstanceProfile"):
        wanted["IamInstanceProfile"] = {"Name": profile}
    name = value_of(ec2_call("RunInstances", MinCount=1, MaxCount=1, **wanted), "instanceId")
    return name, _instance(name)


def _instance(physical_id: str) -> dict[str, Any]:
    row = ec2._instances.get(physical_id) or {}
    found = {"PrivateIp": "PrivateIpAddress", "VpcId": "VpcId", "PrivateDnsName": "PrivateDnsName"}
    return {"InstanceId": physical_id, **{name: row[key] for name, key in found.items() if key in row}}


def _rule(direction: str, other: str) -> Handlers:
    """One rule of a security group, in or out; `other` is Source or Destination."""

    def change(verb: str, properties: Properties) -> str:
        wanted = {"GroupId": properties["GroupId"], "IpPermissions": [permission(properties, other)]}
        return ec2_call(f"{verb}SecurityGroup{direction}", **wanted)

    def create(_logical_id: str, properties: Properties, _stack: str) -> Created:
        name = value_of(change("Authorize", properties), "securityGroupRuleId")
        return name, {"Id": name}

    def update(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        # EC2 identifies a rule by its content: created first, a rule with a new description is a duplicate.
        change("Revoke", old)
        return create(physical_id, new, stack)

    return Handlers(create, lambda _, properties: change("Revoke", properties), update)


def permission(properties: Properties, other: str) -> dict[str, Any]:
    """The rule as the API takes it."""
    note = _chosen(properties, "Description")
    lists = {
        "IpRanges": ("CidrIp", "CidrIp"), "Ipv6Ranges": ("CidrIpv6", "CidrIpv6"),
        "Groups": ("GroupId", f"{other}SecurityGroupId"), "PrefixListIds": ("PrefixListId", f"{other}PrefixListId"),
    }  # fmt: skip
    peers = {name: [{key: properties[given], **note}] for name, (key, given) in lists.items() if properties.get(given)}
    return {"IpProtocol": "-1", **_chosen(properties, "IpProtocol", "FromPort", "ToPort"), **peers}


def _record(prefix: str) -> Handlers:
    def create(_logical_id: str, _properties: Properties, _stack: str) -> Created:
        name = prefix + token_hex(9)[:17]  # as EC2 makes ids
        return name, {"Id": name}

    return Handlers(create, lambda *_: None, lambda physical_id, *_: (physical_id, {"Id": physical_id}))


def complete_profiles() -> None:
    """Let `Ref` of an instance profile be its name, as in CloudFormation; ministack 1.5.33 answers with the ARN."""
    row = provisioners._RESOURCE_HANDLERS["AWS::IAM::InstanceProfile"]
    replace_rows(row, {"create": _named, "update": _updated_profile, "delete": _deleted_profile})


def _named(inner: Inner, *arguments: Any) -> Created:
    arn, attributes = inner(*arguments)
    return arn.rpartition("/")[2], attributes


def _updated_profile(inner: Inner, physical_id: str, *rest: Any) -> Created:
    return _named(inner, _profile_arn(physical_id), *rest)


def _deleted_profile(inner: Inner, physical_id: str, properties: Properties) -> None:
    inner(_profile_arn(physical_id), properties)


def _profile_arn(name: str) -> str:
    return str((iam._instance_profiles.get(name) or {}).get("Arn", name))


HANDLERS = {
    "AWS::EC2::EIP": Handlers(_create_address, _delete_address, attributes=_address),
    "AWS::EC2::NatGateway": Handlers(
        _create_nat, lambda name, _: ec2_call("DeleteNatGateway", NatGatewayId=name),
        attributes=lambda name: {"NatGatewayId": name},
    ),
    "AWS::EC2::Instance": Handlers(
        _create_instance, lambda name, _: ec2_call("TerminateInstances", InstanceId=[name]), attributes=_instance
    ),
    "AWS::EC2::FlowLog": Handlers(_create_flow_log, lambda name, _: ec2_call("DeleteFlowLogs", FlowLogId=[name])),
    "AWS::EC2::SecurityGroupIngress": _rule("Ingress", "Source"),
    "AWS::EC2::SecurityGroupEgress": _rule("Egress", "Destination"),
    "AWS::EC2::ClientVpnEndpoint": _record("cvpn-endpoint-"),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": _record("cvpn-assoc-"),
    "AWS::EC2::ClientVpnAuthorizationRule": _record("cvpn-auth-"),
    "AWS::EC2::ClientVpnRoute": _record("cvpn-route-"),
}  # fmt: skip
"""The handlers by type."""
