"""Answers of the emulator against the service models of botocore, which itself reads over what it does not know.

Protocols and traits: Smithy 2.0 specification, "AWS protocols"; the names are those of botocore's models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

XML = frozenset({"query", "ec2", "rest-xml"})
OUTSIDE_BODY = frozenset({"header", "headers", "statusCode"})
COMMON = frozenset({
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature",
    "InternalFailure", "InternalServerError", "InternalServiceError", "InvalidAction", "InvalidClientTokenId",
    "InvalidParameterCombination", "InvalidParameterValue", "InvalidQueryParameter", "InvalidSignatureException",
    "MalformedQueryString", "MissingAction", "MissingAuthenticationToken", "MissingParameter", "NotAuthorized",
    "NotImplemented", "OptInRequired", "RequestExpired", "SerializationException", "ServiceUnavailable",
    "SignatureDoesNotMatch", "Throttling", "ThrottlingException", "UnknownOperationException",
    "UnrecognizedClientException", "ValidationError", "ValidationException",
})  # fmt: skip
"""Errors that any operation may answer with (API references, "Common errors", read 2026-11)."""
UNMODELLED = frozenset({"ec2", "s3"})
"""Services whose models name no errors, or a few of them."""
AS_AWS = frozenset({
    # CloudFormation User Guide, "Stack status codes"; Terraform's provider reads these errors after the operations.
    "DescribeStackEvents.StackEvents[].ResourceStatus: string 'REVIEW_IN_PROGRESS' is not in the enum",
    "DescribeStackEvents.StackEvents[].ResourceStatus: string 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' is not in the enum",
    "DescribeStackEvents.StackEvents[].ResourceStatus: string 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS' "
    "is not in the enum",
    "DeleteStackSet: error StackSetNotFoundException (404) is not one of the operation's",
    "ExecuteStackRefactor: error StackRefactorNotFoundException (404) is not one of the operation's",
    "ListStackRefactorActions: error StackRefactorNotFoundException (404) is not one of the operation's",
})  # fmt: skip
MAY_BE_EMPTY = frozenset({
    "ParameterValue", "OutputValue", "Value", "DefaultValue", "LogFileData", "Marker", "PhysicalResourceId",
    "Prefix", "KeyMarker", "VersionIdMarker",
})  # fmt: skip
"""Texts that can be empty in the real service's XML, such as those of S3's lists; it leaves others out instead."""
ALWAYS: Mapping[str, frozenset[str]] = {
    "Stack": frozenset({
        "DisableRollback", "DriftInformation", "EnableTerminationProtection", "NotificationARNs",
        "RollbackConfiguration", "StackId", "Tags",
    }),
    "StackEvent": frozenset({"LogicalResourceId", "PhysicalResourceId", "ResourceStatus", "ResourceType"}),
    "DBCluster": frozenset({
        "AllocatedStorage", "AssociatedRoles", "AutoMinorVersionUpgrade", "AvailabilityZones", "BackupRetentionPeriod",
        "ClusterCreateTime", "CopyTagsToSnapshot", "CrossAccountClone", "DBClusterArn", "DBClusterIdentifier",
        "DBClusterMembers", "DBClusterParameterGroup", "DBSubnetGroup", "DbClusterResourceId", "DeletionProtection",
        "DomainMemberships", "EarliestRestorableTime", "Endpoint", "Engine", "EngineMode", "EngineVersion",
        "HostedZoneId", "HttpEndpointEnabled", "IAMDatabaseAuthenticationEnabled", "LatestRestorableTime",
        "MasterUsername", "MultiAZ", "NetworkType", "Port", "PreferredBackupWindow", "PreferredMaintenanceWindow",
        "ReadReplicaIdentifiers", "ReaderEndpoint", "Status", "StorageEncrypted", "TagList", "VpcSecurityGroups",
    }),
    "DBInstance": frozenset({
        "AllocatedStorage", "AssociatedRoles", "AutoMinorVersionUpgrade", "AvailabilityZone", "BackupRetentionPeriod",
        "CACertificateIdentifier", "CopyTagsToSnapshot", "DBInstanceArn", "DBInstanceClass", "DBInstanceIdentifier",
        "DBInstanceStatus", "DBParameterGroups", "DBSubnetGroup", "DbiResourceId", "DeletionProtection",
        "DomainMemberships", "Endpoint", "Engine", "EngineVersion", "IAMDatabaseAuthenticationEnabled",
        "InstanceCreateTime", "LicenseModel", "MasterUsername", "MonitoringInterval", "MultiAZ", "NetworkType",
        "OptionGroupMemberships", "PendingModifiedValues", "PerformanceInsightsEnabled", "PreferredBackupWindow",
        "PreferredMaintenanceWindow", "PubliclyAccessible", "ReadReplicaDBInstanceIdentifiers", "StorageEncrypted",
        "StorageType", "TagList", "VpcSecurityGroups",
    }),
}  # fmt: skip
"""Members that the examples of the API references always have (read 2026-11); RDS's model requires none."""
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|NaN|-?Infinity")
RFC_822 = re.compile(r"\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT")
EMPTY = ElementTree.Element("none")


