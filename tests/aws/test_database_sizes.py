"""What databases hold, out of RDS's and CloudWatch's answers; what is refused beside it is a gap, not an end."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from aurora_cfn.aws.database_sizes import AwsDatabaseSizes
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import DatabaseSize
from tests.aws.stubs import session, stubbed
from tests.fakes.clock import FakeClock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLUSTER = {"DBClusterIdentifier": "db", "DeletionProtection": True, "LatestRestorableTime": NOON}
ALONE = {"DBInstanceIdentifier": "i", "AllocatedStorage": 20, "LatestRestorableTime": NOON}
ASKED = {
    "Namespace": "AWS/RDS",
    "StartTime": ANY,
    "EndTime": ANY,
    "Period": 300,
    "Statistics": ["Maximum"],
}


def measured(stub: Stubber, metric: str, dimension: str, name: str, *values: float) -> None:
    points: list[dict[str, Any]] = [
        {"Timestamp": NOON + timedelta(minutes=number), "Maximum": value, "Unit": "Bytes"}
        for number, value in enumerate(values)
    ]
    asked = {**ASKED, "MetricName": metric, "Dimensions": [{"Name": dimension, "Value": name}]}
    stub.add_response("get_metric_statistics", {"Label": metric, "Datapoints": points[::-1]}, asked)


@pytest.fixture
def sides() -> Any:
    place = session()
    with ExitStack() as stack:
        rds = stack.enter_context(stubbed(place, "rds"))
        cloudwatch = stack.enter_context(stubbed(place, "cloudwatch"))
        yield AwsDatabaseSizes(place, FakeClock()), rds, cloudwatch


def copy(name: str, hour: int, status: str = "available") -> dict[str, Any]:
    at = NOON - timedelta(hours=hour)
    return {"DBClusterSnapshotIdentifier": name, "DBSnapshotIdentifier": name, "Status": status,
            "SnapshotCreateTime": at}  # fmt: skip


def of_cluster(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "DBSnapshotIdentifier"}


def of_instance(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "DBClusterSnapshotIdentifier"}


def test_a_cluster_with_the_newest_measurement_and_the_newest_snapshot_of_all_pages(sides: Any) -> None:
    holdings, rds, cloudwatch = sides
    rds.add_response("describe_db_clusters", {"DBClusters": [CLUSTER]}, {"DBClusterIdentifier": "db"})
    measured(cloudwatch, "VolumeBytesUsed", "DBClusterIdentifier", "db", 100, 300)
    first = [of_cluster(row) for row in (copy("old", 9), copy("half", 0, "creating"))]
    rds.add_response("describe_db_cluster_snapshots", {"DBClusterSnapshots": first, "Marker": "m"})
    rds.add_response("describe_db_cluster_snapshots", {"DBClusterSnapshots": [of_cluster(copy("new", 2))]})
    found = holdings.cluster_size("db")
    assert found == DatabaseSize("db", 300, True, NOON, "new", NOON - timedelta(hours=2))


def test_an_instance_that_stands_alone_holds_what_is_not_free(sides: Any) -> None:
    holdings, rds, cloudwatch = sides
    rds.add_response("describe_db_instances", {"DBInstances": [ALONE]}, {"DBInstanceIdentifier": "i"})
    measured(cloudwatch, "FreeStorageSpace", "DBInstanceIdentifier", "i", 15 * 2**30)
    rds.add_response("describe_db_snapshots", {"DBSnapshots": [of_instance(copy("x", 1))]})
    found = holdings.instance_size("i")
    assert found == DatabaseSize("i", 5 * 2**30, False, NOON, "x", NOON - timedelta(hours=1))


def test_an_instance_of_a_cluster_holds_nothing_itself(sides: Any) -> None:
    holdings, rds, _ = sides
    rds.add_response("describe_db_instances", {"DBInstances": [{**ALONE, "DBClusterIdentifier": "db"}]})
    assert holdings.instance_size("i") is None


@pytest.mark.parametrize("kind", ["cluster", "instance"])
def test_one_that_is_gone_is_none_and_a_refusal_is_raised(sides: Any, kind: str) -> None:
    holdings, rds, _ = sides
    ask = holdings.cluster_size if kind == "cluster" else holdings.instance_size
    code = "DBClusterNotFoundFault" if kind == "cluster" else "DBInstanceNotFound"
    rds.add_client_error(f"describe_db_{kind}s", code)
    assert ask("db") is None
    rds.add_client_error(f"describe_db_{kind}s", "AccessDenied")
    with pytest.raises(AwsError, match="AccessDenied"):
        ask("db")


def test_what_cannot_be_read_is_a_gap_that_names_the_call(sides: Any) -> None:
    holdings, rds, cloudwatch = sides
    rds.add_response("describe_db_clusters", {"DBClusters": [CLUSTER]})
    cloudwatch.add_client_error("get_metric_statistics", "InternalFailure")
    rds.add_client_error("describe_db_cluster_snapshots", "AccessDenied")
    found = holdings.cluster_size("db")
    refused_calls = ("cloudwatch:GetMetricStatistics", "rds:DescribeDBClusterSnapshots")
    assert found == DatabaseSize("db", None, True, NOON, refused_calls=refused_calls)


def test_without_a_measurement_or_a_snapshot_there_is_none(sides: Any) -> None:
    holdings, rds, cloudwatch = sides
    rds.add_response("describe_db_clusters", {"DBClusters": [CLUSTER]})
    measured(cloudwatch, "VolumeBytesUsed", "DBClusterIdentifier", "db")
    rds.add_response("describe_db_cluster_snapshots", {"DBClusterSnapshots": []})
    assert holdings.cluster_size("db") == DatabaseSize("db", None, True, NOON)


def test_snapshots_of_an_earlier_database_of_the_same_name_are_not_its_own(sides: Any) -> None:
    holdings, rds, cloudwatch = sides
    rds.add_response("describe_db_clusters", {"DBClusters": [CLUSTER | {"DbClusterResourceId": "cluster-2"}]})
    measured(cloudwatch, "VolumeBytesUsed", "DBClusterIdentifier", "db", 100)
    rows = [of_cluster(copy(name, hour)) for name, hour in (("earlier", 1), ("own", 5))]
    rows = [row | {"DbClusterResourceId": f"cluster-{number}"} for number, row in enumerate(rows, 1)]
    rds.add_response("describe_db_cluster_snapshots", {"DBClusterSnapshots": rows})
    rds.add_response("describe_db_instances", {"DBInstances": [ALONE | {"DbiResourceId": "db-2"}]})
    measured(cloudwatch, "FreeStorageSpace", "DBInstanceIdentifier", "i", 15 * 2**30)
    rds.add_response("describe_db_snapshots", {"DBSnapshots": [of_instance(copy("x", 1)) | {"DbiResourceId": "db-1"}]})
    cluster, instance = holdings.cluster_size("db"), holdings.instance_size("i")
    assert cluster is not None
    assert instance is not None
    assert (cluster.snapshot, instance.snapshot) == ("own", "")
