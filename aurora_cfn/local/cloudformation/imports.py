"""Import of databases and their groups, and Cloud Control's answers about what really exists.

ministack 1.5.33 imports no RDS types, and its Cloud Control knows only what was created through Cloud Control.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import json_response
from ministack.services import cloudcontrol, rds
from ministack.services.cloudformation import changesets, drift, provisioners

from aurora_cfn.local.cloudformation.drift import Reader, readers

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
    found = {kind: reader for kind, (reader, _) in readers().items()}
    for kind, name in IDENTIFIERS.items():
        row = provisioners._RESOURCE_HANDLERS[kind]
        row.setdefault("import", _adopting(kind, name))
        lookup = ((name,), _problem(kind, found[kind], changesets._IMPORT_NOT_FOUND))
        changesets._IMPORT_LOOKUPS.setdefault(kind, lookup)
    every = {kind: reader for kind, (reader, _) in drift._DRIFT_READERS.items()}
    cloudcontrol._get_resource = _getting(cloudcontrol._get_resource, every)


def _adopting(kind: str, name: str) -> Callable[[Mapping[str, str]], tuple[str, dict[str, Any]]]:
    def adopt(identifier: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        physical_id = identifier[name]
        attributes: dict[str, Any] = {}
        if kind == "AWS::RDS::DBCluster":
            attributes = provisioners._rds_db_cluster_attrs(rds._clusters[physical_id])
        elif kind == "AWS::RDS::DBInstance":
            attributes = provisioners._rds_db_instance_attrs(rds._instances[physical_id])
        return physical_id, attributes

    return adopt


def _problem(kind: str, reader: Reader, words: str) -> Callable[[str], str | None]:
    return lambda name: None if reader(name, {}) is not None else words.format(type=kind, value=name)


def _getting(inner: Callable[[dict[str, Any]], Any], found: Mapping[str, Reader]) -> Callable[[dict[str, Any]], Any]:
    def get(data: dict[str, Any]) -> Any:
        kind, name = str(data.get("TypeName", "")), str(data.get("Identifier", ""))
        properties = found[kind](name, {}) if kind in found else None
        if properties is None:
            return inner(data)
        # An import reads the identifier from the properties, where our readers leave it out.
        properties = ({IDENTIFIERS[kind]: name} if kind in IDENTIFIERS else {}) | properties
        described = {"Identifier": name, "Properties": json.dumps(properties, default=str)}
        return json_response({"TypeName": kind, "ResourceDescription": described})

    return get
