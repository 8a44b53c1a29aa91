from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import boto3
import psycopg
from cases import CLUSTER, Cases, refused, same
from postgres import dsn, pause, reboot, secret, token
from psycopg.types.json import Jsonb
from psycopg.types.range import Range
from psycopg_pool import ConnectionPool

cases = Cases()


def connect(**more: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(dsn(**more), autocommit=True)


def case(topic: str, name: str) -> Callable[[Callable[[Any], None]], None]:
    def take(work: Callable[[Any], None]) -> None:
        def run() -> None:
            with connect() as connection:
                work(connection)

        cases.add(topic, name, run)

    return take


def value(c: Any, sql: str, *given: Any) -> Any:
    return c.execute(sql, given or None).fetchone()[0]


@case("connection", "verified TLS with the password of the secret")
def tls(c: Any) -> None:
    same(c.pgconn.ssl_in_use, True)
    same((c.info.server_version // 10000 >= 15, c.info.parameter_status("is_superuser")), (True, "off"))


@cases.case("connection", "refused: another authority, no TLS, a wrong password, an unknown database")
def not_connected() -> None:
    for words, more in (("certificate verify failed", {"sslrootcert": "system"}), ("no encryption", {"sslmode": "disable", "sslrootcert": ""}),
                        ("password authentication failed", {"password": "wrong"}), ('database "nope" does not exist', {"dbname": "nope"})):  # fmt: skip
        with refused(words):
            connect(**more)


@cases.case("connection", "sslnegotiation, require_auth and target_session_attrs of libpq")
def libpq_options() -> None:
    for more in ({"require_auth": "scram-sha-256"}, {"target_session_attrs": "read-write"}, {"sslnegotiation": "direct"},
                 {"gssencmode": "prefer"}, {"options": "-c statement_timeout=1234"}, {"keepalives": 1, "connect_timeout": 5}):  # fmt: skip
        with connect(**more) as c:
            same(value(c, "show statement_timeout"), "1234ms" if "options" in more else "0")


@cases.case("tokens", "an IAM token; a wrong one, one of another user and one without TLS are refused")
def tokens() -> None:
    with connect() as c:
        c.execute("drop role if exists tokened")
        c.execute("create user tokened")
        c.execute("grant rds_iam to tokened")
    given = token("tokened")
    with connect(user="tokened", password=given) as c:
        same(value(c, "select current_user"), "tokened")
    for password in (given.replace("X-Amz-Signature=", "X-Amz-Signature=0"), token("other")):
        with refused("authentication failed"):
            connect(user="tokened", password=password)


@case("types", "values go in and come back, in text and binary")
def types(c: Any) -> None:
    zone = datetime.timezone(datetime.timedelta(hours=2))
    given = [
        True, -5, 2**40, 0.1, Decimal("12.340"), "ä€😀", b"\x00\xff", datetime.date(2026, 2, 3), datetime.time(10, 11, 12, 13),
        datetime.datetime(2026, 2, 3, 10, 11, 12, 13), datetime.datetime(2026, 2, 3, 10, 11, tzinfo=zone),
        datetime.timedelta(days=3, seconds=4, microseconds=5), UUID(int=7), [1, None, 3], [[1, 2], [3, 4]],
        Range(datetime.date(2026, 1, 1), None), ip_network("10.0.0.0/8"), None,
    ]  # fmt: skip
    for binary in (False, True):
        cursor = c.cursor(binary=binary)
        for each in given:
            same(cursor.execute("select %b" if binary else "select %t", [each]).fetchone()[0], each)
    same(value(c, "select %s", Jsonb({"a": [1, None]})), {"a": [1, None]})
    same(value(c, "select %s::int4range", Range(1, 5)), Range(1, 5))
    same(value(c, "select %s::text[]", ["a,b", '"', "", None]), ["a,b", '"', "", None])


@case("types", "time zones, infinity and intervals of months")
def times(c: Any) -> None:
    c.execute("set timezone to 'Asia/Kolkata'")
    same(value(c, "select timestamptz '2026-02-03 10:00+00'").isoformat(), "2026-02-03T15:30:00+05:30")
    with refused("timestamp too large"):
        value(c, "select timestamp 'infinity'")
    same(value(c, "select interval '1 year 2 months 3 days'"), datetime.timedelta(days=365 + 60 + 3))


@case("prepared", "prepared statements survive a change of the schema")
def prepared(c: Any) -> None:
    c.execute("create temp table p (a int)")
    for number in range(8):
        c.execute("insert into p values (%s)", [number], prepare=True)
    same(c.execute("select * from p where a = %s", [7], prepare=True).fetchone(), (7,))
    same(value(c, "select count(*) > 0 from pg_prepared_statements"), True)
    c.execute("alter table p add b int")
    same(c.execute("select * from p where a = %s", [7], prepare=True).fetchone(), (7, None))


@case("prepared", "a pipeline, and an error inside it")
def pipeline(c: Any) -> None:
    with c.pipeline():
        found = [c.execute("select %s::int", [number]) for number in range(200)]
    same(sum(cursor.fetchone()[0] for cursor in found), 19900)
    with refused("DivisionByZero"), c.pipeline():
        c.execute("select 1")
        c.execute("select 1 / 0")


@case("big results", "sixty megabytes by a server-side cursor, and in one result")
def big(c: Any) -> None:
    with c.transaction(), c.cursor("big") as cursor:
        cursor.itersize = 500
        cursor.execute("select repeat('x', 10000) from generate_series(1, 3000)")
        same(sum(len(row[0]) for row in cursor), 30_000_000)
    same(len(c.execute("select repeat('x', 10000) from generate_series(1, 3000)").fetchall()), 3000)
    same(len(value(c, "select %s::bytea", b"x" * 30_000_000)), 30_000_000)


@case("copy", "in and out, text and binary, and broken off")
def copy(c: Any) -> None:
    c.execute("create temp table copied (a int, b text, c timestamptz)")
    when = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    for options in ("", " with (format binary)"):
        with c.cursor().copy(f"copy copied from stdin{options}") as copying:
            if options:
                copying.set_types(["int4", "text", "timestamptz"])
            for number in range(5000):
                copying.write_row((number, "a\tb\\", when))
    same(value(c, "select count(*) from copied where b = E'a\\tb\\\\'"), 10000)
    with c.cursor().copy("copy copied to stdout (format csv)") as copying:
        same(sum(bytes(part).count(b"\n") for part in copying), 10000)
    with refused("ZeroDivisionError"), c.cursor().copy("copy copied from stdin") as copying:
        copying.write_row((1, "x", when))
        1 / 0  # noqa: B018 # the copy is broken off
    same(value(c, "select count(*) from copied"), 10000)


@case("transactions", "savepoints, read only, isolation levels")
def transactions(c: Any) -> None:
    c.execute("drop table if exists psycopg_rows")
    c.execute("create table psycopg_rows (a int primary key, b int default 0)")
    c.execute("insert into psycopg_rows values (1), (2)")
    with c.transaction():
        with refused("UniqueViolation"), c.transaction():
            c.execute("insert into psycopg_rows values (1)")
        c.execute("insert into psycopg_rows values (3)")
    same(value(c, "select count(*) from psycopg_rows"), 3)
    c.read_only = True
    with refused("ReadOnlySqlTransaction"), c.transaction():
        c.execute("insert into psycopg_rows values (4)")


@cases.case("transactions", "a serialization failure, a deadlock, and a lock timeout")
def conflicts() -> None:
    with connect() as one, connect() as two:
        for each in (one, two):
            each.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
            each.autocommit = False
            each.execute("select sum(b) from psycopg_rows")
        one.execute("insert into psycopg_rows values (10, 1)")
        two.execute("insert into psycopg_rows values (11, 1)")
        one.commit()
        with refused("SerializationFailure"):
            two.commit()
    with connect() as one, connect() as two:
        for each, row in ((one, 1), (two, 2)):
            each.execute("begin")
            each.execute("update psycopg_rows set b = 1 where a = %s", [row])
        two.execute("set local lock_timeout = '100ms'")
        with refused("LockNotAvailable"):
            two.execute("update psycopg_rows set b = 2 where a = 1")
    with connect() as one, connect() as two:
        failed: list[str] = []

        def work(c: Any, first: int, second: int) -> None:
            try:
                with c.transaction():
                    c.execute("update psycopg_rows set b = 1 where a = %s", [first])
                    time.sleep(0.3)
                    c.execute("update psycopg_rows set b = 1 where a = %s", [second])
            except psycopg.errors.DeadlockDetected as error:
                failed.append(str(error.sqlstate))

        threads = [threading.Thread(target=work, args=row) for row in ((one, 1, 2), (two, 2, 1))]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        same(failed, ["40P01"])


@case("timeouts", "of a statement, of an idle transaction, and a cancelled statement")
def timeouts(c: Any) -> None:
    c.execute("set statement_timeout = '100ms'")
    with refused("QueryCanceled"):
        c.execute("select pg_sleep(5)")
    c.execute("set statement_timeout = 0")
    threading.Timer(0.2, c.cancel_safe).start()
    started = time.monotonic()
    with refused("canceling statement due to user request"):
        c.execute("select pg_sleep(5)")
    same(time.monotonic() - started < 3, True)
    with connect() as idle:
        idle.execute("set idle_in_transaction_session_timeout = '100ms'")
        idle.execute("begin")
        time.sleep(0.5)
        with refused("IdleInTransactionSessionTimeout"):
            idle.execute("select 1")


@case("notifications", "LISTEN and NOTIFY")
def notifications(c: Any) -> None:
    c.execute("listen news")
    with connect() as other:
        other.execute("select pg_notify('news', 'one')")
        other.execute("notify news, 'ä'")
    same([each.payload for each in c.notifies(timeout=2, stop_after=2)], ["one", "ä"])


@case("notices", "RAISE NOTICE and warnings")
def notices(c: Any) -> None:
    heard: list[str] = []
    c.add_notice_handler(lambda row: heard.append(f"{row.severity} {row.message_primary}"))
    c.execute("do $$ begin raise notice 'hello'; raise warning 'beware'; end $$")
    same(heard, ["NOTICE hello", "WARNING beware"])


@case("errors", "the fields of an error")
def errors(c: Any) -> None:
    try:
        c.execute("insert into psycopg_rows values (1)")
    except psycopg.errors.UniqueViolation as error:
        same((error.diag.constraint_name, error.diag.table_name), ("psycopg_rows_pkey", "psycopg_rows"))
    for sql, words in (("select * from nope", "42P01"), ("copy psycopg_rows to '/tmp/x'", "42501"), ("create role s superuser", "42501"),
                       ("alter system set work_mem = '1MB'", "42501"),
                       ("select pg_read_file('/etc/passwd')", "42501"), ("create extension nope", "0A000")):  # fmt: skip
        with refused(words):
            c.execute(sql)


@case("rds", "the roles of RDS")
def of_aurora(c: Any) -> None:
    same(
        value(
            c, "select count(*) from pg_roles where rolname in ('rds_superuser', 'rds_iam', 'rds_password', 'rdsadmin')"
        ),
        4,
    )


@cases.case("pool", "a pool in parallel, its check, and its end")
def pool() -> None:
    with ConnectionPool(dsn(), min_size=2, max_size=5, check=ConnectionPool.check_connection) as pool:
        found: list[int] = []

        def work(number: int) -> None:
            with pool.connection(timeout=20) as c:
                found.append(value(c, "select %s::int from pg_sleep(0.05)", number))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(30)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        same(sorted(found), list(range(30)))


@cases.case("pool", "a reboot of the writer: the pool connects again")
def rebooted() -> None:
    with ConnectionPool(dsn(), min_size=2, check=ConnectionPool.check_connection) as pool:
        pool.wait()
        with pool.connection() as c:
            reboot()
            with refused("57P01"):
                for _ in range(50):
                    c.execute("select 1 from pg_sleep(0.1)")
        for _ in range(3):
            with pool.connection(timeout=30) as c:
                same(value(c, "select 1"), 1)


@cases.case("pool", "a pause: the next connection waits until it is resumed")
def paused() -> None:
    with ConnectionPool(dsn(), min_size=1, check=ConnectionPool.check_connection) as pool:
        pool.wait()
        pause(2)
        started = time.monotonic()
        with pool.connection(timeout=30) as c:
            same(value(c, "select 1"), 1)
        same(1 < time.monotonic() - started < 20, True)


@cases.case("pool", "a rotation of the secret while a pool is open")
def rotated() -> None:
    with ConnectionPool(dsn, min_size=1, max_size=4, max_lifetime=3600) as pool:
        pool.wait()
        before = secret()["password"]
        boto3.client("secretsmanager").rotate_secret(SecretId=CLUSTER["secretArn"])
        for _ in range(100):
            if secret()["password"] != before:
                break
            time.sleep(0.1)
        with pool.connection() as c:
            same(value(c, "select 1"), 1)
        with refused("password authentication failed"):
            connect(password=before)
        pool.drain()
        with pool.connection(timeout=20) as c:
            same(value(c, "select 1"), 1)


cases.run()
