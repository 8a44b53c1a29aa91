"""Resource types that ministack's CloudFormation lacks, and attributes that it leaves out of `Fn::GetAtt`.

Where a later ministack has a type or an attribute, its own wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.services.cloudformation import provisioners

from aurora_cfn.local.replacing import Inner, replace_rows
from aurora_cfn.local.types import ec2, http_api, rds, secrets
from aurora_cfn.local.types.handlers import Begin, Created, Properties

Attributes = Callable[[str, Properties], Mapping[str, Any]]
RECORDS_ONLY = (
    "AWS::EC2::ClientVpnAuthorizationRule",
    "AWS::EC2::ClientVpnEndpoint",
    "AWS::EC2::ClientVpnRoute",
    "AWS::EC2::ClientVpnTargetNetworkAssociation",
    "AWS::EC2::FlowLog",
    "AWS::EC2::Instance",
    "AWS::EC2::NatGateway",
)
"""Types that are kept as records: nothing listens or routes for them."""


def register(begin: Begin) -> None:
    """Add every missing type to ministack's table, and the attributes that its own types leave out.

    `begin` is called before something with a name of its own is made in a thread.
    """
    table = provisioners._RESOURCE_HANDLERS
    for name, handlers in {**ec2.HANDLERS, **secrets.HANDLERS, **rds.handlers(begin)}.items():
        table.setdefault(name, handlers.table())
    complete(table)
    ec2.complete_profiles()
    secrets.complete()
    http_api.complete()


def _id(physical_id: str, _properties: Properties) -> Mapping[str, Any]:
    return {"Id": physical_id}


def _vpc(physical_id: str, properties: Properties) -> Mapping[str, Any]:
    block = properties.get("CidrBlock")
    return {"CidrBlock": block, "CidrBlockAssociations": [f"vpc-cidr-assoc-{physical_id[4:]}"]} if block else {}


MISSING_ATTRIBUTES: dict[str, Attributes] = {
    "AWS::EC2::VPC": _vpc,
    "AWS::EC2::Subnet": lambda _id, row: {name: row[name] for name in ("VpcId", "CidrBlock") if name in row},
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
    """Replace `create` and `update` of those types; an attribute that ministack gives by itself stays as it is."""
    # Where a handler has the new properties: create(logical_id, properties, ...), update(id, old, new, ...).
    places = {"create": 1, "update": 2}
    for name, extra in MISSING_ATTRIBUTES.items():
        row = table.get(name, {})
        replace_rows(row, {key: partial(_with, extra, place) for key, place in places.items() if key in row})


def _with(extra: Attributes, place: int, inner: Inner, *arguments: Any) -> Created:
    physical_id, attributes = inner(*arguments)
    return physical_id, {**extra(physical_id, arguments[place]), **attributes}
