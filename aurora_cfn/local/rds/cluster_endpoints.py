"""DescribeDBClusterEndpoints: the writer endpoint of each cluster, and its reader endpoint; there are no custom ones.

Source: Amazon RDS API reference, DescribeDBClusterEndpoints; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.services import rds

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.backing import Backing, add_actions, answered, given
from aurora_cfn.local.rds.limits import RefusedError

ACTION = "DescribeDBClusterEndpoints"


def install(backing: Backing) -> None:
    """Add the action, which ministack 1.5.33 lacks."""
    add_actions(backing, {ACTION: _describe})


def _describe(_backing: Backing, parameters: dict[str, Any]) -> Answer:
    wanted = given(parameters, "DBClusterIdentifier")
    clusters = [row for name, row in rds._clusters.items() if wanted in ("", name, row["DBClusterArn"])]
    if wanted and not clusters:
        raise RefusedError("DBClusterNotFoundFault", f"DBCluster {wanted} not found.", 404)
    rows = (row for cluster in clusters for row in endpoints(cluster))
    contents = ("".join(f"<{key}>{text}</{key}>" for key, text in row.items()) for row in rows)
    items = "".join(f"<DBClusterEndpointList>{content}</DBClusterEndpointList>" for content in contents)
    return answered(ACTION, f"<DBClusterEndpoints>{items}</DBClusterEndpoints>")


def endpoints(cluster: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Writer and reader endpoint of a cluster's record."""
    for kind, key in (("WRITER", "Endpoint"), ("READER", "ReaderEndpoint")):
        if cluster.get(key):
            yield {
                "DBClusterIdentifier": cluster["DBClusterIdentifier"], "Endpoint": str(cluster[key]),
                "Status": "available", "EndpointType": kind,
            }  # fmt: skip
