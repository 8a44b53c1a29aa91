"""Stacks with Aurora MySQL and the real MySQL or MariaDB behind them: clients, proxy, Data API, snapshots, restarts."""

from __future__ import annotations

import json
import os
import signal
import ssl
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import psutil
import pymysql
import pytest
from botocore.exceptions import ClientError
from pymysql.err import MySQLError

from aurora_cfn.aws.data_api import AwsDataApi
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.wire_mysql import MySqlDriver
from aurora_cfn.aws.wire_sql import WireSql
from aurora_cfn.errors import GuardError, SqlError
from aurora_cfn.local import launcher
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.mysql.binaries import find
from aurora_cfn.local.mysql.server import running_pid
from aurora_cfn.local.servers.folders import data_folder
from aurora_cfn.model.database_metrics import Metric
from aurora_cfn.model.database_role import Grant
from aurora_cfn.model.rows import Credentials, Database, Rows, SqlParameter
from aurora_cfn.operate.access.roles import apply, roles_of
from aurora_cfn.operate.inspect.checks import as_rows
from aurora_cfn.operate.schema.compare import compare
from aurora_cfn.operate.schema.read import read_schema
from aurora_cfn.operate.why_awake.read import SESSIONS, session_reasons
from tests.local.conftest import Stacks, clients_of, listening, saved
from tests.local.rds.test_stacks_with_databases import cluster
from tests.waiting import until

if find(os.environ, None) is None:
    pytest.skip(
        "neither MySQL 8 nor MariaDB is on this machine: install mariadb-server-core, or set AURORA_CFN_MYSQL_BIN",
        allow_module_level=True,
    )
pytestmark = pytest.mark.slow
PASSWORD = "first-password"


def body(*, parameters: dict[str, str] | None = None, **changed: Any) -> dict[str, Any]:
    found = cluster(deletion="Delete", Engine="aurora-mysql", EngineVersion="8.0.mysql_aurora.3.10.4", **changed)
    found["Resources"]["I"]["Properties"]["Engine"] = "aurora-mysql"
    found["Outputs"]["Arn"] = {"Value": {"Fn::GetAtt": "C.DBClusterArn"}}
    if parameters:
        found["Resources"]["G"] = {
            "Type": "AWS::RDS::DBClusterParameterGroup",
            "Properties": {"Family": "aurora-mysql8.0", "Description": "d", "Parameters": parameters},
        }
        found["Resources"]["C"]["Properties"]["DBClusterParameterGroupName"] = {"Ref": "G"}
    return found


def connect(outputs: dict[str, str], password: str = PASSWORD, **more: Any) -> Any:
    given = {"user": "boss", "database": "temporal", "connect_timeout": 10, "ssl_disabled": "ssl" not in more} | more
    return pymysql.connect(host=outputs["Host"], port=int(outputs["Port"]), password=password, **given)


def run(connection: Any, *statements: str) -> Any:
    """The rows of the last statement."""
    with closing(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()
        return cursor.fetchall()


def metrics(stacks: Stacks, cluster_id: str) -> dict[str, float]:
    """The newest values of the metrics that the emulator publishes."""
    members = stacks.client("rds").describe_db_clusters(DBClusterIdentifier=cluster_id)["DBClusters"][0]
    instance = members["DBClusterMembers"][0]["DBInstanceIdentifier"]
    wanted = [
        Metric("DatabaseConnections", "db-instance", instance), Metric("BufferCacheHitRatio", "db-instance", instance),
        Metric("VolumeBytesUsed", "db-cluster", cluster_id),
    ]  # fmt: skip
    found: dict[str, float] = {}
    for metric in wanted:
        dimension = "DBClusterIdentifier" if metric.kind == "db-cluster" else "DBInstanceIdentifier"
        now = datetime.now(UTC)
        points = stacks.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/RDS", MetricName=metric.name, Dimensions=[{"Name": dimension, "Value": metric.identifier}],
            StartTime=now - timedelta(hours=1), EndTime=now, Period=60, Statistics=["Maximum"],
        )["Datapoints"]  # fmt: skip
        if points:
            found[metric.name] = float(points[-1]["Maximum"])
    return found


def trusted(home: Home) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(home.authority))


