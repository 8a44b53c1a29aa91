"""Metrics of the real servers in CloudWatch: connections, cache hits and size, once a minute and when they are read.

Capacity, and what follows from it, is not known on this machine, so it is not published; but that of a paused cluster
is 0, as in AWS. A server that is paused or asleep is not asked: a look must not start it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch

from aurora_cfn.local.rds.backing import CLUSTER, Backing
from aurora_cfn.local.rds.logs import repeat
from aurora_cfn.local.replacing import Inner, replace

EVERY_SECONDS = 60.0
KEPT_SECONDS = 3 * 3600
"""Older points are dropped: ministack writes all of them to the disk with each change of its state."""
READS = ("_get_metric_data", "_get_metric_statistics")
"""ministack's functions for GetMetricData and GetMetricStatistics."""
NAMESPACE = "AWS/RDS"
OF_CLUSTER = "VolumeBytesUsed"
CAPACITY = "ServerlessDatabaseCapacity"
UNITS = {CAPACITY: "None", "DatabaseConnections": "Count", "BufferCacheHitRatio": "Percent", OF_CLUSTER: "Bytes",
         "MaximumUsedTransactionIDs": "Count"}  # fmt: skip
logger = logging.getLogger("aurora_cfn.metrics")


def start(backing: Backing) -> None:
    """Publish in a thread that ends with the process, and before each answer with points of metrics."""
    for name in READS:
        replace(cloudwatch, name, partial(_after_publishing, backing))
    repeat(EVERY_SECONDS, partial(publish, backing), "publishing metrics of databases")


def _after_publishing(backing: Backing, inner: Inner, *arguments: Any, **more: Any) -> Any:
    try:
        publish(backing)
    except Exception:
        logger.exception("metrics were not published; the answer has the older ones")
    return inner(*arguments, **more)


def publish(backing: Backing) -> None:
    """Publish a point of each metric of each running database, and of the capacity of each paused cluster."""
    databases = backing.databases
    for key in databases.known():
        record, database = backing.record(key), databases.get(key)
        if record and database.is_paused:
            _put(key, record, {CAPACITY: 0.0} if record.get("ServerlessV2ScalingConfiguration") else {})
        elif record and database.server.pid() is not None:
            _put(key, record, databases.engine(database.entry.engine).usage(database.server))


def _put(key: str, record: dict[str, Any], usage: Any) -> None:
    account, region, kind, name = key.split("/", 3)
    members = [row["DBInstanceIdentifier"] for row in record.get("DBClusterMembers") or ()]
    instances = members[:1] if kind == CLUSTER else [name]
    # The beginning of the minute, as CloudWatch has it: a request for all until now was sent before this moment.
    now = time.time() // 60 * 60
    with request_scope(account, region):
        if CAPACITY not in usage:
            # Resumed within the minute that has the point of the pause.
            for instance in members:
                _keep(CAPACITY, {"DBInstanceIdentifier": instance}, lambda at: at < now)
        for metric, value in usage.items():
            if metric == OF_CLUSTER:
                places = [{"DBClusterIdentifier": name}] if kind == CLUSTER else []
            else:
                # One server stands for all instances of a cluster: only the first one has its sessions. A pause is of
                # all of them.
                places = [{"DBInstanceIdentifier": each} for each in (members if metric == CAPACITY else instances)]
            for dimensions in places:
                cloudwatch._store_datum(NAMESPACE, metric, dimensions, now, UNITS[metric], value, None, None, None)
                _keep(metric, dimensions, lambda at: at >= now - KEPT_SECONDS)


def _keep(metric: str, dimensions: dict[str, str], keeps: Callable[[float], bool]) -> None:
    points = cloudwatch._metric_bucket((NAMESPACE, metric, cloudwatch._dims_key(dimensions)))
    points[:] = [point for point in points if keeps(point["Timestamp"])]
