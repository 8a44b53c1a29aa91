from __future__ import annotations

import json
import math
import threading
import time
from typing import Any

import boto3
from botocore.config import Config
from cases import CLUSTER, DATABASE, Cases, refused, same

api = boto3.client("rds-data", config=Config(retries={"max_attempts": 0}))
cases = Cases()


def execute(sql: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return api.execute_statement(**CLUSTER, **({"database": DATABASE} | more), sql=sql, parameters=list(parameters))


def value(sql: str, *parameters: dict[str, Any], **more: Any) -> Any:
    return execute(sql, *parameters, **more)["records"][0][0]


def named(name: str, hint: str = "", **content: Any) -> dict[str, Any]:
    return {"name": name, "value": content} | ({"typeHint": hint} if hint else {})


for expression, expected in [
    ("1::int2", {"longValue": 1}), ("9007199254740993", {"longValue": 9007199254740993}), ("1.5::float4", {"doubleValue": 1.5}),
    ("12.340", {"stringValue": "12.340"}), ("true", {"booleanValue": True}), ("'ä€'::text", {"stringValue": "ä€"}),
    ("'\\x00ff'::bytea", {"blobValue": b"\x00\xff"}), ("date '2026-02-03'", {"stringValue": "2026-02-03"}),
    ("time '10:11:12'", {"stringValue": "10:11:12"}), ("timestamp '2026-02-03 10:11:12'", {"stringValue": "2026-02-03 10:11:12"}),
    ("timestamptz '2026-02-03 10:11:12+02'", {"stringValue": "2026-02-03 08:11:12"}),
    ("'{\"a\": 1}'::jsonb", {"stringValue": '{"a": 1}'}), ("'10.0.0.0/8'::cidr", {"stringValue": "10.0.0.0/8"}),
    ("'12345678-1234-1234-1234-123456789abc'::uuid", {"stringValue": "12345678-1234-1234-1234-123456789abc"}),
    ("null::int", {"isNull": True}), ("array[1, 2]", {"arrayValue": {"longValues": [1, 2]}}),
    ("array[1.5::float8]", {"arrayValue": {"doubleValues": [1.5]}}), ("array[true]", {"arrayValue": {"booleanValues": [True]}}),
    ("array['a,b']", {"arrayValue": {"stringValues": ["a,b"]}}), ("array[1, 2, 3][1:2]", {"arrayValue": {"longValues": [1, 2]}}),
]:  # fmt: skip
    topic = "arrays" if "array" in expression else "nulls" if "null" in expression else "types"
    select = expression if "][" not in expression else "(array[1, 2, 3])[1:2]"
    cases.add(topic, f"{expression} is returned", lambda s=select, e=expected: same(value(f"select {s}"), e))

for expression in ["array[[1], [2]]", "'a'::\"char\"", "'int'::regtype", "point '(1,2)'", "int4range(1, 2)", "xml '<a/>'",
                   "'1'::money", "pg_sleep(0)", "interval '1 day'"]:  # fmt: skip

    def unsupported(e: str = expression) -> None:
        with refused("UnsupportedResultException"):
            value(f"select {e}")

    cases.add("types", f"{expression} is refused", unsupported)


@cases.case("types", "NaN and infinity")
def nan() -> None:
    assert math.isnan(float(value("select 'NaN'::float8")["doubleValue"]))
    assert math.isinf(float(value("select 'Infinity'::float8")["doubleValue"]))


@cases.case("types", "each kind of parameter")
def parameters() -> None:
    for content in ({"stringValue": "it's :x"}, {"longValue": -5}, {"doubleValue": 0.1}, {"booleanValue": False},
                    {"blobValue": b"\x00"}):  # fmt: skip
        same(value("select :p", named("p", **content)), content)
    same(value("select :1::int + :2::int", named("1", longValue=1), named("2", longValue=2)), {"longValue": 3})


@cases.case("types", "type hints and their forms")
def hints() -> None:
    for hint, text in (("DATE", "2026-02-03"), ("TIME", "10:11:12"), ("TIMESTAMP", "2026-02-03 10:11:12"), ("DECIMAL", "1.20"),
                       ("UUID", "12345678-1234-1234-1234-123456789abc"), ("JSON", '{"a": 1}')):  # fmt: skip
        same(value("select :p", named("p", hint, stringValue=text)), {"stringValue": text})
    for hint, text in (("DATE", "tomorrow"), ("TIMESTAMP", "2026-02-03 10:11:12+02"), ("TIME", "10:11")):
        with refused("BadRequestException"):
            value("select :p", named("p", hint, stringValue=text))


@cases.case("types", "timestamptz in UTC in any time zone")
def utc() -> None:
    name = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
    execute("set local timezone = 'Asia/Kolkata'", transactionId=name)
    same(
        value("select timestamptz '2026-02-03 10:11:12+00'", transactionId=name), {"stringValue": "2026-02-03 10:11:12"}
    )
    api.rollback_transaction(**CLUSTER, transactionId=name)


@cases.case("types", "decimalReturnType and longReturnType")
def options() -> None:
    given = {"decimalReturnType": "DOUBLE_OR_LONG", "longReturnType": "STRING"}
    same(execute("select 1.5, 2::numeric, 3", resultSetOptions=given)["records"][0],
         [{"doubleValue": 1.5}, {"longValue": 2}, {"stringValue": "3"}])  # fmt: skip


@cases.case("nulls", "a null parameter")
def null() -> None:
    same(value("select :p::int", named("p", isNull=True)), {"isNull": True})
    same(value("select coalesce(:p, 'x')", named("p", isNull=True)), {"stringValue": "x"})


@cases.case("transactions", "commit and rollback")
def transactions() -> None:
    execute("drop table if exists boto3_rows")
    execute("create table boto3_rows (a int primary key)")
    for end, expected in ((api.rollback_transaction, 0), (api.commit_transaction, 1)):
        name = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
        execute("insert into boto3_rows values (1)", transactionId=name)
        end(**CLUSTER, transactionId=name)
        same(value("select count(*) from boto3_rows"), {"longValue": expected})


@cases.case("transactions", "a second query while the first one runs")
def busy() -> None:
    name = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
    slow = threading.Thread(target=lambda: execute("select pg_sleep(1)::text", transactionId=name))
    slow.start()
    time.sleep(0.3)
    with refused("Transaction is still running a query"):
        execute("select 1", transactionId=name)
    slow.join()
    api.rollback_transaction(**CLUSTER, transactionId=name)


@cases.case("savepoints", "rollback to a savepoint after an error")
def savepoint() -> None:
    name = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
    execute("savepoint one", transactionId=name)
    with refused("23505"):
        execute("insert into boto3_rows values (1)", transactionId=name)
    execute("rollback to savepoint one", transactionId=name)
    execute("insert into boto3_rows values (2)", transactionId=name)
    api.commit_transaction(**CLUSTER, transactionId=name)
    same(value("select count(*) from boto3_rows"), {"longValue": 2})


def batch(sets: list[Any], sql: str = "insert into boto3_rows values (:a)") -> dict[str, Any]:
    return api.batch_execute_statement(**CLUSTER, database=DATABASE, sql=sql, parameterSets=sets)


@cases.case("batch", "sets of parameters, all or none")
def batches() -> None:
    same(len(batch([[named("a", longValue=number)] for number in range(10, 210)])["updateResults"]), 200)
    with refused("23505"):
        batch([[named("a", longValue=999)], [named("a", longValue=1)]])
    same(value("select count(*) from boto3_rows where a = 999"), {"longValue": 0})


@cases.case("batch", "without sets nothing runs")
def no_sets() -> None:
    same(batch([], "insert into boto3_rows values (777)")["updateResults"], [])
    same(value("select count(*) from boto3_rows where a = 777"), {"longValue": 0})


@cases.case("batch", "a request over 4 MiB")
def large_request() -> None:
    with refused("BadRequestException"):
        batch([[named("a", stringValue="x" * 60_000)]] * 75)


@cases.case("big results", "over 1 MiB, and 10 MB formatted")
def big() -> None:
    query = "select repeat('x', 10000) as v from generate_series(1, {})"
    same(len(execute(query.format(90))["records"]), 90)
    with refused("UnsupportedResultException"):
        execute(query.format(110))
    same(len(json.loads(execute(query.format(900), formatRecordsAs="JSON")["formattedRecords"])), 900)
    with refused("UnsupportedResultException"):
        execute(query.format(1100), formatRecordsAs="JSON")


@cases.case("big results", "a row over 64 KB")
def big_row() -> None:
    same(len(value("select repeat('x', 65000)")["stringValue"]), 65000)
    with refused("Packet for query is too large"):
        execute("select repeat('x', 66000)")


@cases.case("errors", "the exceptions of the service")
def errors() -> None:
    for sql, words in (("select * from nope", "Position: 15; SQLState: 42P01"), ("select :missing", "Cannot find parameter: missing"),
                       ("select 1; select 2", "Multistatements aren't supported.")):  # fmt: skip
        with refused(words):
            execute(sql)
    with refused("TransactionNotFoundException"):
        execute("select 1", transactionId="none")
    with refused("schema parameter"):
        execute("select 1", schema="public")


cases.run()
