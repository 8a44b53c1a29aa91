"""Pauses of Aurora Serverless clusters: the seconds until one, and events of RDS for each instance.

ministack 1.5.33 loses SecondsUntilAutoPause; RDS shows it when the minimum capacity is 0 (Amazon RDS API reference,
ServerlessV2ScalingConfigurationInfo, read 2026-11). A pause here always succeeds, so RDS-EVENT-0371, a pause that was
canceled by new work, does not occur. Source of ids, messages and categories: Aurora user guide, "DB instance events"
(read 2026-11).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from ministack.core.responses import new_uuid, request_scope
from ministack.services import rds

from aurora_cfn.local.rds.backing import Backing
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.servers.database_server import Step
from aurora_cfn.model.rds_database import DEFAULT_PAUSE_AFTER

NAME = "ServerlessV2ScalingConfiguration"
PAUSE = "SecondsUntilAutoPause"
Scaling = dict[str, float | int]
CATEGORIES = ["notification", "serverless"]
# DescribeEvents shows messages and no ids: RDS-EVENT-0370, 0372, 0373 and 0374.
MESSAGES: Mapping[Step, str] = {
    "pausing": "Initiated pause for the DB instance.",
    "paused": "Successfully paused the DB instance.",
    "resuming": "Initiated resume for the DB instance.",
    "resumed": "Successfully resumed the DB instance.",
}
KEPT_SECONDS = 14 * 86400  # RDS keeps events for 14 days (API reference, DescribeEvents)


def install(backing: Backing) -> None:
    """Replace what reads and shows the configuration, and write events with each step of a pause."""
    replace(rds, "_serverlessv2_from_params", _reading)
    replace(rds, "_serverlessv2_xml", _showing)
    backing.databases.on_step = partial(write, backing)


def with_pause(found: Mapping[str, float | int] | None, seconds: str) -> Scaling | None:
    """The configuration of a request with the seconds until a pause, where the cluster may pause."""
    if not found or found.get("MinCapacity") != 0:
        return dict(found) if found else None
    return {**found, PAUSE: int(seconds or DEFAULT_PAUSE_AFTER)}


def _reading(inner: Inner, parameters: Any) -> Scaling | None:
    return with_pause(inner(parameters), rds._p(parameters, f"{NAME}.{PAUSE}"))


def _showing(inner: Inner, cluster: dict[str, Any]) -> Any:
    found = cluster.get(NAME) or {}
    # An update by CloudFormation writes the record without _reading, so the default is added here too.
    usual = DEFAULT_PAUSE_AFTER if found.get("MinCapacity") == 0 else None
    seconds, end = found.get(PAUSE, usual), f"</{NAME}>"
    return inner(cluster) if seconds is None else inner(cluster).replace(end, f"<{PAUSE}>{seconds}</{PAUSE}>{end}")


def write(backing: Backing, key: str, step: Step) -> None:
    """Write the events of one step; other databases than serverless clusters do not pause in RDS."""
    record = backing.record(key) or {}
    if not record.get(NAME):
        return
    account, region, _, _ = key.split("/", 3)
    with request_scope(account, region):
        for member in record.get("DBClusterMembers") or ():
            _write(member["DBInstanceIdentifier"], MESSAGES[step])


def _write(instance: str, message: str) -> None:
    now = time.time()
    with rds._shared_container_lock:
        for key in [key for key, event in rds._events.items() if event["Date"] < now - KEPT_SECONDS]:
            del rds._events[key]
        rds._events[new_uuid()] = {
            "SourceIdentifier": instance, "SourceType": "db-instance", "Message": message, "Date": now,
            "SourceArn": (rds._instances.get(instance) or {}).get("DBInstanceArn", ""),
            "EventCategories": CATEGORIES,
        }  # fmt: skip
