"""Points in time, clones, replicas and new names: the data come along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest

from tests.local.conftest import Stacks
from tests.local.rds.test_stacks_with_databases import OUTPUTS, cluster, connect, row

pytestmark = pytest.mark.slow
BOX = {
    "Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete",
    "Properties": {
        "Engine": "Postgres", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "MasterUsername": "boss",
        "MasterUserPassword": "first-password", "DBName": "temporal",
    },
}  # fmt: skip


def copy_of(identifier: str, **more: Any) -> dict[str, Any]:
    """A cluster made from another: users, passwords and databases are those of the source."""
    own: dict[str, Any] = {"MasterUsername": None, "MasterUserPassword": None, "DatabaseName": None}
    return cluster(deletion="Delete", SourceDBClusterIdentifier=identifier, **own, **more)


def test_clones_and_points_in_time_have_the_data_and_lives_of_their_own(stacks: Stacks) -> None:
    source = stacks.create("source", cluster(deletion="Delete"))
    row(connect(source), "create table kept as select 42 as a")
    latest: dict[str, Any] = {"UseLatestRestorableTime": True}
    for name, more in (("clone", {"RestoreType": "copy-on-write", **latest}), ("point", latest)):
        outputs = stacks.create(name, copy_of(source["Id"], **more))
        assert row(connect(outputs), "update kept set a = 43 returning a") == (43,)
    assert row(connect(source), "select a from kept") == (42,)
    # The only time there is to restore to is the present one.
    (shown,) = stacks.client("rds").describe_db_clusters(DBClusterIdentifier=source["Id"])["DBClusters"]
    assert shown["EarliestRestorableTime"] == shown["LatestRestorableTime"]
    assert abs(datetime.now(UTC) - shown["LatestRestorableTime"]) < timedelta(seconds=30)
    faults: list[tuple[dict[str, Any], str]] = [
        ({"RestoreToTime": "2026-01-01T00:00:00Z"}, "not emulated: a restore to an earlier time"),
        ({"RestoreToTime": "2026-01-01T00:00:00Z", **latest}, "RestoreToTime and UseLatestRestorableTime"),
        ({}, "Either RestoreToTime or UseLatestRestorableTime must be specified."),
    ]
    for more, said in faults:
        stacks.create("faulty", copy_of(source["Id"], **more), "ROLLBACK_COMPLETE")
        assert said in stacks.reasons("faulty")[0]
        stacks.delete("faulty")
    stacks.create("faulty", copy_of("nowhere", **latest), "ROLLBACK_COMPLETE")
    assert "DBCluster nowhere not found." in stacks.reasons("faulty")[0]
    for name in ("faulty", "clone", "point", "source"):
        stacks.delete(name)


def test_a_cluster_with_a_new_name_is_the_same_database(stacks: Stacks) -> None:
    outputs = stacks.create("named", cluster(deletion="Delete"))
    row(connect(outputs), "create table kept as select 42 as a")
    rds = stacks.client("rds")
    changed = rds.modify_db_cluster(DBClusterIdentifier=outputs["Id"], NewDBClusterIdentifier="another-name")
    assert changed["DBCluster"]["DBClusterIdentifier"] == "another-name"
    (found,) = rds.describe_db_clusters()["DBClusters"]
    assert found["DBClusterArn"].endswith(":cluster:another-name")
    (member,) = rds.describe_db_instances()["DBInstances"]
    assert member["DBClusterIdentifier"] == "another-name"
    there = {"Host": found["Endpoint"], "Port": str(found["Port"])}
    assert row(connect(there), "select a from kept") == (42,)
    rds.delete_db_instance(DBInstanceIdentifier=member["DBInstanceIdentifier"])
    rds.delete_db_cluster(DBClusterIdentifier="another-name", SkipFinalSnapshot=True)
    stacks.delete("named")


def test_instances_are_copied_renamed_and_refused_as_in_rds(stacks: Stacks) -> None:
    source = stacks.create("box", {"Resources": {"C": BOX}, "Outputs": OUTPUTS})
    row(connect(source), "create table kept as select 42 as a")
    (found,) = stacks.client("rds").describe_db_instances()["DBInstances"]
    assert found["Engine"] == "postgres"
    properties = {"Engine": "postgres", "DBInstanceClass": "db.t4g.micro", "SourceDBInstanceIdentifier": source["Id"]}
    for name, more in (("replica", {}), ("point", {"UseLatestRestorableTime": True})):
        resource = BOX | {"Properties": properties | more}
        outputs = stacks.create(name, {"Resources": {"C": resource}, "Outputs": OUTPUTS})
        assert row(connect(outputs), "select a from kept") == (42,)
        stacks.delete(name)
    small = BOX | {"Properties": BOX["Properties"] | {"AllocatedStorage": "10"}}  # type: ignore[operator]
    stacks.update("box", {"Resources": {"C": small}, "Outputs": OUTPUTS}, "UPDATE_ROLLBACK_COMPLETE")
    assert "Invalid storage size for engine name postgres and storage type gp2: 10" in stacks.reasons("box")[0]
    rds = stacks.client("rds")

    def renamed(old: str, new: str) -> dict[str, str]:
        endpoint = rds.modify_db_instance(DBInstanceIdentifier=old, NewDBInstanceIdentifier=new)["DBInstance"][
            "Endpoint"
        ]
        return {"Host": endpoint["Address"], "Port": str(endpoint["Port"])}

    # An endpoint belongs to the identifier, as in RDS, whose endpoints contain it.
    other = renamed(source["Id"], "other-box")
    assert row(connect(other), "select a from kept") == (42,)
    with pytest.raises(psycopg2.OperationalError):
        connect(source)
    assert renamed("other-box", source["Id"]) == {name: source[name] for name in ("Host", "Port")}
    assert renamed(source["Id"], "other-box") == other
    rds.delete_db_instance(DBInstanceIdentifier="other-box", SkipFinalSnapshot=True)
    with pytest.raises(psycopg2.OperationalError):
        connect(other)
    stacks.delete("box")


def test_backups_of_a_deleted_cluster_are_kept_restored_and_deleted(stacks: Stacks) -> None:
    rds = stacks.client("rds")

    def kept() -> list[Any]:
        retained = [{"Name": "status", "Values": ["retained"]}]
        found: list[Any] = rds.describe_db_cluster_automated_backups(Filters=retained)["DBClusterAutomatedBackups"]
        return [one for one in found if one["DBClusterIdentifier"] == source["Id"]]

    source = stacks.create("source", cluster(deletion="Delete", DeleteAutomatedBackups=False, BackupRetentionPeriod=3))
    row(connect(source), "create table kept as select 42 as a")
    assert kept() == []
    stacks.delete("source")
    (found,) = kept()
    assert (found["Status"], found["BackupRetentionPeriod"]) == ("retained", 3)
    assert found["RestoreWindow"]["EarliestTime"] == found["RestoreWindow"]["LatestTime"]
    (snapshot,) = rds.describe_db_cluster_snapshots(DBClusterIdentifier=source["Id"])["DBClusterSnapshots"]
    assert snapshot["SnapshotType"] == "automated"
    own: dict[str, Any] = {"MasterUsername": None, "MasterUserPassword": None, "DatabaseName": None}
    wanted: dict[str, Any] = {
        "SourceDbClusterResourceId": found["DbClusterResourceId"],
        "UseLatestRestorableTime": True,
    }
    outputs = stacks.create("again", cluster(deletion="Delete", **own, **wanted))
    assert row(connect(outputs), "update kept set a = 43 returning a") == (43,)
    rds.delete_db_cluster_automated_backup(DbClusterResourceId=found["DbClusterResourceId"].lower())
    assert kept() == []
    stacks.create("faulty", cluster(deletion="Delete", **own, **wanted), "ROLLBACK_COMPLETE")
    assert "No automated backups of cluster-" in stacks.reasons("faulty")[0]
    for name in ("faulty", "again"):
        stacks.delete(name)
