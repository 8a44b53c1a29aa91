"""Clusters, instances and snapshots as RDS describes them.

ministack 1.5.33 sends members of snapshots that RDS does not have, leaves some of clusters out, sends an empty text
where there is no value, and names the default parameter group of a cluster without its version. Source: Amazon RDS API
reference, DBCluster, DBInstance, DBSnapshot and their examples; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import rds

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.backing import Record, given
from aurora_cfn.local.replacing import Inner, replace, replace_rows

NEVER_EMPTY = (
    "DBClusterIdentifier", "DBName", "DBSubnetGroupArn", "DBSubnetGroupDescription", "DatabaseName",
    "EnhancedMonitoringResourceArn", "KmsKeyId", "MonitoringRoleArn", "ReadReplicaSourceDBInstanceIdentifier",
    "ReplicaMode", "VpcId",
)  # fmt: skip
_EMPTY = re.compile(rf"<({'|'.join(NEVER_EMPTY)})></\1>")
_NOT_OF_SNAPSHOTS = re.compile(r"<(DBName|DBInstanceClass|StorageEncrypted)>[^<]*</\1>\s*")
_OF_AURORA = (
    (re.compile(r"<StorageType>[^<]*</StorageType>"), "<StorageType>aurora</StorageType>"),
    (re.compile(r"<AllocatedStorage>[^<]*</AllocatedStorage>"), "<AllocatedStorage>1</AllocatedStorage>"),
)
"""The volume of a cluster is not an instance's own."""
OF_PROPERTIES = (
    "AutoMinorVersionUpgrade", "DatabaseInsightsMode", "MonitoringInterval", "MonitoringRoleArn",
    "PerformanceInsightsEnabled", "PerformanceInsightsRetentionPeriod", "PerformanceInsightsKMSKeyId", "StorageType",
)  # fmt: skip
"""Properties of clusters that ministack does not keep, and that are described under the same name."""


def install() -> None:
    """Wrap what writes the XML of records, and the refusals with codes that the operations do not have."""
    replace(rds, "_xml", _without_empty)
    replace(rds, "_cluster_xml", _cluster)
    replace(rds, "_instance_xml", _instance)
    replace(rds, "_snapshot_xml", lambda inner, record: _NOT_OF_SNAPSHOTS.sub("", inner(record)))
    refuse = partial(_renamed, b"DBClusterNotFoundFault", b"ResourceNotFoundFault")
    replace_rows(rds._ACTION_MAP, dict.fromkeys(("EnableHttpEndpoint", "DisableHttpEndpoint"), refuse))


def keep_requested(record: Record, parameters: Mapping[str, Any]) -> None:
    """Keep of a request's parameters what ministack 1.5.33 drops although RDS describes it."""
    change = "CloudwatchLogsExportConfiguration"
    added = _members(parameters, "EnableCloudwatchLogsExports") + _members(parameters, f"{change}.EnableLogTypes")
    removed = _members(parameters, f"{change}.DisableLogTypes")
    logs = dict.fromkeys((*record.get("EnabledCloudwatchLogsExports", ()), *added))
    record["EnabledCloudwatchLogsExports"] = [log for log in logs if log not in removed]
    if "DBClusterMembers" in record:
        record |= {name: given(parameters, name) for name in OF_PROPERTIES if given(parameters, name)}


def _members(parameters: Mapping[str, Any], name: str) -> list[str]:
    found: list[str] = []
    while text := given(parameters, f"{name}.member.{len(found) + 1}"):
        found.append(text)
    return found


def keep(record: Record, properties: Mapping[str, Any]) -> None:
    """Keep of a template's properties what ministack 1.5.33 drops although RDS describes it."""
    record["EnabledCloudwatchLogsExports"] = list(properties.get("EnableCloudwatchLogsExports") or [])
    if "DBClusterMembers" in record:
        record |= {name: properties[name] for name in OF_PROPERTIES if properties.get(name) is not None}


def default_group(engine: str, version: str) -> str:
    """The name of RDS's own parameter group of a cluster: default.aurora-postgresql17, default.aurora-mysql8.0."""
    numbers = version.split(".")
    return f"default.{engine}{numbers[0] if 'postgres' in engine else '.'.join(numbers[:2])}"


def _without_empty(inner: Inner, status: int, root: str, text: str) -> Answer:
    answer: Answer = inner(status, root, _EMPTY.sub("", text))
    return answer


def _cluster(inner: Inner, record: Record) -> str:
    engine = record["Engine"]
    if record.get("DBClusterParameterGroup") in ("", f"default.{engine}"):
        record = record | {"DBClusterParameterGroup": default_group(engine, record["EngineVersion"])}
    rows = {"AutoMinorVersionUpgrade": True} | {name: record[name] for name in OF_PROPERTIES if name in record}
    texts = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in rows.items()}
    fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in texts.items())
    return _EMPTY.sub("", f"{inner(record)}{fields}{_logs(record)}<ReadReplicaIdentifiers/><DomainMemberships/>")


def _instance(inner: Inner, record: Record) -> str:
    text = str(inner(record)).replace("<EnabledCloudwatchLogsExports/>", _logs(record))
    for pattern, words in _OF_AURORA if record.get("DBClusterIdentifier") else ():
        text = pattern.sub(words, text)
    return _EMPTY.sub("", text)


def _logs(record: Record) -> str:
    rows = "".join(f"<member>{escape(log)}</member>" for log in record.get("EnabledCloudwatchLogsExports") or ())
    return f"<EnabledCloudwatchLogsExports>{rows}</EnabledCloudwatchLogsExports>"


def _renamed(old: bytes, new: bytes, inner: Inner, parameters: Any) -> Answer:
    status, headers, body = inner(parameters)
    return status, headers, body.replace(old, new) if status >= 400 else body
