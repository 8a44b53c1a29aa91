"""Aurora DSQL clusters over ministack's DSQL API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aurora_cfn.local.query import ServiceError
from aurora_cfn.local.types.handlers import Created, Handlers, Properties

_NAMES = {
    "DeletionProtectionEnabled": "deletionProtectionEnabled",
    "KmsEncryptionKey": "kmsEncryptionKey",
    "MultiRegionProperties": "multiRegionProperties",
    "PolicyDocument": "policy",
}

_OWN_KEY = "AWS_OWNED_KMS_KEY"
"""The word of DSQL's API for the key that AWS owns, which ministack takes for a key that does not exist."""


def handlers(_provisioners: Any) -> dict[str, Handlers]:
    """The handlers by type."""
    return {"AWS::DSQL::Cluster": Handlers(_create, _delete, _update)}


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    from ministack.services import dsql

    answer = _read(dsql._create_cluster(_wanted(properties)))
    return answer["identifier"], _attributes(answer["identifier"])


def _update(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    from ministack.services import dsql

    _read(dsql._update_cluster(physical_id, _wanted({**new, "Tags": []})))
    return physical_id, _attributes(physical_id)


def _delete(physical_id: str, _properties: Properties) -> None:
    from ministack.services import dsql

    _read(dsql._delete_cluster(physical_id, {}))


def _wanted(properties: Properties) -> dict[str, Any]:
    wanted: dict[str, Any] = {api: properties[name] for name, api in _NAMES.items() if name in properties}
    if wanted.get("kmsEncryptionKey") == _OWN_KEY:
        del wanted["kmsEncryptionKey"]
    protection = str(properties.get("DeletionProtectionEnabled", "true")).lower()
    region = wanted.get("multiRegionProperties")
    if isinstance(region, Mapping):
        wanted["multiRegionProperties"] = {key[0].lower() + key[1:]: value for key, value in region.items()}
    tags = {row["Key"]: row["Value"] for row in properties.get("Tags", [])}
    return wanted | {"deletionProtectionEnabled": protection == "true"} | ({"tags": tags} if tags else {})


def _attributes(identifier: str) -> dict[str, Any]:
    from ministack.services import dsql

    found = _read(dsql._get_cluster(identifier))
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


def _read(answer: tuple[int, Any, Any]) -> dict[str, Any]:
    """The body of an answer; ServiceError when the service refuses."""
    status, _, body = answer
    found: dict[str, Any] = json.loads(body) if body else {}
    if status >= 400:
        raise ServiceError("DSQL", status, str(found.get("__type", status)), str(found.get("message", found)))
    return found
