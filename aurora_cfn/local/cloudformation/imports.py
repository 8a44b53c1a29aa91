"""Import of databases and their groups, and Cloud Control's answers about what really exists.

ministack 1.5.33 imports no RDS types, and its Cloud Control knows only what was created through Cloud Control.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cloudcontrol, rds
from ministack.services.cloudformation import changesets, drift, provisioners

from aurora_cfn.local.cloudformation.drift import Reader, readers
from aurora_cfn.local.replacing import Inner, replace

IDENTIFIERS = {
    "AWS::RDS::DBCluster": "DBClusterIdentifier",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::RDS::DBClusterParameterGroup": "DBClusterParameterGroupName",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
}
"""The property that names a resource of the type for an import (primaryIdentifier of its schema)."""


def install() -> None:
    """Add the types to CloudFormation's imports, and their records to Cloud Control."""
    for kind, (reader, _) in readers().items():
        provisioners._RESOURCE_HANDLERS[kind].setdefault("import", partial(_adopt, kind))
        lookup = ((IDENTIFIERS[kind],), partial(_problem, kind, reader))
        changesets._IMPORT_LOOKUPS.setdefault(kind, lookup)
    replace(cloudcontrol, "_get_resource", _getting)


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
