"""Client VPN as records: endpoint, association, authorization rule and route have ids, and nothing listens."""

from __future__ import annotations

from typing import Any

from aurora_cfn.local.types.handlers import Created, Handlers, Properties, identifier


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {
        "AWS::EC2::ClientVpnEndpoint": _record("cvpn-endpoint-"),
        "AWS::EC2::ClientVpnTargetNetworkAssociation": _record("cvpn-assoc-"),
        "AWS::EC2::ClientVpnAuthorizationRule": _record("cvpn-auth-"),
        "AWS::EC2::ClientVpnRoute": _record("cvpn-route-"),
    }


def _record(prefix: str) -> Handlers:
    def create(_logical_id: str, _properties: Properties, _stack: str) -> Created:
        name = identifier(prefix)
        return name, {"Id": name}

    def update(physical_id: str, _old: Properties, _new: Properties, _stack: str) -> Created:
        return physical_id, {"Id": physical_id}

    return Handlers(create, lambda _physical_id, _properties: None, update)
