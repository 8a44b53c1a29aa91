"""RDS Proxy over ministack's RDS API, and Aurora DSQL clusters over its DSQL API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from ministack.services import dsql, rds

from aurora_cfn.local.query import call, json_of, value_of
from aurora_cfn.local.types.handlers import Begin, Created, Handlers, Properties

Create: TypeAlias = Callable[[str, Properties, str], Created]
NAMES = {"AWS::RDS::DBProxy": "DBProxyName", "AWS::RDS::DBProxyEndpoint": "DBProxyEndpointName"}
_GROUP = "default"
_FIXED = ("EngineFamily", "VpcSubnetIds", "DBProxyName")
_DSQL_NAMES = {
    "DeletionProtectionEnabled": "deletionProtectionEnabled",
    "KmsEncryptionKey": "kmsEncryptionKey",
    "MultiRegionProperties": "multiRegionProperties",
    "PolicyDocument": "policy",
}

_OWN_KEY = "AWS_OWNED_KMS_KEY"
"""The word of DSQL's API for the key that AWS owns, which ministack takes for a key that does not exist."""


def handlers(provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    proxy, group, endpoint = _Proxy(provisioners), _TargetGroup(), _Endpoint(provisioners)
    return {
        "AWS::RDS::DBProxy": Handlers(proxy.create, proxy.delete, proxy.update),
        "AWS::RDS::DBProxyTargetGroup": Handlers(group.create, group.delete, group.update),
        "AWS::RDS::DBProxyEndpoint": Handlers(endpoint.create, endpoint.delete),
        "AWS::DSQL::Cluster": Handlers(_dsql_create, _dsql_delete, _dsql_update),
    }


def note_creations(found: dict[str, Handlers], provisioners: Any, begin: Begin) -> None:
    """Let the creation of what has a name begin with a note of it."""
    for kind, label in NAMES.items():
        found[kind] = replace(found[kind], create=_noting(found[kind].create, kind, label, provisioners, begin))


def _noting(inner: Create, kind: str, label: str, provisioners: Any, begin: Begin) -> Create:
    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        name = _name(provisioners, label, properties, logical_id, stack)
        if not _is_taken(kind, name):  # else RDS refuses it, and it is another stack's
            begin(kind, name, logical_id, stack)
        return inner(logical_id, {**properties, label: name}, stack)

    return create


def _name(provisioners: Any, label: str, properties: Properties, logical_id: str, stack: str) -> str:
    """The name of the template, or one as CloudFormation makes it: RDS takes 63 characters."""
    return str(properties.get(label) or provisioners._physical_name(stack, logical_id, lowercase=True, max_len=63))


def _is_taken(kind: str, name: str) -> bool:
    stores = {"AWS::RDS::DBProxy": rds._db_proxies, "AWS::RDS::DBProxyEndpoint": rds._db_proxy_endpoints}
    return name in stores[kind]


def rds_call(action: str, **parameters: Any) -> str:
    """The answer of ministack's RDS API, with what this package put around its actions."""
    return call("Rds", rds._ACTION_MAP[action], parameters)


class _Proxy:
    def __init__(self, provisioners: Any) -> None:
        self._provisioners = provisioners

    def create(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = _name(self._provisioners, "DBProxyName", properties, logical_id, stack)
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
        self._targets("RegisterDBProxyTargets", properties)
        arn = value_of(rds_call("DescribeDBProxyTargetGroups", DBProxyName=proxy), "TargetGroupArn")
        return arn, {"TargetGroupArn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        self.delete(physical_id, old)
        return self.create(physical_id, new, stack)

    def delete(self, _physical_id: str, properties: Properties) -> None:
        self._targets("DeregisterDBProxyTargets", properties)

    @staticmethod
    def _targets(action: str, properties: Properties) -> None:
        keys = ("DBClusterIdentifiers", "DBInstanceIdentifiers")
        targets = {key: properties[key] for key in keys if properties.get(key)}
        if targets:
            rds_call(action, DBProxyName=properties["DBProxyName"], TargetGroupName=_GROUP, **targets)

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
        name = _name(self._provisioners, "DBProxyEndpointName", properties, logical_id, stack)
        text = rds_call("CreateDBProxyEndpoint", **{**properties, "DBProxyEndpointName": name})
        found = {key: value_of(text, key) for key in ("DBProxyEndpointArn", "Endpoint", "VpcId")}
        return name, {**found, "IsDefault": "false"}

    def delete(self, physical_id: str, _properties: Properties) -> None:
        rds_call("DeleteDBProxyEndpoint", DBProxyEndpointName=physical_id)


def _attributes(text: str) -> dict[str, Any]:
    return {key: value_of(text, key) for key in ("DBProxyArn", "Endpoint", "VpcId")}


def _dsql_create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    answer = json_of("DSQL", dsql._create_cluster(_dsql_wanted(properties)))
    return answer["identifier"], _dsql_attributes(answer["identifier"])


def _dsql_update(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    json_of("DSQL", dsql._update_cluster(physical_id, _dsql_wanted({**new, "Tags": []})))
    return physical_id, _dsql_attributes(physical_id)


def _dsql_delete(physical_id: str, _properties: Properties) -> None:
    json_of("DSQL", dsql._delete_cluster(physical_id, {}))


def _dsql_wanted(properties: Properties) -> dict[str, Any]:
    wanted: dict[str, Any] = {api: properties[name] for name, api in _DSQL_NAMES.items() if name in properties}
    if wanted.get("kmsEncryptionKey") == _OWN_KEY:
        del wanted["kmsEncryptionKey"]
    protection = str(properties.get("DeletionProtectionEnabled", "true")).lower()
    region = wanted.get("multiRegionProperties")
    if isinstance(region, Mapping):
        wanted["multiRegionProperties"] = {key[0].lower() + key[1:]: value for key, value in region.items()}
    tags = {row["Key"]: row["Value"] for row in properties.get("Tags", [])}
    return wanted | {"deletionProtectionEnabled": protection == "true"} | ({"tags": tags} if tags else {})


def _dsql_attributes(identifier: str) -> dict[str, Any]:
    found = json_of("DSQL", dsql._get_cluster(identifier))
    region = found["arn"].split(":")[3]
    encryption = found.get("encryptionDetails", {})
    return {
        "Identifier": identifier,
        "ResourceArn": found["arn"],
        "Status": found["status"],
        "CreationTime": str(found["creationTime"]),
        "Endpoint": found.get("endpoint", ""),
        "VpcEndpointServiceName": f"com.amazonaws.{region}.dsql-{identifier[:4]}",
        "VpcEndpoint": f"{identifier}.dsql-{identifier[:4]}.{region}.on.aws",
        "EncryptionDetails.EncryptionType": encryption.get("encryptionType", ""),
        "EncryptionDetails.EncryptionStatus": encryption.get("encryptionStatus", ""),
    }
