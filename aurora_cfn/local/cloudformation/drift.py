"""Drift and import of what really exists, and Cloud Control's answers about it.

ministack 1.5.33 compares 14 types and leaves the others out of its answer: a cluster changed by hand is in sync. It
imports no RDS types, and its Cloud Control knows only what was created through Cloud Control.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cloudcontrol, rds
from ministack.services.cloudformation import changesets, drift, provisioners

from aurora_cfn.local.cloudformation import drift_of_networks
from aurora_cfn.local.cloudformation.drift_of_networks import is_gone
from aurora_cfn.local.cloudformation.records import stack_of
from aurora_cfn.local.replacing import Inner, replace, replace_actions
from aurora_cfn.local.types.secrets import SECRET, name_of

Record = Mapping[str, Any]
Reader = Callable[[str, Mapping[str, Any]], dict[str, Any] | None]

SAME = (
    "Engine", "EngineVersion", "BackupRetentionPeriod", "PreferredBackupWindow", "PreferredMaintenanceWindow",
    "DeletionProtection", "CopyTagsToSnapshot", "MasterUsername", "StorageEncrypted",
)  # fmt: skip
"""Properties that clusters and instances have under the same name in their records."""
# Without Port: the server listens on a free port of this machine, not on that of the template.
CLUSTER = (*SAME, "DBClusterIdentifier", "DatabaseName", "ServerlessV2ScalingConfiguration")
INSTANCE = (
    *SAME, "DBInstanceIdentifier", "DBInstanceClass", "AllocatedStorage", "StorageType", "MultiAZ",
    "PubliclyAccessible", "AutoMinorVersionUpgrade", "MonitoringInterval", "PromotionTier", "DBClusterIdentifier",
)  # fmt: skip
OF_MEMBER = frozenset({"Engine", "PreferredMaintenanceWindow"})
"""Of SAME what a member of a cluster has of its own."""
RENAMED = {
    "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
    "EnableHttpEndpoint": "HttpEndpointEnabled",
    "EnablePerformanceInsights": "PerformanceInsightsEnabled",
    "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
}
IDENTIFIERS = {
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::DBClusterParameterGroup": "DBClusterParameterGroupName",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
}
"""The property that names a resource of the type for an import (primaryIdentifier of its schema)."""


def install() -> None:
    """Add the readers to drift, imports and Cloud Control, and to drift the rows of what has none."""
    for kind, (reader, properties) in (readers() | drift_of_networks.readers()).items():
        drift._DRIFT_READERS[kind] = (reader, frozenset(properties))
    # The physical id of a secret is its ARN here, as in AWS, and ministack's reader expects a name.
    inner, properties = drift._DRIFT_READERS[SECRET]
    drift._DRIFT_READERS[SECRET] = (lambda physical_id, wanted: inner(name_of(physical_id), wanted), properties)
    replace_actions({"DetectStackDrift": _naming_the_rest})
    for kind, (reader, _) in readers().items():
        provisioners._RESOURCE_HANDLERS[kind].setdefault("import", partial(_adopt, kind))
        lookup = ((IDENTIFIERS[kind],), partial(_problem, kind, reader))
        changesets._IMPORT_LOOKUPS.setdefault(kind, lookup)
    replace(cloudcontrol, "_get_resource", _getting)


def readers() -> dict[str, tuple[Reader, tuple[str, ...]]]:
    """The reader of each type, and the properties that it reads."""
    return {
        "AWS::RDS::DBCluster": (lambda name, _: read(rds._clusters.get(name), CLUSTER), (*CLUSTER, *RENAMED)),
        "AWS::RDS::DBInstance": (
            lambda name, wanted: of_instance(rds._instances.get(name), wanted), (*INSTANCE, *RENAMED),
        ),
        "AWS::RDS::DBSubnetGroup": (lambda name, _: _subnets(rds._subnet_groups.get(name)), ("SubnetIds",)),
        "AWS::RDS::DBClusterParameterGroup": (
            lambda name, wanted: _group(rds._db_cluster_param_groups.get(name), wanted), ("Parameters",),
        ),
        "AWS::RDS::DBParameterGroup": (
            lambda name, wanted: _group(rds._param_groups.get(name), wanted), ("Parameters",),
        ),
    }  # fmt: skip


def read(record: Record | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    """The properties as they are now, under the names of the template; None when the resource is gone."""
    if record is None:
        return None
    found = {name: record[name] for name in names if record.get(name) is not None}
    found |= {name: record[key] for name, key in RENAMED.items() if record.get(key) is not None}
    scaling = found.get("ServerlessV2ScalingConfiguration")
    if scaling:
        found["ServerlessV2ScalingConfiguration"] = {key: _number(value) for key, value in scaling.items()}
    return found


def of_instance(record: Record | None, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """As `read`, of an instance; of a member of a cluster only what is its own."""
    found = read(record, INSTANCE)
    if found and wanted.get("DBClusterIdentifier"):
        # What a member has from its cluster is the cluster's drift.
        found = {name: found[name] for name in found if name not in {*SAME, *RENAMED} or name in OF_MEMBER}
    return found


def _subnets(record: Record | None) -> dict[str, Any] | None:
    return None if record is None else {"SubnetIds": [row["SubnetIdentifier"] for row in record.get("Subnets", [])]}


def _group(record: Record | None, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """The parameters of the template; a group has hundreds of others with the engine's own values."""
    if record is None:
        return None
    now = record.get("Parameters") or {}
    names = wanted.get("Parameters") or {}
    values = {name: now.get(name) for name in names}
    return {"Parameters": {
        name: value.get("ParameterValue") if isinstance(value, dict) else value for name, value in values.items()
    }}  # fmt: skip


