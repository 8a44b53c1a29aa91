from __future__ import annotations

import datetime
import decimal
from typing import Any

import aurora_data_api
from cases import CLUSTER, DATABASE, Cases, refused, same

cases = Cases()


def connect() -> Any:
    return aurora_data_api.connect(
        aurora_cluster_arn=CLUSTER["resourceArn"], secret_arn=CLUSTER["secretArn"], database=DATABASE
    )


def rows(sql: str, parameters: dict[str, Any] | None = None) -> list[Any]:
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@cases.case("schema", "a table")
def schema() -> None:
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("drop table if exists ada")
        cursor.execute("create table ada (id int primary key, name text, n numeric, day date, at timestamp)")


@cases.case("types", "values go in and come back")
def types() -> None:
    given = {"id": 1, "name": "ä", "n": decimal.Decimal("1.50"), "day": datetime.date(2026, 2, 3),
             "at": datetime.datetime(2026, 2, 3, 10, 11, 12, 250000)}  # fmt: skip
    found = rows("insert into ada values (:id, :name, :n, :day, :at) returning *", given)
    same(found, [tuple(given.values())])


@cases.case("nulls", "nulls")
def nulls() -> None:
    same(rows("select :p::int", {"p": None}), [(None,)])


@cases.case("arrays", "arrays")
def arrays() -> None:
    same(rows("select array[1, 2], array['a']"), [([1, 2], ["a"])])


@cases.case("transactions", "rollback")
def rollback() -> None:
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("insert into ada (id) values (2)")
    connection.rollback()
    same(rows("select count(*) from ada where id = 2"), [(0,)])


@cases.case("savepoints", "rollback to a savepoint after an error")
def savepoint() -> None:
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("savepoint one")
        with refused("23505"):
            cursor.execute("insert into ada (id) values (1)")
        cursor.execute("rollback to savepoint one")
        cursor.execute("insert into ada (id) values (3)")
    same(rows("select count(*) from ada where id = 3"), [(1,)])


@cases.case("batch", "executemany")
def batch() -> None:
    with connect() as connection:
        connection.cursor().executemany(
            "insert into ada (id) values (:id)", [{"id": number} for number in range(10, 1510)]
        )
    same(rows("select count(*) from ada where id >= 10"), [(1500,)])


@cases.case("big results", "a scrollable cursor over more than 1 MiB")
def cursor() -> None:
    with connect() as connection:
        cursor = connection.cursor()
        cursor.execute("declare c scroll cursor for select repeat('x', 10000) from generate_series(1, 200)")
        found = 0
        while True:
            cursor.execute("fetch 50 from c")
            page = cursor.fetchall()
            found += len(page)
            if not page:
                break
    same(found, 200)


@cases.case(
    "big results",
    "more than 1 MiB is read in pages by itself",
    "aurora-data-api: it waits for the exception of Serverless v1 before it reads in pages",
)
def pages() -> None:
    same(len(rows("select repeat('x', 10000) from generate_series(1, 200)")), 200)


@cases.case("errors", "the classes of errors")
def errors() -> None:
    with refused("42P01"):
        rows("select * from nope")


cases.run()
