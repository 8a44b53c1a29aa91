"""RDS Proxy over ministack's RDS API: proxies, their target group and further endpoints."""

from __future__ import annotations

from typing import Any

from aurora_cfn.local.query import call, value_of
from aurora_cfn.local.types.handlers import Created, Handlers, Properties

_GROUP = "default"
_FIXED = ("EngineFamily", "VpcSubnetIds", "DBProxyName")


def handlers(provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    proxy, group, endpoint = _Proxy(provisioners), _TargetGroup(), _Endpoint(provisioners)
    return {
        "AWS::RDS::DBProxy": Handlers(proxy.create, proxy.delete, proxy.update),
        "AWS::RDS::DBProxyTargetGroup": Handlers(group.create, group.delete, group.update),
        "AWS::RDS::DBProxyEndpoint": Handlers(endpoint.create, endpoint.delete),
    }


def rds_call(action: str, **parameters: Any) -> str:
    """The answer of ministack's RDS API, in the names of whatever has been put around its actions."""
    from ministack.services import rds

    return call("Rds", rds._ACTION_MAP[action], parameters)


class _Proxy:
    def __init__(self, provisioners: Any) -> None:
        self._provisioners = provisioners

    def create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("DBProxyName") or self._provisioners._physical_name(
            stack, logical_id, lowercase=True, max_len=63
        )
        text = rds_call("CreateDBProxy", **{**properties, "DBProxyName": name})
        return name, _attributes(text)

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        if any(old.get(key) != new.get(key) for key in _FIXED):
            created = self.create(physical_id, new, stack)
            self.delete(physical_id, old)
            return created
        changing = {key: value for key, value in new.items() if key not in (*_FIXED, "Tags", "VpcSecurityGroupIds")}
        text = rds_call("ModifyDBProxy", DBProxyName=physical_id, **changing)
        return physical_id, _attributes(text)

    def delete(self, physical_id: str, _properties: Properties) -> None:
        rds_call("DeleteDBProxy", DBProxyName=physical_id)


class _TargetGroup:
    def create(self, _logical_id: str, properties: Properties, _stack: str) -> Created:
        proxy = properties["DBProxyName"]
        self._configure(proxy, properties)
        targets = {
            key: properties[key] for key in ("DBClusterIdentifiers", "DBInstanceIdentifiers") if properties.get(key)
        }
        if targets:
            rds_call("RegisterDBProxyTargets", DBProxyName=proxy, TargetGroupName=_GROUP, **targets)
        arn = value_of(rds_call("DescribeDBProxyTargetGroups", DBProxyName=proxy), "TargetGroupArn")
        return arn, {"TargetGroupArn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        self.delete(physical_id, old)
        return self.create(physical_id, new, stack)

    def delete(self, _physical_id: str, properties: Properties) -> None:
        targets = {
            key: properties[key] for key in ("DBClusterIdentifiers", "DBInstanceIdentifiers") if properties.get(key)
        }
        if targets:
            proxy = properties["DBProxyName"]
            rds_call("DeregisterDBProxyTargets", DBProxyName=proxy, TargetGroupName=_GROUP, **targets)

    @staticmethod
    def _configure(proxy: str, properties: Properties) -> None:
        info = properties.get("ConnectionPoolConfigurationInfo")
        if info:
            group = {"DBProxyName": proxy, "TargetGroupName": _GROUP}
            rds_call("ModifyDBProxyTargetGroup", ConnectionPoolConfig=info, **group)


class _Endpoint:
    def __init__(self, provisioners: Any) -> None:
        self._provisioners = provisioners

    def create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("DBProxyEndpointName") or self._provisioners._physical_name(
            stack, logical_id, lowercase=True, max_len=63
        )
        text = rds_call("CreateDBProxyEndpoint", **{**properties, "DBProxyEndpointName": name})
        found = {key: value_of(text, key) for key in ("DBProxyEndpointArn", "Endpoint", "VpcId")}
        return name, {**found, "IsDefault": "false"}

    def delete(self, physical_id: str, _properties: Properties) -> None:
        rds_call("DeleteDBProxyEndpoint", DBProxyEndpointName=physical_id)


def _attributes(text: str) -> dict[str, Any]:
    return {key: value_of(text, key) for key in ("DBProxyArn", "Endpoint", "VpcId")}
