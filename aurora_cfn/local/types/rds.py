"""RDS Proxy, Aurora DSQL clusters, and selections of AWS Backup, each over ministack's API of its service."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ministack.services import backup, dsql, rds
from ministack.services.cloudformation import provisioners

from aurora_cfn.local.query import call, json_of, value_of
from aurora_cfn.local.types.handlers import Begin, Created, Handlers, Properties

PROXY, ENDPOINT = "AWS::RDS::DBProxy", "AWS::RDS::DBProxyEndpoint"
NAMES = {PROXY: ("DBProxyName", rds._db_proxies), ENDPOINT: ("DBProxyEndpointName", rds._db_proxy_endpoints)}
"""The property with the name of a resource, and the records by name."""
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


def handlers(begin: Begin) -> dict[str, Handlers]:
    """The handlers by type; `begin` notes the creation of what has a name."""
    create_proxy, create_endpoint = partial(_create_proxy, begin), partial(_create_endpoint, begin)
    return {
        PROXY: Handlers(create_proxy, _delete_proxy, partial(_update_proxy, begin)),
        "AWS::RDS::DBProxyTargetGroup": Handlers(_create_group, _delete_group, _update_group),
        ENDPOINT: Handlers(
            create_endpoint, lambda name, _: rds_call("DeleteDBProxyEndpoint", DBProxyEndpointName=name)
        ),
        "AWS::DSQL::Cluster": Handlers(
            _dsql_create, lambda name, _: json_of("DSQL", dsql._delete_cluster(name, {})), _dsql_update
        ),
        "AWS::Backup::BackupSelection": Handlers(_create_selection, _delete_selection),
    }


def _named(begin: Begin, kind: str, logical_id: str, properties: Properties, stack: str) -> dict[str, Any]:
    """The properties with the name of the template, or one as CloudFormation makes it: RDS takes 63 characters."""
    label, known = NAMES[kind]
    name = str(properties.get(label) or provisioners._physical_name(stack, logical_id, lowercase=True, max_len=63))
    if name not in known:  # else RDS refuses it, and it is another stack's
        begin(kind, name, logical_id, stack)
    return {**properties, label: name}


def rds_call(action: str, **parameters: Any) -> str:
    """The answer of ministack's RDS API, with what this package put around its actions."""
    return call("Rds", rds._ACTION_MAP[action], parameters)


def _create_proxy(begin: Begin, logical_id: str, properties: Properties, stack: str) -> Created:
    wanted = _named(begin, PROXY, logical_id, properties, stack)
    return wanted["DBProxyName"], _attributes(rds_call("CreateDBProxy", **wanted))


def _update_proxy(begin: Begin, physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    if any(old.get(key) != new.get(key) for key in _FIXED):
        created = _create_proxy(begin, physical_id, new, stack)
        _delete_proxy(physical_id, old)
        return created
    changing = {key: value for key, value in new.items() if key not in (*_FIXED, "Tags", "VpcSecurityGroupIds")}
    return physical_id, _attributes(rds_call("ModifyDBProxy", DBProxyName=physical_id, **changing))


def _delete_proxy(physical_id: str, _properties: Properties) -> None:
    rds_call("DeleteDBProxy", DBProxyName=physical_id)


def _attributes(text: str) -> dict[str, Any]:
    return {key: value_of(text, key) for key in ("DBProxyArn", "Endpoint", "VpcId")}


def _create_group(_logical_id: str, properties: Properties, _stack: str) -> Created:
    proxy, pool = properties["DBProxyName"], properties.get("ConnectionPoolConfigurationInfo")
    if pool:
        rds_call("ModifyDBProxyTargetGroup", ConnectionPoolConfig=pool, DBProxyName=proxy, TargetGroupName=_GROUP)
    _put_targets("RegisterDBProxyTargets", properties)
    arn = value_of(rds_call("DescribeDBProxyTargetGroups", DBProxyName=proxy), "TargetGroupArn")
    return arn, {"TargetGroupArn": arn}


def _update_group(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
    _delete_group(physical_id, old)
    return _create_group(physical_id, new, stack)


def _delete_group(_physical_id: str, properties: Properties) -> None:
    _put_targets("DeregisterDBProxyTargets", properties)


def _put_targets(action: str, properties: Properties) -> None:
    keys = ("DBClusterIdentifiers", "DBInstanceIdentifiers")
    targets = {key: properties[key] for key in keys if properties.get(key)}
    if targets:
        rds_call(action, DBProxyName=properties["DBProxyName"], TargetGroupName=_GROUP, **targets)


def _create_endpoint(begin: Begin, logical_id: str, properties: Properties, stack: str) -> Created:
    wanted = _named(begin, ENDPOINT, logical_id, properties, stack)
    text = rds_call("CreateDBProxyEndpoint", **wanted)
    found = {key: value_of(text, key) for key in ("DBProxyEndpointArn", "Endpoint", "VpcId")}
    return wanted["DBProxyEndpointName"], {**found, "IsDefault": "false"}


def _dsql_create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    answer = json_of("DSQL", dsql._create_cluster(_dsql_wanted(properties)))
    return answer["identifier"], _dsql_attributes(answer["identifier"])


def _dsql_update(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    json_of("DSQL", dsql._update_cluster(physical_id, _dsql_wanted({**new, "Tags": []})))
    return physical_id, _dsql_attributes(physical_id)


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


def _create_selection(_logical_id: str, properties: Properties, _stack: str) -> Created:
    plan = properties["BackupPlanId"]
    wanted = {"BackupSelection": dict(properties["BackupSelection"])}
    answer = json_of("Backup", backup._create_selection(plan, wanted))
    name = f"{answer['SelectionId']}_{plan}"
    return name, {"Id": name, "SelectionId": answer["SelectionId"], "BackupPlanId": plan}


def _delete_selection(physical_id: str, _properties: Properties) -> None:
    selection, _, plan = physical_id.partition("_")
    backup._delete_selection(plan, selection)
