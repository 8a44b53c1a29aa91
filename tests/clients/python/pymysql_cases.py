from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any

import boto3
import pymysql
from cases import Cases, refused, same
from mysql_server import DATABASE, HOST, PORT, secret, trusted

cases = Cases()
master = secret()


def connect(**more: Any) -> Any:
    given = {"user": master["username"], "password": master["password"], "database": DATABASE, "ssl": trusted()} | more
    return pymysql.connect(host=HOST, port=PORT, connect_timeout=20, **given)


def case(topic: str, name: str) -> Callable[[Callable[[Any], None]], None]:
    def take(work: Callable[[Any], None]) -> None:
        def run() -> None:
            with closing(connect()) as connection, connection.cursor() as cursor:
                work(cursor)

        cases.add(topic, name, run)

    return take


def rows(c: Any, sql: str, *given: Any) -> Any:
    c.execute(sql, given or None)
    return c.fetchall()


@case("connection", "verified TLS with the password of the secret")
def connection(c: Any) -> None:
    same(rows(c, "show status like 'Ssl_version'")[0][1][:3], "TLS")


@case("tokens", "an IAM token over TLS, and a wrong one")
def tokens(c: Any) -> None:
    c.execute("drop user if exists tokened")
    c.execute("create user tokened identified with AWSAuthenticationPlugin as 'RDS'")
    token = boto3.client("rds").generate_db_auth_token(HOST, PORT, "tokened")
    with closing(connect(user="tokened", password=token, database=None)) as connection, connection.cursor() as cursor:
        same(rows(cursor, "select substring_index(current_user(), '@', 1)"), (("tokened",),))
    with refused("1045"):
        connect(user="tokened", password=token.replace("X-Amz-Signature=", "X-Amz-Signature=0"), database=None)


@case("types", "values with parameters")
def types(c: Any) -> None:
    c.execute("drop table if exists py_rows")
    c.execute("create table py_rows (id int auto_increment primary key, name varchar(20), n decimal(10, 2), f double, seen datetime, "
              "born date, data json, raw varbinary(20))")  # fmt: skip
    given = (
        "ä€😀",
        Decimal("1.50"),
        0.5,
        datetime.datetime(2026, 2, 3, 10, 11),
        datetime.date(2026, 2, 3),
        '{"a": 1}',
        b"\x00\xff",
    )
    c.execute("insert into py_rows (name, n, f, seen, born, data, raw) values (%s, %s, %s, %s, %s, %s, %s)", given)
    c.connection.commit()
    same(rows(c, "select name, n, f, seen, born, data, raw from py_rows where id = %s", c.lastrowid), (given,))


@case("nulls", "nulls")
def nulls(c: Any) -> None:
    same(rows(c, "select %s, null", None), ((None, None),))


@case("transactions", "rollback and commit")
def transactions(c: Any) -> None:
    for end, expected in ((c.connection.rollback, 0), (c.connection.commit, 1)):
        c.execute("insert into py_rows (name) values ('t')")
        end()
        same(rows(c, "select count(*) from py_rows where name = 't'"), ((expected,),))


@case("savepoints", "rollback to a savepoint")
def savepoints(c: Any) -> None:
    c.execute("savepoint one")
    c.execute("insert into py_rows (name) values ('s')")
    c.execute("rollback to savepoint one")
    c.connection.commit()
    same(rows(c, "select count(*) from py_rows where name = 's'"), ((0,),))


@case("batch", "many rows at once")
def batch(c: Any) -> None:
    same(c.executemany("insert into py_rows (name) values (%s)", [(f"b{number}",) for number in range(2000)]), 2000)
    c.connection.commit()


@case("big results", "forty megabytes, streamed")
def big(_: Any) -> None:
    with closing(connect(cursorclass=pymysql.cursors.SSCursor)) as connection, connection.cursor() as cursor:
        cursor.execute("select a.name, repeat('x', 10000) from py_rows a, (select 1 union all select 2) b")
        same(sum(len(row[1]) for row in cursor) > 40_000_000, True)


@case("big results", "a packet of six megabytes each way")
def packets(c: Any) -> None:
    text = "x" * 6_000_000
    same(rows(c, "select %s", text)[0][0] == text, True)


@case("errors", "MySQL's numbers")
def errors(c: Any) -> None:
    for sql, number in (
        ("select * from nope", "1146"),
        ("insert into py_rows (id) values (1)", "1062"),
        ("selec", "1064"),
    ):
        with refused(number):
            c.execute(sql)


@case("errors", "a wrong password")
def wrong(_: Any) -> None:
    with refused("1045"):
        connect(password="wrong")


@case("errors", "what only the service may do")
def kept(c: Any) -> None:
    for sql in ("select 1 into outfile '/tmp/x'", "shutdown"):
        with refused("(1"):
            c.execute(sql)


cases.run()
