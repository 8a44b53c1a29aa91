"""EC2 types over ministack's EC2 API: addresses, NAT gateways, flow logs, single rules of security groups.

Client VPN is records only: its resources have ids, and nothing listens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ministack.services import ec2

from aurora_cfn.local.query import call, value_of
from aurora_cfn.local.types.handlers import Created, Handlers, Properties, identifier


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    api = _Ec2(ec2._ACTION_MAP, ec2._addresses)
    return {
        "AWS::EC2::EIP": Handlers(api.create_address, api.delete_address, attributes=api.address),
        "AWS::EC2::NatGateway": Handlers(
            api.create_nat, api.delete_nat, attributes=lambda name: {"NatGatewayId": name}
        ),
        "AWS::EC2::FlowLog": Handlers(api.create_flow_log, api.delete_flow_log),
        "AWS::EC2::SecurityGroupIngress": _Rule(api, "Ingress", "Source").handlers(),
        "AWS::EC2::SecurityGroupEgress": _Rule(api, "Egress", "Destination").handlers(),
        "AWS::EC2::ClientVpnEndpoint": _record("cvpn-endpoint-"),
        "AWS::EC2::ClientVpnTargetNetworkAssociation": _record("cvpn-assoc-"),
        "AWS::EC2::ClientVpnAuthorizationRule": _record("cvpn-auth-"),
        "AWS::EC2::ClientVpnRoute": _record("cvpn-route-"),
    }


class _Ec2:
    """The EC2 API from inside."""

    def __init__(self, actions: Mapping[str, Any], addresses: Mapping[str, Any]) -> None:
        self._actions = actions
        self._addresses = addresses

    def call(self, action: str, **parameters: Any) -> str:
        return call("Ec2", self._actions[action], parameters, lists="")

    def create_address(self, _logical_id: str, properties: Properties, _stack: str) -> Created:
        text = self.call("AllocateAddress", Domain=properties.get("Domain", "vpc"))
        address, allocation = value_of(text, "publicIp"), value_of(text, "allocationId")
        return address, {"AllocationId": allocation, "PublicIp": address}

    def address(self, physical_id: str) -> dict[str, Any]:
        rows = self._addresses.values()
        found = next((row["AllocationId"] for row in rows if row["PublicIp"] == physical_id), "")
        return {"AllocationId": found, "PublicIp": physical_id}

    def delete_address(self, physical_id: str, _properties: Properties) -> None:
        allocation = self.address(physical_id)["AllocationId"]
        if allocation:
            self.call("ReleaseAddress", AllocationId=allocation)

    def create_nat(self, _logical_id: str, properties: Properties, _stack: str) -> Created:
        wanted = {key: properties[key] for key in ("SubnetId", "AllocationId", "ConnectivityType") if key in properties}
        name = value_of(self.call("CreateNatGateway", **wanted), "natGatewayId")
        return name, {"NatGatewayId": name}

    def delete_nat(self, physical_id: str, _properties: Properties) -> None:
        self.call("DeleteNatGateway", NatGatewayId=physical_id)

    def create_flow_log(self, _logical_id: str, properties: Properties, _stack: str) -> Created:
        keys = ("ResourceType", "TrafficType", "LogDestinationType", "LogDestination", "LogGroupName")
        wanted = {key: properties[key] for key in keys if key in properties}
        text = self.call("CreateFlowLogs", ResourceId=[properties["ResourceId"]], **wanted)
        name = value_of(value_of(text, "flowLogIdSet"), "item")
        return name, {"Id": name}

    def delete_flow_log(self, physical_id: str, _properties: Properties) -> None:
        self.call("DeleteFlowLogs", FlowLogId=[physical_id])


class _Rule:
    """One rule of a security group, in or out."""

    def __init__(self, api: _Ec2, direction: str, other: str) -> None:
        self._api = api
        self._direction = direction
        self._other = other

    def handlers(self) -> Handlers:
        return Handlers(self.create, self.delete, self.update)

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> Created:
        name = value_of(self._do("Authorize", properties), "securityGroupRuleId")
        return name, {"Id": name}

    def delete(self, _physical_id: str, properties: Properties) -> None:
        self._do("Revoke", properties)

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        # EC2 identifies a rule by its content: created first, a rule with a new description is a duplicate.
        self.delete(physical_id, old)
        return self.create(physical_id, new, stack)

    def _do(self, verb: str, properties: Properties) -> str:
        action = f"{verb}SecurityGroup{self._direction}"
        return self._api.call(action, GroupId=properties["GroupId"], IpPermissions=[self._permission(properties)])

    def _permission(self, properties: Properties) -> dict[str, Any]:
        found = {key: properties[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in properties}
        note = {"Description": properties["Description"]} if "Description" in properties else {}
        group = properties.get(f"{self._other}SecurityGroupId")
        lists = {"IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6"}
        ranges = {name: [{key: properties[key], **note}] for name, key in lists.items() if key in properties}
        prefix = properties.get(f"{self._other}PrefixListId")
        pairs = {"Groups": [{"GroupId": group, **note}]} if group else {}
        prefixes = {"PrefixListIds": [{"PrefixListId": prefix, **note}]} if prefix else {}
        return {"IpProtocol": "-1"} | found | ranges | pairs | prefixes


def _record(prefix: str) -> Handlers:
    def create(_logical_id: str, _properties: Properties, _stack: str) -> Created:
        name = identifier(prefix)
        return name, {"Id": name}

    def update(physical_id: str, _old: Properties, _new: Properties, _stack: str) -> Created:
        return physical_id, {"Id": physical_id}

    return Handlers(create, lambda _physical_id, _properties: None, update)