def problems(operation: Any, response: Mapping[str, Any]) -> list[str]:
    """What in an answer does not fit the operation's model; `response` is botocore's: status_code, headers, body."""
    protocol, status = operation.service_model.resolved_protocol, response["status_code"]
    if operation.has_streaming_output or (operation.has_event_stream_output and status < 300):
        return []
    if status >= 300:
        found = _error(operation, response, is_xml=protocol in XML)
    elif operation.output_shape is None or _payload(operation.output_shape) is None:
        return []
    elif protocol in XML:
        found = _xml_answer(operation, response["body"], protocol)
    else:
        found = _json_answer(operation, response["body"])
    return [each for each in found if each not in AS_AWS]


def _payload(output: Any) -> Any:
    """The shape of the body; None where it is no structure, such as the object of S3."""
    name = output.serialization.get("payload")
    shape = output.members[name] if name else output
    return shape if shape.type_name == "structure" else None


def _error(operation: Any, response: Mapping[str, Any], *, is_xml: bool) -> Iterator[str]:
    status, body, name = response["status_code"], response["body"], operation.name
    try:
        code, message = _xml_error(body) if is_xml else _json_error(body, response["headers"])
    except (ValueError, ElementTree.ParseError):
        if body or operation.http["method"] != "HEAD":
            yield f"{name}: status {status} with a body that cannot be read: {body[:80]!r}"
        return
    if message is None:
        yield f"{name}: error {code} without a message"
    known = next((each for each in operation.error_shapes if code in (each.error_code, each.name)), None)
    if known is None:
        if code not in COMMON and operation.service_model.service_name not in UNMODELLED:
            yield f"{name}: error {code} ({status}) is not one of the operation's"
        return
    wanted = known.metadata.get("error", {}).get("httpStatusCode")
    if wanted and wanted != status:
        yield f"{name}: error {code} has status {status}, not {wanted}"


def _xml_error(body: bytes) -> tuple[str, str | None]:
    found = {_local(each): each.text for each in ElementTree.fromstring(body).iter()}
    return found.get("Code") or "", found.get("Message")


def _json_error(body: bytes, headers: Mapping[str, str]) -> tuple[str, str | None]:
    found = json.loads(body)
    code = str(headers.get("x-amzn-errortype") or found.get("__type") or found.get("code") or "")
    return code.partition(":")[0].rpartition("#")[2], found.get("message", found.get("Message"))


def _xml_answer(operation: Any, body: bytes, protocol: str) -> Iterator[str]:
    shape = _payload(operation.output_shape)
    members = _in_body(shape)
    if not body:
        if members:
            yield f"{operation.name}: the body is empty"
        return
    try:
        tree = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        yield f"{operation.name}: the body is no XML: {error}"
        return
    wrapper = operation.output_shape.serialization.get("resultWrapper")
    if protocol == "query":
        yield from _envelope(operation.name, tree, wrapper if members else None)
        tree = next((each for each in tree if _local(each) == wrapper), EMPTY) if wrapper else tree
    elif protocol == "ec2":
        for each in [child for child in tree if _local(child) == "requestId"]:
            tree.remove(each)
    yield from _xml_members(shape, members, tree, operation.name)


def _envelope(name: str, tree: ElementTree.Element, wrapper: str | None) -> Iterator[str]:
    inside = {_local(each) for each in tree}
    if _local(tree) != f"{name}Response":
        yield f"{name}: the root is {_local(tree)}"
    if "ResponseMetadata" not in inside:
        yield f"{name}: no ResponseMetadata"
    if wrapper and wrapper not in inside:
        yield f"{name}: no {wrapper}"
    others = inside - {wrapper, f"{name}Result", "ResponseMetadata"}
    if others:
        yield f"{name}: beside the result: {sorted(others)}"


def _in_body(shape: Any) -> dict[str, Any]:
    rows = shape.members.items()
    return {name: each for name, each in rows if each.serialization.get("location") not in OUTSIDE_BODY}


def _xml(shape: Any, element: ElementTree.Element, path: str) -> Iterator[str]:
    read = {"structure": _xml_structure, "list": _xml_list, "map": _xml_map}.get(shape.type_name, _xml_scalar)
    yield from read(shape, element, path)


def _xml_structure(shape: Any, element: ElementTree.Element, path: str) -> Iterator[str]:
    yield from _xml_members(shape, _in_body(shape), element, path)


def _xml_members(shape: Any, members: Mapping[str, Any], element: ElementTree.Element, path: str) -> Iterator[str]:
    names = {_element_name(name, each): (name, each) for name, each in members.items()}
    seen: set[str] = set()
    for child in element:
        name, inner = names.get(_local(child), ("", None))
        if inner is None:
            yield f"{path}: unknown member {_local(child)}"
            continue
        flat = bool(inner.serialization.get("flattened"))
        if name in seen and not flat:
            yield f"{path}: {name} twice"
        seen.add(name)
        if not flat:
            yield from _xml(inner, child, f"{path}.{name}")
        elif inner.type_name == "list":
            yield from _xml(inner.member, child, f"{path}.{name}[]")
    # What is flattened has no element when it is empty, and attributes are no elements.
    elsewhere = {name for name, each in members.items() if {"flattened", "xmlAttribute"} & each.serialization.keys()}
    wanted = {*shape.required_members, *ALWAYS.get(shape.name, ())}
    missing = (wanted & members.keys()) - seen - elsewhere
    if missing:
        yield f"{path}: required {sorted(missing)}"