def _number(value: Any) -> Any:
    # The record has 2.0 where the template has 2: as text, which is compared, they would differ.
    number = float(value)
    return int(number) if number == int(number) else number


def _naming_the_rest(inner: Inner, parameters: Any) -> Any:
    answer = inner(parameters)
    stack = stack_of(parameters) or {}
    for name, record in (stack.get("_resources") or {}).items():
        kind, physical_id = record.get("ResourceType", ""), record.get("PhysicalResourceId", "")
        if not drift.supports_drift(kind):
            record["_drift"] = {
                "StackId": stack["StackId"], "LogicalResourceId": name,
                "PhysicalResourceId": physical_id, "ResourceType": kind, "Timestamp": record.get("Timestamp", ""),
                "StackResourceDriftStatus": "DELETED" if is_gone(kind, physical_id) else "NOT_CHECKED",
            }  # fmt: skip
    return answer


def _adopt(kind: str, identifier: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The physical id and the attributes of a resource that is imported."""
    physical_id = identifier[IDENTIFIERS[kind]]
    if kind == "AWS::RDS::DBCluster":
        return physical_id, provisioners._rds_db_cluster_attrs(rds._clusters[physical_id])
    if kind == "AWS::RDS::DBInstance":
        return physical_id, provisioners._rds_db_instance_attrs(rds._instances[physical_id])
    return physical_id, {}


def _problem(kind: str, reader: Reader, name: str) -> str | None:
    if reader(name, {}) is not None:
        return None
    return str(changesets._IMPORT_NOT_FOUND.format(type=kind, value=name))


def _getting(inner: Inner, data: dict[str, Any]) -> Any:
    kind, name = str(data.get("TypeName", "")), str(data.get("Identifier", ""))
    reader = drift._DRIFT_READERS.get(kind)
    properties = reader[0](name, {}) if reader else None
    if properties is None:
        return inner(data)
    # An import reads the identifier from the properties, where our readers leave it out.
    properties = ({IDENTIFIERS[kind]: name} if kind in IDENTIFIERS else {}) | properties
    described = {"Identifier": name, "Properties": json.dumps(properties, default=str)}
    return json_response({"TypeName": kind, "ResourceDescription": described})
