"""The Data API of the emulator as boto3 sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local import launcher
from aurora_cfn.local import status as status_page
from aurora_cfn.local.dataapi.postgres.columns import Column
from aurora_cfn.local.dataapi.postgres.fields import field
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_record
from aurora_cfn.local.wire import call
from tests.local.conftest import Stacks, clients_of
from tests.local.rds.test_stacks_with_databases import cluster
from tests.waiting import until

pytestmark = pytest.mark.slow


@dataclass
class Sql:
    """A database by its ARNs."""

    stacks: Stacks
    arn: str
    secret: str

    def __call__(self, sql: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
        given = {"resourceArn": self.arn, "secretArn": self.secret, "database": "temporal", "sql": sql} | more
        found: dict[str, Any] = self.stacks.client("rds-data").execute_statement(parameters=list(parameters), **given)
        return found

    def value(self, sql: str, *parameters: dict[str, Any], **more: Any) -> Any:
        return self(sql, *parameters, **more)["records"][0][0]

    def refused(self, sql: str, *parameters: dict[str, Any], **more: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            self(sql, *parameters, **more)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    def answers(self) -> bool:
        try:
            self("select 1")
        except ClientError:
            return False
        return True


@pytest.fixture(scope="module")
def sql(server: LocalServer) -> Iterator[Sql]:
    stacks = Stacks(clients_of(server, "222222222222"))
    body = cluster(deletion="Delete", ManageMasterUserPassword=True, MasterUserPassword=None)
    body["Outputs"] = {
        "Arn": {"Value": {"Fn::GetAtt": "C.DBClusterArn"}},
        "Secret": {"Value": {"Fn::GetAtt": "C.MasterUserSecret.SecretArn"}},
    }
    outputs = stacks.create("sql", body)
    yield Sql(stacks, outputs["Arn"], outputs["Secret"])
    stacks.delete("sql")


def named(name: str, hint: str = "", **value: Any) -> dict[str, Any]:
    return {"name": name, "value": value} | ({"typeHint": hint} if hint else {})


@pytest.mark.parametrize(
    ("expression", "field", "type_name", "as_json"),
    [
        ("1::int2", {"longValue": 1}, "int2", 1),
        ("2::int4", {"longValue": 2}, "int4", 2),
        ("9007199254740993::int8", {"longValue": 9007199254740993}, "int8", 9007199254740993),
        ("1.5::float4", {"doubleValue": 1.5}, "float4", 1.5),
        ("0.1::float8", {"doubleValue": 0.1}, "float8", 0.1),
        ("12.340::numeric", {"stringValue": "12.340"}, "numeric", 12.34),
        ("true", {"booleanValue": True}, "bool", True),
        ("'ä€'::text", {"stringValue": "ä€"}, "text", "ä€"),
        ("'x'::varchar(3)", {"stringValue": "x"}, "varchar", "x"),
        ("'x'::char(3)", {"stringValue": "x  "}, "bpchar", "x  "),
        ("'\\x00ff'::bytea", {"blobValue": b"\x00\xff"}, "bytea", "AP8="),
        ("'2026-02-03'::date", {"stringValue": "2026-02-03"}, "date", "2026-02-03"),
        ("'10:11:12.5'::time", {"stringValue": "10:11:12.5"}, "time", "10:11:12.5"),
        ("'2026-02-03 10:11:12.25'::timestamp", {"stringValue": "2026-02-03 10:11:12.25"}, "timestamp",
         "2026-02-03 10:11:12.25"),
        ("'2026-02-03 10:11:12+02'::timestamptz", {"stringValue": "2026-02-03 08:11:12"}, "timestamptz",
         "2026-02-03 08:11:12"),
        ("1::oid", {"longValue": 1}, "oid", 1),
        ("'0101-01-01 10:11:12+00'::timestamptz", {"stringValue": "0101-01-01 10:11:12"}, "timestamptz",
         "0101-01-01 10:11:12"),
        ("'NaN'::numeric", {"stringValue": "NaN"}, "numeric", "NaN"),
        ("'{\"a\": 1}'::jsonb", {"stringValue": '{"a": 1}'}, "jsonb", '{"a": 1}'),
        ("'12345678-1234-1234-1234-123456789abc'::uuid", {"stringValue": "12345678-1234-1234-1234-123456789abc"},
         "uuid", "12345678-1234-1234-1234-123456789abc"),
        ("'10.0.0.0/8'::inet", {"stringValue": "10.0.0.0/8"}, "inet", "10.0.0.0/8"),
        ("array[1,2]", {"arrayValue": {"longValues": [1, 2]}}, "_int4", [1, 2]),
        ("array['a,b','c\"d','']", {"arrayValue": {"stringValues": ["a,b", 'c"d', ""]}}, "_text", ["a,b", 'c"d', ""]),
        ("'[0:1]={1,2}'::int[]", {"arrayValue": {"longValues": [1, 2]}}, "_int4", [1, 2]),
        ("null::int", {"isNull": True}, "int4", None),
    ],
)  # fmt: skip
def test_types(sql: Sql, expression: str, field: dict[str, Any], type_name: str, as_json: Any) -> None:
    answer = sql(f"select {expression} as v", includeResultMetadata=True)
    assert answer["records"] == [[field]]
    assert (answer["columnMetadata"][0]["typeName"], answer["columnMetadata"][0]["label"]) == (type_name, "v")
    formatted = sql(f"select {expression} as v", formatRecordsAs="JSON")
    assert json.loads(formatted["formattedRecords"]) == [{"v": as_json}]
    assert "records" not in formatted


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_json_has_no_nan(sql: Sql, text: str) -> None:
    assert field(text, Column("v", "float8", None), {}) == {"doubleValue": text}
    assert field(f"{{{text}}}", Column("v", "_float4", None), {}) == {"arrayValue": {"doubleValues": [text]}}
    assert str(sql.value(f"select '{text}'::float8")["doubleValue"]) == str(float(text))
    assert json.loads(sql(f"select '{text}'::float8 as v", formatRecordsAs="JSON")["formattedRecords"]) == [{"v": text}]
    assert sql.value("select :p = 'NaN'::float8", named("p", doubleValue=float("nan"))) == {"booleanValue": True}


def test_an_array_of_arrays_is_not_returned(sql: Sql) -> None:
    expected = ("UnsupportedResultException", "The result contains a multidimensional array.")
    for expression in ("array[[1],[2]]", "'[0:1][1:1]={{1},{2}}'::int[]"):
        assert sql.refused(f"select {expression}") == expected
        assert sql.refused(f"select {expression}", formatRecordsAs="JSON") == expected


UNSUPPORTED = [
    ("'a'::\"char\"", '"CHAR"'), ("'int'::regtype", "regtype"), ("'pg_class'::regclass", "regclass"),
    ("'(1,2)'::point", "POINT"), ("int4range(1, 2)", "INT4RANGE"), ("null::xml", "xml"), ("'1'::money", "MONEY"),
    ("pg_sleep(0)", "VOID"), ("'1 day'::interval", "INTERVAL"), ("'10:11+02'::timetz", "TIMETZ"), ("b'1'", "BIT"),
    ("row(1)", "RECORD"), ("to_tsvector('a')", "tsvector"), ("array['1 day'::interval]", "INTERVAL[]"),
    ("array['10.0.0.0/8'::cidr]", "CIDR[]"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "name"), UNSUPPORTED)
def test_types_that_the_service_does_not_return(sql: Sql, expression: str, name: str) -> None:
    expected = ("UnsupportedResultException", f"The result contains the unsupported data type {name}.")
    assert sql.refused(f"select {expression}") == expected
    assert sql.refused(f"select {expression}", formatRecordsAs="JSON") == expected
    assert sql(f"select {expression} where false", includeResultMetadata=True)["records"] == []


def test_an_enum_is_returned(sql: Sql) -> None:
    sql("create type mood as enum ('sad', 'happy')")
    assert sql.value("select 'sad'::mood") == {"stringValue": "sad"}
    sql("drop type mood")


@pytest.mark.parametrize("kind", ["date", "timestamp", "timestamptz"])
def test_infinity_is_an_internal_error_of_the_service(sql: Sql, kind: str) -> None:
    assert sql.refused(f"select 'infinity'::{kind}")[0] == "InternalServerErrorException"


def test_a_column_shows_where_it_comes_from(sql: Sql) -> None:
    sql("create table if not exists origin (id serial primary key, name varchar(20))")
    first, second = sql("select id, name from origin", includeResultMetadata=True)["columnMetadata"]
    assert (first["tableName"], first["nullable"], first["typeName"], first["isAutoIncrement"]) == (
        "origin", 0, "serial", True,
    )  # fmt: skip
    assert (second["typeName"], second["nullable"], second["isCaseSensitive"]) == ("varchar", 1, True)


@pytest.mark.parametrize(
    ("statement", "parameter", "field"),
    [
        ("select :p", named("p", stringValue="it's % ; :x"), {"stringValue": "it's % ; :x"}),
        ("select :p", named("p", longValue=-5), {"longValue": -5}),
        ("select :p", named("p", doubleValue=0.1), {"doubleValue": 0.1}),
        ("select :p", named("p", booleanValue=False), {"booleanValue": False}),
        ("select :p", named("p", blobValue=b"\x00\x01"), {"blobValue": b"\x00\x01"}),
        ("select :p::int", named("p", isNull=True), {"isNull": True}),
        ("select pg_typeof(:p)::text", named("p", "UUID", stringValue="12345678-1234-1234-1234-123456789abc"),
         {"stringValue": "uuid"}),
        ("select pg_typeof(:p)::text", named("p", "DECIMAL", stringValue="1.20"), {"stringValue": "numeric"}),
        ("select :p + interval '1 day'", named("p", "TIMESTAMP", stringValue="2026-01-01 00:00:00"),
         {"stringValue": "2026-01-02 00:00:00"}),
        ("select extract(year from :p)::int", named("p", "DATE", stringValue="2026-01-01"), {"longValue": 2026}),
        ("select :p ->> 'a'", named("p", "JSON", stringValue='{"a": "b"}'), {"stringValue": "b"}),
        ("select :1", named("1", longValue=1), {"longValue": 1}),
        ("select :1::int", named("1", stringValue="1"), {"longValue": 1}),
        ("select (array[1,2,3])[1:2]", named("2", longValue=1), {"arrayValue": {"longValues": [1, 2]}}),
        ("select pg_typeof(:p)::text", named("p", stringValue="x"), {"stringValue": "text"}),
        ("select array['x'] && array[:p]", named("p", stringValue="x"), {"booleanValue": True}),
        ("select pg_typeof(:p)::text", named("p", "DATE", isNull=True), {"stringValue": "date"}),
        ("select :p::text", named("p", "TIMESTAMP", stringValue="2026-01-01 00:00:00.123456"),
         {"stringValue": "2026-01-01 00:00:00.123456"}),
    ],
)  # fmt: skip
def test_parameters(sql: Sql, statement: str, parameter: dict[str, Any], field: dict[str, Any]) -> None:
    assert sql.value(statement, parameter) == field


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        ("DATE", "tomorrow"), ("DATE", "2026-1-1"), ("DATE", "2026-02-30"), ("TIME", "10:20"), ("TIME", "10:20:30+02"),
        ("TIMESTAMP", "2026-01-01 00:00:00+02"), ("TIMESTAMP", "2026-01-01T00:00:00"), ("TIMESTAMP", "now"),
        ("DECIMAL", "1,5"), ("UUID", "12"), ("JSON", "{"), ("OTHER", "x"),
    ],
)  # fmt: skip
def test_a_hint_wants_its_form(sql: Sql, hint: str, text: str) -> None:
    code, words = sql.refused("select :p", named("p", hint, stringValue=text))
    assert code == "BadRequestException"
    assert hint in words


def test_timestamptz_is_in_utc_whatever_the_session_s_zone_is(sql: Sql) -> None:
    api = sql.stacks.client("rds-data")
    where = {"resourceArn": sql.arn, "secretArn": sql.secret}
    name = api.begin_transaction(database="temporal", **where)["transactionId"]
    sql("set local timezone = 'Asia/Kolkata'", transactionId=name)
    for text in ("2026-02-03 10:11:12", "2026-02-03 10:11:12.25", "0044-01-01 10:11:12"):
        assert sql.value(f"select '{text}+00'::timestamptz", transactionId=name) == {"stringValue": text}
    assert sql.value("select array['2026-02-03 10:11:12+00'::timestamptz]", transactionId=name) == {
        "arrayValue": {"stringValues": ["2026-02-03 10:11:12"]}
    }
    api.rollback_transaction(transactionId=name, **where)


def test_a_formatted_result_may_have_10_mb(sql: Sql) -> None:
    query = "select repeat('x', 60000) as v from generate_series(1, {})"
    assert len(sql(query.format(100), formatRecordsAs="JSON")["formattedRecords"]) > 6_000_000
    expected = ("UnsupportedResultException", "The result exceeds the size limit 10 MB.")
    assert sql.refused(query.format(180), formatRecordsAs="JSON") == expected


def test_result_options(sql: Sql) -> None:
    options = {"decimalReturnType": "DOUBLE_OR_LONG", "longReturnType": "STRING"}
    answer = sql("select 1.5::numeric, 2::numeric, 3", resultSetOptions=options)
    assert answer["records"] == [[{"doubleValue": 1.5}, {"longValue": 2}, {"stringValue": "3"}]]


def test_changes_are_counted_and_kept(sql: Sql) -> None:
    sql("create table if not exists counted (a int)")
    assert sql("insert into counted values (1), (2)")["numberOfRecordsUpdated"] == 2
    assert sql("update counted set a = a + 1")["numberOfRecordsUpdated"] == 2
    assert sql.value("select sum(a) from counted") == {"longValue": 5}
    sql("drop table counted")


def test_a_transaction_is_seen_when_it_is_committed(sql: Sql) -> None:
    api = sql.stacks.client("rds-data")
    where = {"resourceArn": sql.arn, "secretArn": sql.secret}
    sql("create table if not exists tx (a int)")
    for end, status, expected in (
        (api.rollback_transaction, "Rollback Complete", 0),
        (api.commit_transaction, "Transaction Committed", 1),
    ):
        name = api.begin_transaction(database="temporal", **where)["transactionId"]
        sql("insert into tx values (1)", transactionId=name)
        assert sql.value("select count(*) from tx") == {"longValue": 0}
        assert end(transactionId=name, **where)["transactionStatus"] == status
        assert sql.value("select count(*) from tx") == {"longValue": expected}
        assert sql.refused("select 1", transactionId=name)[0] == "TransactionNotFoundException"
    sql("drop table tx")


def test_a_transaction_goes_on_after_a_rollback_to_its_savepoint(sql: Sql) -> None:
    api = sql.stacks.client("rds-data")
    where = {"resourceArn": sql.arn, "secretArn": sql.secret}
    sql("create table if not exists sp (a int primary key)")
    name = api.begin_transaction(database="temporal", **where)["transactionId"]
    sql("insert into sp values (1)", transactionId=name)
    sql("savepoint one", transactionId=name)
    assert "23505" in sql.refused("insert into sp values (1)", transactionId=name)[1]
    assert "25P02" in sql.refused("select 1", transactionId=name)[1]
    sql("rollback to savepoint one", transactionId=name)
    sql("insert into sp values (2)", transactionId=name, continueAfterTimeout=True)
    assert sql.value("show statement_timeout", transactionId=name) == {"stringValue": "45s"}
    api.commit_transaction(transactionId=name, **where)
    assert sql.value("select sum(a) from sp") == {"longValue": 3}
    sql("drop table sp")


def test_one_transaction_runs_one_query_at_a_time(sql: Sql) -> None:
    api = sql.stacks.client("rds-data")
    where = {"resourceArn": sql.arn, "secretArn": sql.secret}
    name = api.begin_transaction(database="temporal", **where)["transactionId"]
    lock = "select pg_advisory_xact_lock(7)::text"
    other = api.begin_transaction(database="temporal", **where)["transactionId"]
    sql(lock, transactionId=other)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(sql, lock, transactionId=name)
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        assert until(lambda: slow.done() or sql.value(waiting)["longValue"] == 1)
        expected = ("DatabaseErrorException", "Transaction is still running a query")
        assert sql.refused("select 1", transactionId=name) == expected
        api.rollback_transaction(transactionId=other, **where)
        slow.result()
    api.rollback_transaction(transactionId=name, **where)


def test_a_batch_is_whole_or_not_at_all(sql: Sql) -> None:
    api = sql.stacks.client("rds-data")
    sql("create table if not exists batch (a int primary key)")
    given = {
        "resourceArn": sql.arn,
        "secretArn": sql.secret,
        "database": "temporal",
        "sql": "insert into batch values (:a)",
    }
    done = api.batch_execute_statement(parameterSets=[[named("a", longValue=1)], [named("a", longValue=2)]], **given)
    assert done["updateResults"] == [{"generatedFields": []}, {"generatedFields": []}]
    with pytest.raises(ClientError, match="duplicate key"):
        api.batch_execute_statement(parameterSets=[[named("a", longValue=3)], [named("a", longValue=1)]], **given)
    assert sql.value("select count(*) from batch") == {"longValue": 2}
    assert api.batch_execute_statement(**(given | {"sql": "insert into batch values (7)"}))["updateResults"] == []
    one = given | {"sql": "insert into batch values (7)", "parameterSets": [[]]}
    assert api.batch_execute_statement(**one)["updateResults"] == [{"generatedFields": []}]
    assert sql.value("select count(*) from batch") == {"longValue": 3}
    large = [[named("a", stringValue="x" * 60_000)]] * 75
    with pytest.raises(ClientError, match=r"BadRequestException.*4 MiB"):
        api.batch_execute_statement(parameterSets=large, **given)
    sql("drop table batch")


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("select * from nope", "DatabaseErrorException",
         'ERROR: relation "nope" does not exist; Position: 15; SQLState: 42P01'),
        ("select 1; select 2", "ValidationException", "Multistatements aren't supported."),
        ("select :missing", "BadRequestException", "Cannot find parameter: missing"),
        ("select repeat('x', 65537)", "UnsupportedResultException",
         "Packet for query is too large: a row of the result has 65537 bytes; the limit is 65536."),
        ("select repeat('x', 60000) from generate_series(1, 18)", "UnsupportedResultException",
         "The result exceeds the size limit 1 MB."),
        ("select row(1, 2)", "UnsupportedResultException", "unsupported data type"),
        ("create extension postgis", "DatabaseErrorException",
         'ERROR: extension "postgis" is not available here: Aurora PostgreSQL 13 and newer has it, the local'),
    ],
)  # fmt: skip
def test_refusals_in_the_service_s_words(sql: Sql, statement: str, code: str, words: str) -> None:
    assert sql.refused(statement)[0] == code
    assert words in sql.refused(statement)[1]


def test_what_surrounds_the_statement_is_checked(sql: Sql) -> None:
    secrets = sql.stacks.client("secretsmanager")
    wrong = secrets.create_secret(Name="wrong", SecretString='{"username": "boss", "password": "no"}')["ARN"]
    assert "password authentication failed" in sql.refused("select 1", secretArn=wrong)[1]
    bare = secrets.create_secret(Name="bare", SecretString='{"password": "no"}')["ARN"]
    assert sql.refused("select 1", secretArn=bare)[0] == "InvalidSecretException"
    assert sql.refused("select 1", secretArn=wrong.replace("wrong", "gone"))[0] == "SecretsErrorException"
    assert sql.refused("select 1", resourceArn=sql.arn + "x")[0] == "BadRequestException"
    assert 'database "nope" does not exist' in sql.refused("select 1", database="nope")[1]


def test_the_endpoint_is_open_only_when_the_template_says_so(sql: Sql) -> None:
    body = cluster(deletion="Delete", EnableHttpEndpoint=False)
    body["Outputs"] = {"Arn": {"Value": {"Fn::GetAtt": "C.DBClusterArn"}}}
    arn = sql.stacks.create("closed", body)["Arn"]
    assert sql.refused("select 1", resourceArn=arn)[0] == "HttpEndpointNotEnabledException"
    sql.stacks.delete("closed")
    bare = cluster(member=False, deletion="Delete")
    bare["Outputs"] = body["Outputs"]
    arn = sql.stacks.create("bare", bare)["Arn"]
    assert sql.refused("select 1", resourceArn=arn)[0] == "DatabaseNotFoundException"
    sql.stacks.delete("bare")


def test_a_paused_cluster_says_that_it_resumes_and_then_answers(sql: Sql, home: Home) -> None:
    record = read_record(home.record)
    assert record
    call(record, "POST", "pause", {"name": sql.arn.rpartition(":")[2], "resume_seconds": 0.4}, keys=keys_of(home))
    assert sql.refused("select 1")[0] == "DatabaseResumingException"
    assert until(sql.answers, pause=0.05)
    assert sql.value("select 1") == {"longValue": 1}
    with pytest.raises(OSError, match="no database is called"):
        call(record, "POST", "pause", {"name": "nope"}, keys=keys_of(home))


def test_a_mysql_cluster_without_a_server_says_that_it_is_a_record_only(
    own: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AURORA_CFN_MYSQL_BIN", "/nowhere")
    server = launcher.ensure_running(own)
    stacks = Stacks(clients_of(server))
    body = cluster(deletion="Delete", Engine="aurora-mysql", EngineVersion="8.0", EnableHttpEndpoint=True)
    body["Resources"]["I"]["Properties"]["Engine"] = "aurora-mysql"
    body["Resources"]["Box"] = {"Type": "AWS::RDS::DBInstance", "DeletionPolicy": "Delete", "Properties": {
        "Engine": "mysql", "DBInstanceClass": "db.t4g.micro", "AllocatedStorage": "20", "MasterUsername": "boss",
        "MasterUserPassword": "first-password"}}  # fmt: skip
    body["Outputs"] = {"Arn": {"Value": {"Fn::GetAtt": "C.DBClusterArn"}}}
    arn = stacks.create("mysql", body)["Arn"]
    code, words = Sql(stacks, arn, "arn:aws:secretsmanager:eu-west-1:000000000000:secret:none").refused("select 1")
    assert (code, "there is no MySQL or MariaDB on this machine" in words) == ("HttpEndpointNotEnabledException", True)
    found = status_page.status(own)
    assert found["mysql"].startswith("none on this machine: MySQL clusters are records only")
    assert [row["state"] for row in found["databases"]] == [
        f"a record only: no {engine} server behind it" for engine in ("aurora-mysql", "mysql")
    ]