def token(server: LocalServer, host: str, port: int, user: str, **more: Any) -> str:
    session = boto3.Session(server.keys.access_key_id, server.keys.secret_access_key, region_name="eu-west-1")
    made: str = session.client("rds").generate_db_auth_token(host, port, user, **more)
    return made


def refused(work: Any) -> int:
    """MySQL's number of the refusal."""
    with pytest.raises(MySQLError) as caught:
        work()
    return int(caught.value.args[0])


def test_a_cluster_is_a_database_and_its_snapshot_holds_the_data(stacks: Stacks) -> None:
    outputs = stacks.create("db", body())
    run(connect(outputs), "create table kept (a int)", "insert into kept values (42)")
    assert metrics(stacks, outputs["Id"]).keys() == {"DatabaseConnections", "BufferCacheHitRatio", "VolumeBytesUsed"}
    (mine,) = session_reasons(Rows(rows=run(connect(outputs), SESSIONS["mysql"])), "mysql")
    assert mine.text.startswith("no session is open") or "session of boss" in mine.text
    assert stacks.update("db", body(MasterUserPassword="second-password")) == outputs
    assert run(connect(outputs, "second-password"), "select a from kept") == ((42,),)
    assert refused(lambda: connect(outputs)) == 1045
    rds = stacks.client("rds")
    rds.create_db_cluster_snapshot(DBClusterSnapshotIdentifier="s1", DBClusterIdentifier=outputs["Id"])
    run(connect(outputs, "second-password"), "delete from kept")
    stacks.delete("db")
    assert refused(lambda: connect(outputs, "second-password")) == 2003
    restored = body(SnapshotIdentifier="s1", MasterUsername=None, MasterUserPassword=None, DatabaseName=None)
    assert run(connect(stacks.create("again", restored), "second-password"), "select a from kept") == ((42,),)
    stacks.delete("again")


def test_no_one_enters_without_a_password_and_nothing_of_the_server_listens(
    server: LocalServer, stacks: Stacks
) -> None:
    outputs = stacks.create("closed", body())
    for user in ("root", "rdsadmin", "mysql", "", "mariadb.sys"):
        assert refused(lambda user=user: connect(outputs, "", user=user)) == 1045
    rows = run(connect(outputs), "select user, host, authentication_string, plugin from mysql.user")
    assert [row for row in rows if not row[2] and row[0] != "mariadb.sys"] == []
    assert refused(lambda: run(connect(outputs), "select 1 into outfile '/tmp/aurora-cfn-test'")) in (1045, 1227)
    assert set(listening(server)) <= {f"127.0.0.{last}" for last in range(1, 128)}
    stacks.delete("closed")


def test_tls_is_forced_by_the_parameter_and_parameters_reach_the_server(
    home: Home, server: LocalServer, stacks: Stacks
) -> None:
    parameters = {
        "require_secure_transport": "ON", "innodb_lock_wait_timeout": "7", "group_concat_max_len": "4096",
        "time_zone": "UTC", "max_connections": "{DBInstanceClassMemory/12582880}",
    }  # fmt: skip
    outputs = stacks.create("tls", body(parameters=parameters))
    assert refused(lambda: connect(outputs)) == 3159
    question = "select @@innodb_lock_wait_timeout, @@group_concat_max_len, @@character_set_server, @@time_zone"
    assert run(connect(outputs, ssl=trusted(home)), question) == ((7, 4096, "utf8mb4", "+00:00"),)
    assert run(connect(outputs, ssl=trusted(home)), "show status like 'Ssl_version'")[0][1].startswith("TLS")
    stacks.delete("tls")


def test_exported_logs_reach_their_groups(stacks: Stacks) -> None:
    wanted = body(
        parameters={"general_log": "1", "slow_query_log": "1", "long_query_time": "0"},
        EnableCloudwatchLogsExports=["audit", "error", "general", "slowquery"],
    )
    outputs = stacks.create("logged", wanted)
    run(connect(outputs), "select 'for the log'")
    logs = stacks.client("logs")

    def logged(kind: str) -> bool:
        group = f"/aws/rds/cluster/{outputs['Id']}/{kind}"
        there = {row["logGroupName"] for row in logs.describe_log_groups()["logGroups"]}
        events = logs.filter_log_events(logGroupName=group)["events"] if group in there else []
        return any(kind == "error" or "for the log" in each["message"] for each in events)

    for kind in ("error", "general", "slowquery"):
        assert until(partial(logged, kind), pause=0.05), kind
    stacks.delete("logged")


