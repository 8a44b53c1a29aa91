"""Resource types that ministack's CloudFormation does not know; where it learns one, its own handler wins."""

from __future__ import annotations

from typing import Any

from aurora_cfn.local.types.handlers import Handlers

RECORDS_ONLY = (
    "AWS::EC2::ClientVpnAuthorizationRule",
    "AWS::EC2::ClientVpnEndpoint",
    "AWS::EC2::ClientVpnRoute",
    "AWS::EC2::ClientVpnTargetNetworkAssociation",
    "AWS::EC2::FlowLog",
    "AWS::EC2::NatGateway",
    "AWS::SecretsManager::RotationSchedule",
)
"""Types that are kept as records: nothing listens, routes or rotates."""


def register(provisioners: Any) -> None:
    """Add every missing type to ministack's table, and the attributes that its own types leave out."""
    from aurora_cfn.local.types import attributes, backup, dsql, ec2, proxy, secrets, vpn

    found: dict[str, Handlers] = {}
    for module in (ec2, vpn, proxy, dsql, secrets, backup):
        found |= module.handlers(provisioners)
    for name, handlers in found.items():
        provisioners._RESOURCE_HANDLERS.setdefault(name, handlers.table())
    attributes.complete(provisioners._RESOURCE_HANDLERS)
