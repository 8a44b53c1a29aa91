from __future__ import annotations

import datetime
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any

import boto3
import mysql.connector
from cases import Cases, refused, same
from mysql.connector import errorcode
from mysql.connector.pooling import MySQLConnectionPool
from mysql_server import AUTHORITY, DATABASE, HOST, PORT, secret, writer

cases = Cases()


def given(**more: Any) -> dict[str, Any]:
    master = secret()
    return {
        "host": HOST, "port": PORT, "user": master["username"], "password": master["password"], "database": DATABASE,
        "ssl_ca": AUTHORITY, "ssl_verify_cert": True, "ssl_verify_identity": True, "connection_timeout": 20,
    } | more  # fmt: skip


def case(topic: str, name: str) -> Callable[[Callable[[Any], None]], None]:
    def take(work: Callable[[Any], None]) -> None:
        def run() -> None:
            # The extension in C, where its wheel finds OpenSSL 3.2; else the one in Python.
            with closing(mysql.connector.connect(**given())) as connection:
                work(connection)

        cases.add(topic, name, run)

    return take


def rows(c: Any, sql: str, *values: Any, **kind: Any) -> Any:
    with closing(c.cursor(**kind)) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.with_rows else cursor.rowcount


@case("connection", "verified TLS; another authority and a wrong password are refused")
def tls(c: Any) -> None:
    same(rows(c, "show status like 'Ssl_version'")[0][1][:3], "TLS")
    with refused("1045"):
        mysql.connector.connect(**given(password="wrong"))
    with refused("ertificate"):
        mysql.connector.connect(**given(ssl_ca="/etc/ssl/certs/ca-certificates.crt"))


@case("tokens", "an IAM token by mysql_clear_password")
def tokens(c: Any) -> None:
    rows(c, "drop user if exists connected")
    rows(c, "create user connected identified with AWSAuthenticationPlugin as 'RDS'")
    token = boto3.client("rds").generate_db_auth_token(HOST, PORT, "connected")
    login = given(user="connected", password=token, auth_plugin="mysql_clear_password", database=None)
    with closing(mysql.connector.connect(**login)) as other:
        same(rows(other, "select substring_index(current_user(), '@', 1)"), [("connected",)])


@case("types", "values in text and in prepared statements")
def types(c: Any) -> None:
    rows(c, "drop table if exists connector_rows")
    rows(c, "create table connector_rows (id int auto_increment primary key, s varchar(20) unique, n bigint unsigned, d decimal(10, 2), f double, "
            "w datetime(6), t time, b varbinary(9), j json, e enum('a', 'b'), z set('x', 'y'), y year)")  # fmt: skip
    when = datetime.datetime(2026, 2, 3, 10, 11, 12, 13)
    values = (
        "ä€😀",
        2**63,
        Decimal("1.50"),
        0.5,
        when,
        datetime.timedelta(hours=30),
        b"\0\xff",
        '{"a": 1}',
        "b",
        {"x", "y"},
        2026,
    )
    for prepared in (False, True):
        given = (*values[:9], "x,y", 2026)
        rows(c, "delete from connector_rows")
        rows(
            c,
            f"insert into connector_rows (s, n, d, f, w, t, b, j, e, z, y) values ({', '.join(['%s'] * 11)})",
            *given,
            prepared=prepared,
        )
        found = list(
            rows(c, "select s, n, d, f, w, t, b, cast(j as char), e, z, y from connector_rows", prepared=prepared)[0]
        )
        found[6] = bytes(found[6])
        same(
            [found[:9], set(found[9].split(",") if isinstance(found[9], str) else found[9])],
            [list(values[:9]), {"x", "y"}],
        )
    c.commit()


@case("batch", "executemany, and several statements in one")
def batch(c: Any) -> None:
    with closing(c.cursor()) as cursor:
        cursor.executemany("insert into connector_rows (s) values (%s)", [(f"n{number}",) for number in range(3000)])
        same(cursor.rowcount, 3000)
        cursor.execute("select 1; select 2")
        same(cursor.fetchall(), [(1,)])
        cursor.nextset()
        same(cursor.fetchall(), [(2,)])
    c.rollback()


@case("transactions", "isolation, a savepoint, a deadlock's number, and a lock that takes too long")
def transactions(c: Any) -> None:
    c.start_transaction(isolation_level="SERIALIZABLE")
    rows(c, "insert into connector_rows (s) values ('t')")
    rows(c, "savepoint one")
    with refused(str(errorcode.ER_DUP_ENTRY)):
        rows(c, "insert into connector_rows (s) values ('t')")
    rows(c, "rollback to savepoint one")
    with closing(mysql.connector.connect(**given())) as other:
        rows(other, "set innodb_lock_wait_timeout = 1")
        with refused(str(errorcode.ER_LOCK_WAIT_TIMEOUT)):
            rows(other, "update connector_rows set n = 1 where s = 't'")
    c.rollback()


@case("procedures", "a procedure with results")
def procedures(c: Any) -> None:
    rows(c, "drop procedure if exists connector_two")
    rows(c, "create procedure connector_two(in a int, out b int) begin select a; set b = a * 2; end")
    with closing(c.cursor()) as cursor:
        same(cursor.callproc("connector_two", (21, 0)), (21, 42))
        same([part.fetchall() for part in cursor.stored_results()], [[(21,)]])


@case("big results", "twenty megabytes, unbuffered, and a parameter of eight")
def big(c: Any) -> None:
    text = "x" * 8_000_000
    same(len(rows(c, "select %s", text)[0][0]), 8_000_000)
    with closing(c.cursor(buffered=False)) as cursor:
        cursor.execute("select repeat('x', 10000) from seq_1_to_2000" if "Maria" in c.server_info else
                       "with recursive n as (select 1 a union all select a + 1 from n where a < 2000) select /*+ set_var(cte_max_recursion_depth = 3000) */ repeat('x', 10000) from n")  # fmt: skip
        same(sum(len(row[0]) for row in cursor), 20_000_000)


@case("timeouts", "reset_session, is_connected, and a killed session")
def sessions(c: Any) -> None:
    c.reset_session(session_variables={"time_zone": "+05:30"})
    same(rows(c, "select @@session.time_zone"), [("+05:30",)])
    with closing(mysql.connector.connect(**given())) as other:
        rows(other, f"call mysql.rds_kill({c.connection_id})")
    same(c.is_connected(), False)
    c.reconnect()
    same(rows(c, "select 1"), [(1,)])


@cases.case("pool", "a pool, and a reboot of the writer")
def pool() -> None:
    pool = MySQLConnectionPool(pool_name="p", pool_size=3, **given())
    with closing(pool.get_connection()) as c:
        same(rows(c, "select 1"), [(1,)])
    boto3.client("rds").reboot_db_instance(DBInstanceIdentifier=writer())
    with closing(pool.get_connection()) as c:
        same(rows(c, "select 1"), [(1,)])


cases.run()