def test_a_token_opens_the_database_for_users_of_the_plugin(home: Home, server: LocalServer, stacks: Stacks) -> None:
    outputs = stacks.create("iam", body(EnableIAMDatabaseAuthentication=True))
    run(
        connect(outputs),
        "create user app identified with AWSAuthenticationPlugin as 'RDS' require ssl",
        "grant all on temporal.* to app",
    )
    host, port = outputs["Host"], int(outputs["Port"])
    good = token(server, host, port, "app")
    assert run(connect(outputs, good, user="app", ssl=trusted(home)), "select current_user()") == (("app@%",),)
    assert refused(lambda: connect(outputs, good, user="app")) == 1045  # not without TLS
    for wrong in ("x", token(server, host, port + 1, "app"), token(server, host, port, "app", Region="us-east-1")):
        assert refused(lambda wrong=wrong: connect(outputs, wrong, user="app", ssl=trusted(home))) == 1045
    stacks.delete("iam")


def behind_a_proxy(iam: str) -> dict[str, Any]:
    found = body(ManageMasterUserPassword=True, MasterUserPassword=None)
    secret = {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}
    subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "V"}}}
    found["Resources"] |= {
        "V": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "A": {**subnet, "Properties": subnet["Properties"] | {"CidrBlock": "10.0.1.0/24"}},  # type: ignore[operator]
        "B": {**subnet, "Properties": subnet["Properties"] | {"CidrBlock": "10.0.2.0/24"}},  # type: ignore[operator]
        "P": {
            "Type": "AWS::RDS::DBProxy",
            "Properties": {
                "DBProxyName": "door", "EngineFamily": "MYSQL", "RequireTLS": True,
                "RoleArn": "arn:aws:iam::123456789012:role/proxy", "VpcSubnetIds": [{"Ref": "A"}, {"Ref": "B"}],
                "Auth": [{"AuthScheme": "SECRETS", "SecretArn": secret, "IAMAuth": iam}],
            },
        },
        "T": {
            "Type": "AWS::RDS::DBProxyTargetGroup", "DependsOn": "I",
            "Properties": {
                "DBProxyName": {"Ref": "P"}, "TargetGroupName": "default", "DBClusterIdentifiers": [{"Ref": "C"}],
            },
        },
    }  # fmt: skip
    found["Outputs"] = {"Host": {"Value": {"Fn::GetAtt": "P.Endpoint"}}, "Secret": {"Value": secret}}
    return found


@pytest.mark.parametrize("iam", ["REQUIRED", "DISABLED"])
def test_the_proxy_takes_tokens_or_the_secret(iam: str, home: Home, server: LocalServer, stacks: Stacks) -> None:
    outputs = stacks.create(f"px-{iam.lower()}", behind_a_proxy(iam))
    host, _, given = outputs["Host"].partition(":")
    place = {"Host": host, "Port": given or "3306"}
    text = stacks.client("secretsmanager").get_secret_value(SecretId=outputs["Secret"])["SecretString"]
    password = json.loads(text)["password"]
    secure = {"ssl": trusted(home)}
    good = token(server, host, int(place["Port"]), "boss") if iam == "REQUIRED" else password
    other = password if iam == "REQUIRED" else "wrong"
    assert run(connect(place, good, **secure), "select current_user()") == (("boss@%",),)
    assert refused(lambda: connect(place, good)) == 3159
    assert refused(lambda: connect(place, other, **secure)) == 1045
    assert refused(lambda: connect(place, good, user="stranger", **secure)) == 1045
    stacks.delete(f"px-{iam.lower()}")


