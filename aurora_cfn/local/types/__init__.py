"""Resource types that ministack's CloudFormation lacks, and attributes that it leaves out of `Fn::GetAtt`.

Where a later ministack has a type or an attribute, its own wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aurora_cfn.local.types.handlers import Begin, Created, Handlers, Properties

Attributes = Callable[[str, Properties], Mapping[str, Any]]
RECORDS_ONLY = (
    "AWS::EC2::ClientVpnAuthorizationRule",
    "AWS::EC2::ClientVpnEndpoint",
    "AWS::EC2::ClientVpnRoute",
    "AWS::EC2::ClientVpnTargetNetworkAssociation",
    "AWS::EC2::FlowLog",
    "AWS::EC2::NatGateway",
)
"""Types that are kept as records: nothing listens or routes for them."""


def register(provisioners: Any, begin: Begin) -> None:
    """Add every missing type to ministack's table, and the attributes that its own types leave out.

    `begin` is called before something with a name of its own is made in a thread.
    """
    from aurora_cfn.local.types import ec2, http_api, other, rds, secrets

    found: dict[str, Handlers] = {}
    for module in (ec2, rds, secrets, other):
        found |= module.handlers(provisioners)
    rds.note_creations(found, provisioners, begin)
    for name, handlers in found.items():
        provisioners._RESOURCE_HANDLERS.setdefault(name, handlers.table())
    complete(provisioners._RESOURCE_HANDLERS)
    secrets.complete(provisioners)
    http_api.complete(provisioners)


def _same(*names: str) -> Attributes:
    return lambda _physical_id, properties: {name: properties[name] for name in names if name in properties}


def _id(physical_id: str, _properties: Properties) -> Mapping[str, Any]:
    return {"Id": physical_id}


def _vpc(physical_id: str, properties: Properties) -> Mapping[str, Any]:
    block = properties.get("CidrBlock")
    return {"CidrBlock": block, "CidrBlockAssociations": [f"vpc-cidr-assoc-{physical_id[4:]}"]} if block else {}


MISSING_ATTRIBUTES: dict[str, Attributes] = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::Subnet": _same("VpcId", "CidrBlock"),
    "AWS::EC2::SubnetRouteTableAssociation": _id,
    "AWS::EC2::VPCGatewayAttachment": lambda _id, row: {
        "AttachmentType": "VGW" if row.get("VpnGatewayId") else "IGW",
    },
    "AWS::EC2::Route": lambda _id, row: {"CidrBlock": row.get("DestinationCidrBlock", "")},
    "AWS::SecretsManager::SecretTargetAttachment": _id,
    "AWS::Lambda::Permission": _id,
    "AWS::ApiGateway::UsagePlanKey": _id,
    "AWS::ApiGateway::Account": _id,
}


def complete(table: dict[str, dict[str, Any]]) -> None:
    """Wrap `create` and `update` of those types; an attribute that ministack gives by itself stays as it is."""
    for name, extra in MISSING_ATTRIBUTES.items():
        row = table.get(name)
        if row is not None:
            table[name] = row | {key: _wrapped(row[key], extra, key) for key in ("create", "update") if key in row}


def _wrapped(inner: Callable[..., Created], extra: Attributes, key: str) -> Callable[..., Created]:
    place = 1 if key == "create" else 2

    def outer(*arguments: Any) -> Created:
        physical_id, attributes = inner(*arguments)
        return physical_id, {**extra(physical_id, arguments[place]), **attributes}

    return outer
