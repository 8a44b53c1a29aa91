"""The Data API of the emulator as boto3 sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import read_record
from aurora_cfn.local.wire import call
from tests.local.conftest import Stacks, clients_of
from tests.local.rds.test_stacks_with_databases import cluster

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


@pytest.fixture(scope="module")
def sql(server: LocalServer) -> Iterator[Sql]:
    stacks = Stacks(clients_of(server.endpoint, "222222222222"))
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
        ("'1 day'::interval", {"stringValue": "1 day"}, "interval", "1 day"),
        ("'{\"a\": 1}'::jsonb", {"stringValue": '{"a": 1}'}, "jsonb", '{"a": 1}'),
        ("'12345678-1234-1234-1234-123456789abc'::uuid", {"stringValue": "12345678-1234-1234-1234-123456789abc"},
         "uuid", "12345678-1234-1234-1234-123456789abc"),
        ("'10.0.0.0/8'::inet", {"stringValue": "10.0.0.0/8"}, "inet", "10.0.0.0/8"),
        ("array[1,2]", {"arrayValue": {"longValues": [1, 2]}}, "_int4", [1, 2]),
        ("array['a,b','c\"d','']", {"arrayValue": {"stringValues": ["a,b", 'c"d', ""]}}, "_text", ["a,b", 'c"d', ""]),
        ("array[[1],[2]]", {"arrayValue": {"arrayValues": [{"longValues": [1]}, {"longValues": [2]}]}}, "_int4",
         [[1], [2]]),
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


def test_a_column_tells_where_it_comes_from(sql: Sql) -> None:
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
    ],
)  # fmt: skip
def test_parameters(sql: Sql, statement: str, parameter: dict[str, Any], field: dict[str, Any]) -> None:
    assert sql.value(statement, parameter) == field


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
    sql("drop table batch")


@pytest.mark.parametrize(
    ("statement", "code", "words"),
    [
        ("select * from nope", "DatabaseErrorException",
         'ERROR: relation "nope" does not exist; Position: 15; SQLState: 42P01'),
        ("select 1; select 2", "ValidationException", "Multistatements aren't supported."),
        ("select :missing", "BadRequestException", "Cannot find parameter: missing"),
        ("select repeat('x', 1100000)", "BadRequestException",
         "Database returned more than the allowed response size limit"),
        ("select row(1, 2)", "UnsupportedResultException", "unsupported data type"),
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
    call(record, "POST", "pause", {"name": sql.arn.rpartition(":")[2], "resume_seconds": 0.4})
    assert sql.refused("select 1")[0] == "DatabaseResumingException"
    assert sql.refused("select 1")[0] == "DatabaseResumingException"
    time.sleep(0.5)
    assert sql.value("select 1") == {"longValue": 1}
    with pytest.raises(OSError, match="no database is called"):
        call(record, "POST", "pause", {"name": "nope"})


def test_a_mysql_cluster_says_that_it_is_a_record_only(sql: Sql) -> None:
    body = cluster(deletion="Delete", Engine="aurora-mysql", EngineVersion="8.0", EnableHttpEndpoint=True)
    body["Resources"]["I"]["Properties"]["Engine"] = "aurora-mysql"
    body["Outputs"] = {"Arn": {"Value": {"Fn::GetAtt": "C.DBClusterArn"}}}
    code, words = sql.refused("select 1", resourceArn=sql.stacks.create("mysql", body)["Arn"])
    assert (code, "there is no MySQL in the emulator" in words) == ("HttpEndpointNotEnabledException", True)