def test_stop_start_and_a_kill(own: Home) -> None:
    server = launcher.ensure_running(own)
    stacks = Stacks(clients_of(server))
    outputs = stacks.create("db", body())
    run(connect(outputs), "create table kept (a int)", "insert into kept values (1)")
    rds = stacks.client("rds")
    rds.stop_db_cluster(DBClusterIdentifier=outputs["Id"])
    assert refused(lambda: connect(outputs)) == 1053
    rds.start_db_cluster(DBClusterIdentifier=outputs["Id"])
    assert run(connect(outputs), "select a from kept") == ((1,),)
    ((pid, log),) = [(found, path / "log") for path in data_folder(own).glob("*") if (found := running_pid(path))]
    assert saved(own, "rds", outputs["Id"])
    os.kill(server.pid, signal.SIGKILL)
    stacks = Stacks(clients_of(launcher.ensure_running(own)))
    assert until(lambda: ended(pid))
    assert log.read_text().rstrip().endswith("Shutdown complete")  # it was ended in good order, and not killed
    # Asked again: another process may have taken the port in between, and the cluster then has a new one.
    (cluster,) = stacks.client("rds").describe_db_clusters()["DBClusters"]
    assert run(connect(outputs | {"Port": str(cluster["Port"])}), "select a from kept") == ((1,),)
    launcher.stop(own)
    assert [path for path in data_folder(own).glob("*") if running_pid(path)] == []


