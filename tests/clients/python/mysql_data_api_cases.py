from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from cases import Cases, refused, same
from mysql_server import CLUSTER, DATABASE

api = boto3.client("rds-data", config=Config(retries={"max_attempts": 0}))
cases = Cases()


def execute(sql: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return api.execute_statement(**CLUSTER, database=DATABASE, sql=sql, parameters=list(parameters), **more)


def value(sql: str, *parameters: dict[str, Any], **more: Any) -> Any:
    return execute(sql, *parameters, **more)["records"][0][0]


def named(name: str, hint: str = "", **content: Any) -> dict[str, Any]:
    return {"name": name, "value": content} | ({"typeHint": hint} if hint else {})


execute("drop table if exists api_types")
execute("create table api_types (id int auto_increment primary key, t tinyint(1), s smallint, b bigint, d decimal(10, 2), f double, "
        "v varchar(20), j json, w date, ti time, dt datetime, bl blob)")  # fmt: skip
for column, given, expected in [
    ("t", named("p", booleanValue=True), {"booleanValue": True}), ("s", named("p", longValue=-5), {"longValue": -5}),
    ("b", named("p", longValue=2**62), {"longValue": 2**62}), ("f", named("p", doubleValue=0.5), {"doubleValue": 0.5}),
    ("d", named("p", "DECIMAL", stringValue="1.50"), {"stringValue": "1.50"}),
    ("v", named("p", stringValue="ä€😀"), {"stringValue": "ä€😀"}),
    ("j", named("p", "JSON", stringValue='{"a": 1}'), {"stringValue": '{"a": 1}'}),
    ("w", named("p", "DATE", stringValue="2026-02-03"), {"stringValue": "2026-02-03"}),
    ("ti", named("p", "TIME", stringValue="10:11:12"), {"stringValue": "10:11:12"}),
    ("dt", named("p", "TIMESTAMP", stringValue="2026-02-03 10:11:12"), {"stringValue": "2026-02-03 10:11:12"}),
    ("bl", named("p", blobValue=b"\x00\xff"), {"blobValue": b"\x00\xff"}), ("v", named("p", isNull=True), {"isNull": True}),
]:  # fmt: skip

    def there_and_back(c: str = column, g: dict[str, Any] = given, e: dict[str, Any] = expected) -> None:
        found = execute(f"insert into api_types ({c}) values (:p)", g)
        same(value(f"select {c} from api_types where id = :id", named("id", **found["generatedFields"][0])), e)

    cases.add(
        "nulls" if "isNull" in expected else "types", f"{column} goes in and comes back: {expected}", there_and_back
    )


@cases.case("types", "metadata")
def metadata() -> None:
    found = execute("select id, d from api_types limit 1", includeResultMetadata=True)["columnMetadata"]
    same([(row["label"], row["typeName"]) for row in found], [("id", "INT"), ("d", "DECIMAL")])


@cases.case("arrays", "an array as a parameter is refused")
def arrays() -> None:
    with refused("BadRequestException"):
        value("select :p", named("p", arrayValue={"longValues": [1]}))


@cases.case("transactions", "commit and rollback")
def transactions() -> None:
    execute("drop table if exists api_rows")
    execute("create table api_rows (a int primary key)")
    for end, expected in ((api.rollback_transaction, 0), (api.commit_transaction, 1)):
        begun = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
        same(execute("insert into api_rows values (1)", transactionId=begun)["numberOfRecordsUpdated"], 1)
        end(**CLUSTER, transactionId=begun)
        same(value("select count(*) from api_rows"), {"longValue": expected})


@cases.case("savepoints", "rollback to a savepoint after an error")
def savepoints() -> None:
    begun = api.begin_transaction(**CLUSTER, database=DATABASE)["transactionId"]
    execute("savepoint one", transactionId=begun)
    with refused("Duplicate entry"):
        execute("insert into api_rows values (1)", transactionId=begun)
    execute("rollback to savepoint one", transactionId=begun)
    execute("insert into api_rows values (2)", transactionId=begun)
    api.commit_transaction(**CLUSTER, transactionId=begun)
    same(value("select count(*) from api_rows"), {"longValue": 2})


@cases.case("batch", "sets of parameters, with the ids that they got")
def batch() -> None:
    sets = [[named("v", stringValue=f"row {number}")] for number in range(100)]
    found = api.batch_execute_statement(
        **CLUSTER, database=DATABASE, sql="insert into api_types (v) values (:v)", parameterSets=sets
    )
    ids = [row["generatedFields"][0]["longValue"] for row in found["updateResults"]]
    same((len(set(ids)), ids), (100, sorted(ids)))


@cases.case("big results", "over 1 MiB")
def big() -> None:
    with refused("UnsupportedResultException"):
        execute(
            "with recursive n as (select 1 as i union all select i + 1 from n where i < 900) select repeat('x', 2000) from n"
        )


@cases.case("big results", "formatted as JSON")
def formatted() -> None:
    sql = "with recursive n as (select 1 as i union all select i + 1 from n where i < 900) select i, repeat('x', 2000) as v from n"
    rows = json.loads(execute(sql, formatRecordsAs="JSON")["formattedRecords"])
    same((len(rows), rows[0]["i"], len(rows[0]["v"])), (900, 1, 2000))


@cases.case("errors", "the database's own message")
def errors() -> None:
    with refused("DatabaseErrorException"):
        execute("select * from nope")
    with refused("doesn't exist"):
        execute("select * from nope")


cases.run()
