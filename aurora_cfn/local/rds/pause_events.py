"""Events of RDS for the pauses of Aurora Serverless clusters, one for each instance.

A pause here always succeeds, so RDS-EVENT-0371, a pause that was canceled by new work, does not occur. Source of ids,
messages and categories: Aurora user guide, "DB instance events" (read 2026-11).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial

from ministack.core.responses import new_uuid, request_scope
from ministack.services import rds

from aurora_cfn.local.rds.backing import Backing
from aurora_cfn.local.rds.scaling import NAME
from aurora_cfn.local.servers.database_server import Step

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
    """Write events with each step of a pause from now on."""
    backing.databases.on_step = partial(write, backing)


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