def ended(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


@dataclass
class Sql:
    """A database by its ARNs."""

    stacks: Stacks
    where: dict[str, str]

    def __call__(self, sql: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
        given = {**self.where, "database": "temporal", "sql": sql, "parameters": list(parameters)} | more
        found: dict[str, Any] = self.stacks.client("rds-data").execute_statement(**given)
        return found

    def value(self, sql: str, *parameters: dict[str, Any], **more: Any) -> Any:
        return self(sql, *parameters, **more)["records"][0][0]

    def refused(self, sql: str, *parameters: dict[str, Any], **more: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            self(sql, *parameters, **more)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]


@pytest.fixture(scope="module")
def sql(server: LocalServer) -> Iterator[Sql]:
    stacks = Stacks(clients_of(server, "333333333333"))
    wanted = body(ManageMasterUserPassword=True, MasterUserPassword=None)
    wanted["Outputs"]["Secret"] = {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}}
    outputs = stacks.create("sql", wanted)
    yield Sql(stacks, {"resourceArn": outputs["Arn"], "secretArn": outputs["Secret"]})
    stacks.delete("sql")


def named(name: str, hint: str = "", **value: Any) -> dict[str, Any]:
    return {"name": name, "value": value} | ({"typeHint": hint} if hint else {})


TYPES: list[tuple[str, str, dict[str, Any], str, Any]] = [
    ("tinyint(1)", "1", {"booleanValue": True}, "BIT", True),
    ("bit(1)", "b'0'", {"booleanValue": False}, "BIT", False),
    ("bit(12)", "b'100000001'", {"blobValue": b"\x01\x01"}, "BIT", "AQE="),
    ("tinyint", "-3", {"longValue": -3}, "TINYINT", -3),
    ("smallint unsigned", "65535", {"longValue": 65535}, "SMALLINT UNSIGNED", 65535),
    ("mediumint", "7", {"longValue": 7}, "MEDIUMINT", 7),
    ("int", "7", {"longValue": 7}, "INT", 7),
    ("bigint", "9007199254740993", {"longValue": 9007199254740993}, "BIGINT", 9007199254740993),
    ("bigint unsigned", "18446744073709551615", {"stringValue": "18446744073709551615"}, "BIGINT UNSIGNED",
     18446744073709551615),
    ("float", "1.5", {"doubleValue": 1.5}, "FLOAT", 1.5),
    ("double", "0.1", {"doubleValue": 0.1}, "DOUBLE", 0.1),
    ("decimal(10,3)", "12.340", {"stringValue": "12.340"}, "DECIMAL", 12.34),
    ("date", "'2026-02-03'", {"stringValue": "2026-02-03"}, "DATE", "2026-02-03"),
    ("time(1)", "'10:11:12.5'", {"stringValue": "10:11:12.5"}, "TIME", "10:11:12.5"),
    ("datetime", "'2026-02-03 10:11:12'", {"stringValue": "2026-02-03 10:11:12"}, "DATETIME", "2026-02-03 10:11:12"),
    ("timestamp", "'2026-02-03 10:11:12'", {"stringValue": "2026-02-03 10:11:12"}, "TIMESTAMP",
     "2026-02-03 10:11:12"),
    ("year", "2026", {"longValue": 2026}, "YEAR UNSIGNED", 2026),
    ("char(3)", "'x'", {"stringValue": "x"}, "CHAR", "x"),
    ("varchar(9)", "'ä€'", {"stringValue": "ä€"}, "VARCHAR", "ä€"),
    ("text", "'long'", {"stringValue": "long"}, "TEXT", "long"),
    ("enum('a','b')", "'b'", {"stringValue": "b"}, "ENUM", "b"),
    ("set('a','b')", "'a,b'", {"stringValue": "a,b"}, "SET", "a,b"),
    ("varbinary(9)", "x'00ff'", {"blobValue": b"\x00\xff"}, "VARBINARY", "AP8="),
    ("blob", "x'00ff'", {"blobValue": b"\x00\xff"}, "BLOB", "AP8="),
    ("json", "'{\"a\": 1}'", {"stringValue": '{"a": 1}'}, "JSON", '{"a": 1}'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "field", "type_name", "as_json"), TYPES)
def test_types(sql: Sql, kind: str, value: str, field: dict[str, Any], type_name: str, as_json: Any) -> None:
    sql("drop table if exists t")
    sql(f"create table t (v {kind} null)")
    sql(f"insert into t values ({value})")
    answer = sql("select v as shown from t", includeResultMetadata=True)
    assert answer["records"] == [[field]]
    assert [answer["columnMetadata"][0][key] for key in ("typeName", "label", "tableName")] == [type_name, "shown", "t"]
    assert json.loads(sql("select v from t", formatRecordsAs="JSON")["formattedRecords"]) == [{"v": as_json}]
    sql("update t set v = null")
    assert sql.value("select v from t") == {"isNull": True}


def test_parameters_of_every_kind(sql: Sql) -> None:
    text = 'it\'s \\ "quoted" ä€ :x'
    assert sql.value("select :v", named("v", stringValue=text)) == {"stringValue": text}
    assert sql.value("select :v + 1", named("v", longValue=2**40)) == {"longValue": 2**40 + 1}
    assert sql.value("select :v", named("v", doubleValue=0.1)) == {"doubleValue": 0.1}
    assert sql.value("select :v is null", named("v", isNull=True)) == {"longValue": 1}
    assert sql.value("select :v", named("v", blobValue=b"\x00'\xff")) == {"blobValue": b"\x00'\xff"}
    assert sql.value("select cast(:v as signed)", named("v", booleanValue=True)) == {"longValue": 1}
    assert sql.value("select :v", named("v", "DECIMAL", stringValue="1.10")) == {"stringValue": "1.10"}
    assert sql.value("select date(:v)", named("v", "DATE", stringValue="2026-02-03")) == {"stringValue": "2026-02-03"}
    assert sql.value("select ':v' /* :v */ -- :v") == {"stringValue": ":v"}
    code, words = sql.refused("select :v", named("v", "DATE", stringValue="tomorrow"))
    assert (code, "YYYY-MM-DD" in words) == ("BadRequestException", True)
    assert sql.refused("select :w", named("v", longValue=1)) == ("BadRequestException", "Cannot find parameter: w")


def test_generated_fields_batches_and_transactions(sql: Sql) -> None:
    sql("create table ids (id int primary key auto_increment, a int unique)")
    first = sql("insert into ids (a) values (1)")
    assert (first["generatedFields"], first["numberOfRecordsUpdated"]) == ([{"longValue": 1}], 1)
    api = sql.stacks.client("rds-data")
    given = {**sql.where, "database": "temporal", "sql": "insert into ids (a) values (:a)"}
    done = api.batch_execute_statement(parameterSets=[[named("a", longValue=n)] for n in (2, 3)], **given)
    assert done["updateResults"] == [{"generatedFields": [{"longValue": n}]} for n in (2, 3)]
    with pytest.raises(ClientError, match=r"Database error code: 1062\. Message: Duplicate entry '1' for key"):
        api.batch_execute_statement(parameterSets=[[named("a", longValue=n)] for n in (9, 1)], **given)
    assert sql.value("select count(*) from ids") == {"longValue": 3}
    name = api.begin_transaction(database="temporal", **sql.where)["transactionId"]
    sql("delete from ids", transactionId=name)
    assert sql.value("select count(*) from ids", transactionId=name) == {"longValue": 0}
    assert sql.value("select count(*) from ids") == {"longValue": 3}
    assert sql.refused("select * from nowhere", transactionId=name)[0] == "DatabaseErrorException"
    assert api.rollback_transaction(transactionId=name, **sql.where)["transactionStatus"] == "Rollback Complete"
    assert sql.value("select count(*) from ids") == {"longValue": 3}
    assert sql("update ids set a = a + 0")["numberOfRecordsUpdated"] == 3


def test_refusals(sql: Sql) -> None:
    assert sql.refused("select 1; select 2") == ("ValidationException", "Multistatements aren't supported.")
    code, words = sql.refused("select * from nowhere")
    assert (code, words) == (
        "DatabaseErrorException", "Database error code: 1146. Message: Table 'temporal.nowhere' doesn't exist",
    )  # fmt: skip
    assert sql.refused("select 1", database="nope")[0] == "DatabaseErrorException"
    assert sql.refused("select st_geomfromtext('POINT(1 1)')") == (
        "UnsupportedResultException", "The result contains the unsupported data type GEOMETRY.",
    )  # fmt: skip
    assert sql.refused("select repeat('x', 70000)")[0] == "UnsupportedResultException"


def test_a_token_user_made_through_the_data_api(home: Home, server: LocalServer, sql: Sql) -> None:
    sql("create user reader identified with AWSAuthenticationPlugin as 'RDS'")
    rds = sql.stacks.client("rds")
    (found,) = rds.describe_db_clusters()["DBClusters"]
    rds.modify_db_cluster(DBClusterIdentifier=found["DBClusterIdentifier"], EnableIAMDatabaseAuthentication=True)
    place = {"Host": found["Endpoint"], "Port": str(found["Port"])}
    shown = token(server, found["Endpoint"], found["Port"], "reader")
    assert run(connect(place, shown, user="reader", database=None, ssl=trusted(home)), "select 1") == ((1,),)


def test_users_are_granted_listed_and_dropped(home: Home, server: LocalServer, sql: Sql) -> None:
    session = Session(Connection("eu-west-1", None, server.endpoint, ("333333333333", server.keys.secret_access_key)))
    database = Database("sql", "temporal", sql.where["secretArn"], sql.where["resourceArn"], engine="mysql")
    roles = roles_of(AwsDataApi(session), database)
    (found,) = sql.stacks.client("rds").describe_db_clusters()["DBClusters"]
    sql("create table if not exists granted (a int)")

    def state(role: str) -> tuple[bool, bool, bool]:
        now = roles.state(role)
        return now.there, now.iam, now.writes

    assert roles.state("reporter").me == "boss"
    assert state("reporter") == (False, False, False)
    for grant in (Grant("reporter", read_only=False), Grant("reporter")):
        apply(roles, roles.grant_steps(grant, roles.state("reporter")))
        assert state("reporter") == (True, True, not grant.read_only)
    listed = {row["role"]: row for row in as_rows(roles.listed())}
    assert (listed["reporter"]["login"], listed["reporter"]["iam"], listed["reporter"]["access"]) == (
        True, True, "read-only",
    )  # fmt: skip
    assert (listed["boss"]["iam"], listed["boss"]["access"]) == (False, "administrator")
    sql.stacks.client("rds").modify_db_cluster(
        DBClusterIdentifier=found["DBClusterIdentifier"], EnableIAMDatabaseAuthentication=True
    )
    place = {"Host": found["Endpoint"], "Port": str(found["Port"])}
    shown = token(server, found["Endpoint"], found["Port"], "reporter")
    opened = connect(place, shown, user="reporter", ssl=trusted(home))
    assert refused(lambda: opened.cursor().execute("insert into granted values (1)")) == 1142
    apply(roles, roles.grant_steps(Grant("metabase", iam=False, password="a'b\\c"), roles.state("metabase")))
    assert run(connect(place, "a'b\\c", user="metabase"), "select count(*) from granted") == ((0,),)

    sql("grant create view on temporal.* to metabase")
    run(connect(place, "a'b\\c", user="metabase"), "create view theirs as select 1 as a")
    assert roles.holdings("metabase").owned == ("view temporal.theirs",)
    with pytest.raises(GuardError, match="DEFINER"):
        roles.drop_steps("metabase", roles.holdings("metabase"), "boss")
    sql("drop view theirs")
    for role, sessions in (("reporter", 1), ("metabase", 0)):
        holdings = roles.holdings(role)
        assert (holdings.sessions, holdings.hosts) == (sessions, ("%",))
        apply(roles, roles.close_steps(role, holdings))
        assert roles.end_sessions(role, holdings) == sessions
        for _, steps in roles.drop_steps(role, holdings, ""):
            apply(roles, steps)
        assert state(role) == (False, False, False)
    assert refused(lambda: opened.cursor().execute("select 1")) in {2006, 2013}


FIRST = (
    "create database shop collate utf8mb4_general_ci",
    "create table shop.p (id bigint unsigned not null auto_increment primary key, code varchar(10) not null unique)",
    """create table shop.o (id int not null auto_increment, pid bigint unsigned, j json, n int default 5,
      note varchar(20) collate utf8mb4_bin default 'it''s',
      at timestamp(3) not null default current_timestamp(3) on update current_timestamp(3),
      g int generated always as (n + 1) stored, b bit(1) default b'1', u char(36) default (uuid()), primary key (id),
      key k (note(5), n), constraint fk foreign key (pid) references shop.p (id) on delete cascade,
      constraint pos check (n > 0 and note <> 'x')) comment 'a''b'""",
    """create table shop.r (d date not null, v int) partition by range columns(d)
      (partition p0 values less than ('2020-01-01'), partition p1 values less than (maxvalue))""",
    "create view shop.v as select id, note from shop.o where n > 1",
    "create function shop.f(a int) returns int deterministic return a + 1",
    "create procedure shop.q(in a int, out b varchar(10)) select 'x' into b",
    "create trigger shop.tr before insert on shop.o for each row set new.n = 1",
)
THEN = (
    "alter table shop.o add x int, modify n bigint not null default 7, drop column g, drop key k, add key k (n desc)",
    "alter table shop.o drop foreign key fk",
    "alter table shop.o add constraint fk foreign key (pid) references shop.p (id) on delete set null",
    "alter table shop.o drop constraint pos",
    "alter table shop.o add constraint pos check (n > 2)",
    "create or replace view shop.v as select id from shop.o",
    "drop procedure shop.q",
    "drop trigger shop.tr",
    "create trigger shop.tr before insert on shop.o for each row set new.n = 2",
    "alter table shop.r remove partitioning",
)


def test_the_statements_between_two_schemas_lead_from_one_to_the_other(server: LocalServer, sql: Sql) -> None:
    session = Session(Connection("eu-west-1", None, server.endpoint, ("333333333333", server.keys.secret_access_key)))
    database = Database("sql", "temporal", sql.where["secretArn"], sql.where["resourceArn"], engine="mysql")
    api = AwsDataApi(session)

    def run_all(statements: Iterable[str]) -> Any:
        for statement in statements:
            sql(statement)
        return read_schema(api, database)

    none = read_schema(api, database)
    first = run_all(FIRST)
    made = [statement for change in compare(none, first, "mysql") for statement in change.statements]
    then = run_all(THEN)
    changed = [statement for change in compare(first, then, "mysql") for statement in change.statements]
    # The counter of AUTO_INCREMENT is no difference.
    assert run_all(["alter table shop.p auto_increment = 500"]) == then
    sql("drop database shop")
    assert run_all(made) == first
    assert compare(then, run_all(changed), "mysql") == ()
    sql("drop database shop")


def test_statements_without_the_data_api(home: Home, stacks: Stacks) -> None:
    outputs = stacks.create("wire", body())
    database = Database("wire", "temporal", "", host=outputs["Host"], port=int(outputs["Port"]), engine="mysql")
    wire = WireSql(MySqlDriver(), lambda _: Credentials("boss", PASSWORD), trusted(home))
    wire.execute(database, "create table t (id int primary key, price decimal(5, 2), day date)")
    inserted = wire.execute(database, "insert into t values (:id, '1.50', '2026-01-02')", [SqlParameter("id", 7)])
    assert inserted.affected == 1
    transaction = wire.begin(database)
    wire.execute(database, "delete from t", transaction=transaction)
    wire.rollback(database, transaction)
    found = wire.execute(database, "select * from t where id = :id and 'a%' = 'a%'", [SqlParameter("id", 7)])
    assert [(column.name, column.type) for column in found.columns] == [
        ("id", "int"),
        ("price", "decimal"),
        ("day", "date"),
    ]
    assert found.rows == ((7, "1.50", "2026-01-02"),)
    with pytest.raises(SqlError, match="ERROR 1062"):
        wire.execute(database, "insert into t (id) values (7)")
    stacks.delete("wire")
