"""RDS's answers become our values, and its refusals become None or AwsError."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aurora_cfn.aws.rds import AwsDatabases, AwsSnapshots
from aurora_cfn.errors import AwsError
from aurora_cfn.model.rds_database import Cluster, DatabaseEvent, DatabaseSnapshot, Instance, OfferedVersion, Quota
from tests.aws.stubs import session, stubbed

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_versions_of_all_pages_with_their_capacities() -> None:
    place = session()
    asked = {"Engine": "aurora-postgresql", "EngineVersion": "17"}
    first = {"Engine": "aurora-postgresql", "EngineVersion": "17.4",
             "ServerlessV2FeaturesSupport": {"MinCapacity": 0.0, "MaxCapacity": 256.0}}  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": [first], "Marker": "m"}, asked)
        second = {"Engine": "aurora-postgresql", "EngineVersion": "17.5"}
        stub.add_response("describe_db_engine_versions", {"DBEngineVersions": [second]}, {**asked, "Marker": "m"})
        found = AwsDatabases(place).versions("aurora-postgresql", "17")
    assert found == [
        OfferedVersion("aurora-postgresql", "17.4", 0.0, 256.0),
        OfferedVersion("aurora-postgresql", "17.5"),
    ]


def test_a_cluster_with_its_instances() -> None:
    place = session()
    row: dict[str, Any] = {
        "DBClusterIdentifier": "db", "DBClusterArn": "arn:db", "Status": "upgrading", "Engine": "aurora-postgresql",
        "EngineVersion": "17.4", "DeletionProtection": True, "PercentProgress": "40",
        "DBClusterMembers": [{"DBInstanceIdentifier": "w", "IsClusterWriter": True}],
        "DBClusterParameterGroup": "own", "GlobalClusterIdentifier": "world", "ActivityStreamStatus": "started",
        "DBSubnetGroup": "private", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
        "StorageEncrypted": True,
    }  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_clusters", {"DBClusters": [row]}, {"DBClusterIdentifier": "db"})
        found = AwsDatabases(place).cluster("db")
    assert found == Cluster(
        "db", "arn:db", "upgrading", "aurora-postgresql", "17.4", True, "40", ("w",), "private", ("sg-1",), writer="w",
        parameter_group="own", global_cluster="world", activity_stream=True,
    )  # fmt: skip


def test_an_instance() -> None:
    place = session()
    row = {"DBInstanceIdentifier": "w", "DBInstanceStatus": "creating", "Engine": "aurora-postgresql",
           "EngineVersion": "17.4", "DBClusterIdentifier": "db", "DBSubnetGroup": {"DBSubnetGroupName": "private"},
           "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}], "DBInstanceClass": "db.serverless",
           "PromotionTier": 1, "StorageEncrypted": True}  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_db_instances", {"DBInstances": [row]}, {"DBInstanceIdentifier": "w"})
        found = AwsDatabases(place).instance("w")
    assert found == Instance(
        "w", "creating", "aurora-postgresql", "17.4", False, "db", "private", ("sg-1",), size="db.serverless", tier=1
    )


@pytest.mark.parametrize(
    ("method", "operation", "code"),
    [
        ("cluster", "describe_db_clusters", "DBClusterNotFoundFault"),
        ("instance", "describe_db_instances", "DBInstanceNotFound"),
    ],
)
def test_what_is_not_there_is_none_and_a_refusal_is_an_error(method: str, operation: str, code: str) -> None:
    place = session()
    ask = getattr(AwsDatabases(place), method)
    with stubbed(place, "rds") as stub:
        # RDS takes an empty identifier for none, and describes the first of all: it is not asked.
        assert ask("") is None
        assert AwsSnapshots(place).snapshot("") is None
        stub.add_client_error(operation, code, "not found", 404)
        assert ask("x") is None
        stub.add_client_error(operation, "AccessDenied", "no", 403)
        with pytest.raises(AwsError) as caught:
            ask("x")
    assert caught.value.code == "AccessDenied"


def test_events_are_shown_oldest_first_since_a_moment() -> None:
    place = session()
    asked = {"SourceType": "db-cluster", "SourceIdentifier": "db", "StartTime": NOON}
    late = {"SourceIdentifier": "db", "Date": datetime(2026, 11, 21, 12, 5, tzinfo=UTC), "Message": "Completed"}
    early = {"SourceIdentifier": "db", "Date": datetime(2026, 11, 21, 12, 1, tzinfo=UTC), "Message": "Started"}
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_events", {"Events": [late, early]}, asked)
        found = AwsDatabases(place).events("db-cluster", "db", since=NOON)
    assert [event.message for event in found] == ["Started", "Completed"]
    assert found[0] == DatabaseEvent("db", datetime(2026, 11, 21, 12, 1, tzinfo=UTC), "Started")


def test_the_instances_of_a_cluster_are_one_call() -> None:
    place = session()
    rows = [{"DBInstanceIdentifier": name, "DBInstanceStatus": "creating"} for name in ("writer", "reader")]
    with stubbed(place, "rds") as stub:
        asked = {"Filters": [{"Name": "db-cluster-id", "Values": ["db"]}]}
        stub.add_response("describe_db_instances", {"DBInstances": rows}, asked)
        found = AwsDatabases(place).members("db")
    assert [(row.identifier, row.status) for row in found] == [("writer", "creating"), ("reader", "creating")]


def test_quotas_by_name() -> None:
    place = session()
    rows = [{"AccountQuotaName": "DBClusters", "Used": 39, "Max": 40}]
    with stubbed(place, "rds") as stub:
        stub.add_response("describe_account_attributes", {"AccountQuotas": rows}, {})
        found = AwsDatabases(place).quotas()
    assert found == {"DBClusters": Quota("DBClusters", 39, 40)}
    assert found["DBClusters"].left == 1


def test_a_snapshot_is_asked_for_and_read() -> None:
    place = session()
    asked = {"DBClusterIdentifier": "db", "DBClusterSnapshotIdentifier": "s", "Tags": [{"Key": "a", "Value": "b"}]}
    row = {"DBClusterSnapshotIdentifier": "s", "DBClusterSnapshotArn": "arn:s", "DBClusterIdentifier": "db",
           "Status": "creating", "PercentProgress": 10}  # fmt: skip
    with stubbed(place, "rds") as stub:
        stub.add_response("create_db_cluster_snapshot", {"DBClusterSnapshot": row}, asked)
        stub.add_response(
            "describe_db_cluster_snapshots", {"DBClusterSnapshots": [row]}, {"DBClusterSnapshotIdentifier": "s"}
        )
        stub.add_client_error("describe_db_cluster_snapshots", "DBClusterSnapshotNotFoundFault", "gone", 404)
        port = AwsSnapshots(place)
        made = port.create_snapshot("db", "s", tags={"a": "b"})
        assert made == DatabaseSnapshot("s", "arn:s", "db", "creating", 10)
        assert port.snapshot("s") == made
        assert port.snapshot("s") is None


def test_a_snapshot_of_an_instance_has_calls_of_its_own() -> None:
    place = session()
    asked = {"DBInstanceIdentifier": "db", "DBSnapshotIdentifier": "s", "Tags": [{"Key": "a", "Value": "b"}]}
    row = {"DBSnapshotIdentifier": "s", "DBSnapshotArn": "arn:s", "DBInstanceIdentifier": "db", "Status": "creating"}
    with stubbed(place, "rds") as stub:
        stub.add_response("create_db_snapshot", {"DBSnapshot": row}, asked)
        stub.add_response("describe_db_snapshots", {"DBSnapshots": [row]}, {"DBSnapshotIdentifier": "s"})
        stub.add_client_error("describe_db_snapshots", "DBSnapshotNotFound", "gone", 404)
        port = AwsSnapshots(place)
        made = port.create_snapshot("db", "s", tags={"a": "b"}, kind="db-instance")
        assert made == DatabaseSnapshot("s", "arn:s", "db", "creating", kind="db-instance")
        assert port.snapshot("s", kind="db-instance") == made
        assert port.snapshot("s", kind="db-instance") is None