def _element_name(name: str, shape: Any) -> str:
    label = str(shape.serialization.get("name", name))
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        return str(shape.member.serialization.get("name", label))
    return label


def _xml_list(shape: Any, element: ElementTree.Element, path: str) -> Iterator[str]:
    name = shape.member.serialization.get("name", "member")
    for each in element:
        if _local(each) == name:
            yield from _xml(shape.member, each, f"{path}[]")
        else:
            yield f"{path}: {_local(each)} in a list of {name}"
    if not len(element) and (element.text or "").strip():
        yield f"{path}: a list is the text {element.text!r}"


def _xml_map(shape: Any, element: ElementTree.Element, path: str) -> Iterator[str]:
    key, value = (each.serialization.get("name", word) for each, word in ((shape.key, "key"), (shape.value, "value")))
    for entry in element:
        rows = {_local(each): each for each in entry}
        if _local(entry) != "entry" or rows.keys() != {key, value}:
            yield f"{path}: {_local(entry)} {sorted(rows)} in a map"
        else:
            yield from _xml(shape.value, rows[value], f"{path}{{}}")


def _xml_scalar(shape: Any, element: ElementTree.Element, path: str) -> Iterator[str]:
    kind, text = shape.type_name, element.text or ""
    if len(element):
        yield f"{path}: {kind} has elements: {_local(element[0])}"
    elif kind == "string" and not text and path.rpartition(".")[2] not in MAY_BE_EMPTY:
        yield f"{path}: an empty text"
    elif (kind in TEXTS and not TEXTS[kind](text)) or (kind == "string" and shape.enum and text not in shape.enum):
        yield f"{path}: {kind} {text!r}{' is not in the enum' if kind == 'string' else ''}"


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return RFC_822.fullmatch(text) is not None
    return "T" in text


TEXTS: Mapping[str, Callable[[str], bool]] = {
    "boolean": lambda text: text in ("true", "false"),
    "integer": lambda text: re.fullmatch(r"-?\d+", text) is not None,
    "long": lambda text: re.fullmatch(r"-?\d+", text) is not None,
    "float": lambda text: NUMBER.fullmatch(text) is not None,
    "double": lambda text: NUMBER.fullmatch(text) is not None,
    "timestamp": _is_time,
}


def _json_answer(operation: Any, body: bytes) -> Iterator[str]:
    try:
        value = json.loads(body) if body else {}
    except ValueError:
        yield f"{operation.name}: the body is no JSON: {body[:80]!r}"
        return
    yield from _json(_payload(operation.output_shape), value, operation.name)


def _json(shape: Any, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if value is None or getattr(shape, "is_document_type", False):
        return
    wanted = {"structure": dict, "map": dict, "list": list}.get(kind)
    if wanted is None:
        yield from _json_scalar(shape, value, path)
    elif not isinstance(value, wanted):
        yield f"{path}: {kind} {value!r:.60}"
    elif kind == "structure":
        yield from _json_members(shape, value, path)
    else:
        inner, rows = (shape.member, value) if kind == "list" else (shape.value, value.values())
        for each in rows:
            yield from _json(inner, each, f"{path}[]")


def _json_members(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    members = _in_body(shape)
    names = {each.serialization.get("name", name): (name, each) for name, each in members.items()}
    given = {names[label][0] for label, inner in value.items() if label in names and inner is not None}
    for label, inner in value.items():
        if label in names:
            yield from _json(names[label][1], inner, f"{path}.{label}")
        else:
            yield f"{path}: unknown member {label}"
    missing = (set(shape.required_members) & members.keys()) - given
    if missing:
        yield f"{path}: required {sorted(missing)}"
    if getattr(shape, "is_tagged_union", False) and len(given) != 1:
        yield f"{path}: a union with {len(given)} members"


def _json_scalar(shape: Any, value: Any, path: str) -> Iterator[str]:
    kind, is_text = shape.type_name, isinstance(value, str)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    good = {
        "boolean": isinstance(value, bool),
        "integer": is_number and int(value) == value,
        "long": is_number and int(value) == value,
        "float": is_number or value in ("NaN", "Infinity", "-Infinity"),
        "double": is_number or value in ("NaN", "Infinity", "-Infinity"),
        "timestamp": is_number or (is_text and "timestampFormat" in shape.serialization and _is_time(value)),
        "string": is_text and (not getattr(shape, "enum", None) or value in shape.enum),
    }.get(kind, is_text)
    if not good:
        yield f"{path}: {kind} {value!r:.60}"


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
