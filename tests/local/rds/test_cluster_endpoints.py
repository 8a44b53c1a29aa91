"""The endpoints of a cluster as DescribeDBClusterEndpoints lists them."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.rds.cluster_endpoints import endpoints


@pytest.mark.parametrize(
    ("record", "kinds"),
    [
        ({"Endpoint": "127.0.0.1", "ReaderEndpoint": "127.0.0.1"}, ["WRITER", "READER"]),
        ({"Endpoint": "127.0.0.1", "ReaderEndpoint": ""}, ["WRITER"]),
        ({}, []),
    ],
)
def test_endpoints(record: dict[str, Any], kinds: list[str]) -> None:
    assert [row["EndpointType"] for row in endpoints({"DBClusterIdentifier": "c", **record})] == kinds
