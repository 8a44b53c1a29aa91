"""DBCluster, DBInstance and snapshots in stacks, with the PostgreSQL behind them."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import psycopg2
import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Stacks

pytestmark = pytest.mark.slow
CLUSTER = {
    "Type": "AWS::RDS::DBCluster",
    "DeletionPolicy": "Snapshot",
    "Properties": {
        "Engine": "aurora-postgresql", "EngineVersion": "16.8", "MasterUsername": "boss", "DatabaseName": "temporal",
        "EnableHttpEndpoint": True, "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 2},
    },
}  # fmt: skip
MEMBER = {
    "Type": "AWS::RDS::DBInstance",
    "Properties": {
        "Engine": "aurora-postgresql",
        "DBClusterIdentifier": {"Ref": "C"},
        "DBInstanceClass": "db.serverless",
    },
}
OUTPUTS = {
    "Host": {"Value": {"Fn::GetAtt": "C.Endpoint.Address"}},
    "Port": {"Value": {"Fn::GetAtt": "C.Endpoint.Port"}},
    "Id": {"Value": {"Ref": "C"}},
}


def cluster(*, member: bool = True, deletion: str = "Snapshot", **changed: Any) -> dict[str, Any]:
    properties = {**CLUSTER["Properties"], "MasterUserPassword": "first-password", **changed}  # type: ignore[dict-item]
    kept = {name: value for name, value in properties.items() if value is not None}
    resources = {"C": CLUSTER | {"Properties": kept, "DeletionPolicy": deletion}} | ({"I": MEMBER} if member else {})
    # A copy all the way down: tests change what they get.
    return deepcopy({"Resources": resources, "Outputs": OUTPUTS})


def connect(outputs: dict[str, str], password: str = "first-password", **more: Any) -> Any:
    given = {"user": "boss", "dbname": "temporal", "connect_timeout": 10} | more
    return psycopg2.connect(host=outputs["Host"], port=outputs["Port"], password=password, **given)


def row(connection: Any, statement: str) -> Any:
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


def test_the_parameter_group_reaches_the_server_with_a_reboot(stacks: Stacks) -> None:
    body = cluster(deletion="Delete", DBClusterParameterGroupName={"Ref": "G"})
    group: dict[str, Any] = {"Family": "aurora-postgresql17", "Description": "d", "Parameters": {
        "statement_timeout": "60000", "work_mem": "8192", "log_min_duration_statement": "0",
        "shared_buffers": "{DBInstanceClassMemory/32768}", "rds.logical_replication": "1"}}  # fmt: skip
    body["Resources"]["G"] = {"Type": "AWS::RDS::DBClusterParameterGroup", "Properties": group}
    outputs = stacks.create("group", body)
    shown = "select current_setting('statement_timeout'), current_setting('work_mem'), current_setting('timezone')"
    assert row(connect(outputs), shown) == ("1min", "8MB", "UTC")
    group["Parameters"] |= {"statement_timeout": "2000", "timezone": "Europe/Paris"}
    stacks.update("group", body)
    assert row(connect(outputs), shown) == ("1min", "8MB", "UTC")
    (member,) = stacks.client("rds").describe_db_instances()["DBInstances"]
    stacks.client("rds").reboot_db_instance(DBInstanceIdentifier=member["DBInstanceIdentifier"])
    assert row(connect(outputs), shown) == ("2s", "8MB", "Europe/Paris")
    stacks.delete("group")


def test_a_cluster_is_a_database_whose_data_outlive_the_stack_in_a_snapshot(stacks: Stacks) -> None:
    outputs = stacks.create("db", cluster())
    row(connect(outputs, sslmode="require"), "create table kept as select 42 as a")
    assert stacks.update("db", cluster(MasterUserPassword="second-password")) == outputs
    assert row(connect(outputs, "second-password"), "select a from kept") == (42,)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(outputs, "first-password")
    stacks.delete("db")
    with pytest.raises(psycopg2.OperationalError):
        connect(outputs, "second-password")
    (snapshot,) = stacks.client("rds").describe_db_cluster_snapshots()["DBClusterSnapshots"]
    restored = cluster(
        deletion="Delete", SnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"],
        MasterUsername=None, MasterUserPassword=None, DatabaseName=None,
    )  # fmt: skip
    assert row(connect(stacks.create("again", restored), "second-password"), "select a from kept") == (42,)
    stacks.delete("again")


def test_a_failover_ends_sessions_and_makes_a_reader_the_writer(stacks: Stacks) -> None:
    body = cluster(deletion="Delete")
    body["Resources"]["J"] = body["Resources"]["I"] | {"DependsOn": "I"}
    outputs = stacks.create("failing", body)
    session, api = connect(outputs, sslmode="require"), stacks.client("rds")

    def writer() -> str:
        members = api.describe_db_clusters()["DBClusters"][0]["DBClusterMembers"]
        return next(str(each["DBInstanceIdentifier"]) for each in members if each["IsClusterWriter"])

    before = writer()
    api.failover_db_cluster(DBClusterIdentifier=api.describe_db_clusters()["DBClusters"][0]["DBClusterIdentifier"])
    with pytest.raises(psycopg2.Error):
        row(session, "select 1")
    assert row(connect(outputs, sslmode="require"), "select 1") == (1,)
    assert writer() != before
    kinds = [each["EndpointType"] for each in api.describe_db_cluster_endpoints()["DBClusterEndpoints"]]
    assert kinds == ["WRITER", "READER"]
    stacks.delete("failing")


def test_the_master_creates_the_extensions_of_aurora_and_is_no_superuser(stacks: Stacks) -> None:
    connection = connect(stacks.create("extended", cluster(deletion="Delete", EngineVersion="17.4")))
    assert row(connection, "select rolsuper from pg_roles where rolname = current_user") == (False,)
    wanted = ("pg_stat_statements", "postgres_fdw", "pgcrypto", "vector")
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_available_extensions where name = any(%s)", (list(wanted),))
        there = [name for (name,) in cursor.fetchall()]
    for name in there:
        row(connection, f"create extension {name}")
    if "pg_stat_statements" in there:  # preloaded, as in RDS, else its view cannot be read
        assert row(connection, "select count(*) > 0 from pg_stat_statements") == (True,)
    if "postgres_fdw" in there:
        row(connection, "create server elsewhere foreign data wrapper postgres_fdw options (host 'localhost')")
    with pytest.raises(psycopg2.Error, match="Aurora PostgreSQL 13 and newer has it, the local PostgreSQL 1") as absent:
        row(connection, "create extension postgis")
    assert "control file" not in str(absent.value)
    connection.close()
    stacks.delete("extended")


def arn_of(modified: Any) -> str:
    return str(modified["DBCluster"]["MasterUserSecret"]["SecretArn"])


def test_rds_keeps_the_password_in_a_secret_that_goes_with_the_cluster(stacks: Stacks) -> None:
    body = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None)
    body["Outputs"] = OUTPUTS | {"Secret": {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}}}
    outputs = stacks.create("managed", body)
    secrets = stacks.client("secretsmanager")
    secret = json.loads(secrets.get_secret_value(SecretId=outputs["Secret"])["SecretString"])
    assert secret["username"] == "boss"
    assert row(connect(outputs, secret["password"]), "select current_user") == ("boss",)
    stacks.client("rds").modify_db_cluster(
        DBClusterIdentifier=outputs["Id"], RotateMasterUserPassword=True, ApplyImmediately=True
    )
    rotated = json.loads(secrets.get_secret_value(SecretId=outputs["Secret"])["SecretString"])["password"]
    assert rotated != secret["password"]
    connect(outputs, rotated)
    for change, more in (("delete_secret", {}), ("put_secret_value", {"SecretString": "x"}), ("update_secret", {})):
        with pytest.raises(ClientError, match=r"managed by another service \(rds\)"):
            getattr(secrets, change)(SecretId=outputs["Secret"], **more)
    stacks.client("rds").stop_db_cluster(DBClusterIdentifier=outputs["Id"])
    with pytest.raises(ClientError, match="is in stopped state but expected it to be one of available"):
        stacks.client("rds").modify_db_cluster(DBClusterIdentifier=outputs["Id"], BackupRetentionPeriod=3)
    stacks.client("rds").start_db_cluster(DBClusterIdentifier=outputs["Id"])
    own = cluster(deletion="Delete", MasterUserPassword="own-password")
    connect(stacks.update("managed", own), "own-password")
    assert not secrets.list_secrets()["SecretList"]
    # Managed again, by the template and by the API.
    managed = stacks.update("managed", body)
    assert managed["Secret"] != outputs["Secret"]
    rds, name = stacks.client("rds"), outputs["Id"]
    with pytest.raises(ClientError, match="You must specify MasterUserPassword"):
        rds.modify_db_cluster(DBClusterIdentifier=name, ManageMasterUserPassword=False)
    rds.modify_db_cluster(DBClusterIdentifier=name, ManageMasterUserPassword=False, MasterUserPassword="third-password")
    connect(outputs, "third-password")
    assert not secrets.list_secrets()["SecretList"]
    given = rds.modify_db_cluster(DBClusterIdentifier=name, ManageMasterUserPassword=True)
    connect(outputs, json.loads(secrets.get_secret_value(SecretId=arn_of(given))["SecretString"])["password"])
    stacks.delete("managed")
    assert not secrets.list_secrets()["SecretList"]


def test_a_cluster_without_an_instance_lets_no_one_in(stacks: Stacks) -> None:
    outputs = stacks.create("bare", cluster(member=False, deletion="Delete"))
    with pytest.raises(psycopg2.OperationalError, match="no DB instances"):
        connect(outputs)
    stacks.delete("bare")


def test_a_cluster_takes_a_new_major_version_without_a_property_that_allows_it(stacks: Stacks) -> None:
    body = cluster(member=False, deletion="Delete")
    outputs = stacks.create("major", body)
    body["Resources"]["C"]["Properties"]["EngineVersion"] = "17.4"
    stacks.update("major", body)
    (found,) = stacks.client("rds").describe_db_clusters(DBClusterIdentifier=outputs["Id"])["DBClusters"]
    assert found["EngineVersion"] == "17.4"
    stacks.delete("major")


def test_a_rollback_leaves_a_cluster_at_its_new_version(stacks: Stacks) -> None:
    body = cluster(member=False, deletion="Delete")
    outputs = stacks.create("stays", body)
    body["Resources"]["C"]["Properties"] |= {"EngineVersion": "17.4", "BackupRetentionPeriod": 9}
    body["Resources"]["I"] = deepcopy(MEMBER) | {"DependsOn": "C"}
    body["Resources"]["I"]["Properties"]["DBClusterIdentifier"] = "missing"
    stacks.update("stays", body, "UPDATE_ROLLBACK_COMPLETE")
    (found,) = stacks.client("rds").describe_db_clusters(DBClusterIdentifier=outputs["Id"])["DBClusters"]
    assert (found["EngineVersion"], found["BackupRetentionPeriod"]) == ("17.4", 1)
    stacks.delete("stays")


def test_a_protected_cluster_is_not_deleted(stacks: Stacks) -> None:
    stacks.create("guarded", cluster(member=False, deletion="Delete", DeletionProtection=True))
    stacks.delete("guarded", "DELETE_FAILED")
    assert "Cannot delete protected Cluster" in stacks.reasons("guarded")[0]
    rds = stacks.client("rds")
    (found,) = rds.describe_db_clusters()["DBClusters"]
    rds.modify_db_cluster(DBClusterIdentifier=found["DBClusterIdentifier"], DeletionProtection=False)
    stacks.delete("guarded")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"MasterUserPassword": "short"}, "shorter than 8 characters"),
        ({"MasterUsername": "admin"}, "reserved word"),
        ({"DBSubnetGroupName": "nowhere"}, "DB subnet group 'nowhere' does not exist."),
        ({"EngineVersion": "9.1"}, "Cannot find version 9.1 for aurora-postgresql"),
    ],
)
def test_what_rds_refuses_is_refused(stacks: Stacks, changed: dict[str, str], said: str) -> None:
    stacks.create("refused", cluster(member=False, deletion="Delete", **changed), "ROLLBACK_COMPLETE")
    assert said in stacks.reasons("refused")[0]


def test_an_instance_of_a_cluster_that_is_not_there_is_refused(stacks: Stacks) -> None:
    properties = MEMBER["Properties"] | {"DBClusterIdentifier": "nope"}  # type: ignore[operator]
    stacks.create("lost", {"Resources": {"I": MEMBER | {"Properties": properties}}}, "ROLLBACK_COMPLETE")
    assert "DBCluster nope not found." in stacks.reasons("lost")[0]


def test_an_instance_of_its_own_is_a_database_too(stacks: Stacks) -> None:
    resource = {
        "Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete",
        "Properties": {
            "Engine": "postgres", "EngineVersion": "17.5", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20",
            "MasterUsername": "boss", "ManageMasterUserPassword": True, "DBName": "temporal",
        },
    }  # fmt: skip
    outputs = OUTPUTS | {"Secret": {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}}}
    made = stacks.create("single", {"Resources": {"C": resource}, "Outputs": outputs})
    text = stacks.client("secretsmanager").get_secret_value(SecretId=made["Secret"])["SecretString"]
    assert row(connect(made, json.loads(text)["password"]), "select current_database()") == ("temporal",)
    (found,) = stacks.client("rds").describe_db_instances()["DBInstances"]
    assert found["MasterUserSecret"]["SecretArn"] == made["Secret"]
    stacks.delete("single")


def test_accounts_and_regions_do_not_see_each_other(stacks: Stacks) -> None:
    first = stacks.create("db", cluster(deletion="Delete", DBClusterIdentifier="same"))
    row(connect(first), "create table here (a int)")
    other = Stacks(lambda service: stacks.client(service, region="us-east-1"))
    second = other.create("db", cluster(deletion="Delete", DBClusterIdentifier="same"))
    assert first["Port"] != second["Port"]
    assert row(connect(second), "select to_regclass('here')") == (None,)
    other.delete("db")
    assert row(connect(first), "select count(*) from here") == (0,)
    stacks.delete("db")


def test_what_a_replacement_leaves_behind_is_in_a_snapshot(stacks: Stacks) -> None:
    body = cluster(deletion="Delete")
    body["Resources"]["C"] |= {"UpdateReplacePolicy": "Snapshot"}
    outputs = stacks.create("moving", body)
    row(connect(outputs), "create table kept as select 42 as a")
    properties = body["Resources"]["C"]["Properties"] | {"StorageEncrypted": True}
    body["Resources"]["C"] |= {"Properties": properties}
    moved = stacks.update("moving", body)
    assert moved["Id"] != outputs["Id"]
    assert row(connect(moved), "select to_regclass('kept')") == (None,)
    rds = stacks.client("rds")
    (snapshot,) = rds.describe_db_cluster_snapshots()["DBClusterSnapshots"]
    assert snapshot["DBClusterIdentifier"] == outputs["Id"]
    assert [found["DBClusterIdentifier"] for found in rds.describe_db_clusters()["DBClusters"]] == [moved["Id"]]
    stacks.delete("moving")
