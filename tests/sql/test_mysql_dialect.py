"""Which SQL is reported for Aurora MySQL and for a local MariaDB, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.handlers.planets_migration import MYSQL_MIGRATIONS
from aurora_cfn.sql.mysql_dialect import Server, refused, sql_files

BOTH = [
    "SELECT JSON_VALUE(doc, '$.a' RETURNING SIGNED) FROM t",
    "INSERT INTO t (returning) VALUES (1)",
    "DELETE FROM t WHERE returning = 1",
    "DELETE FROM t WHERE a = 1 AND returning IS NULL",
    "INSERT INTO t VALUES ('a RETURNING b')",
    "-- INSERT INTO t VALUES (1) RETURNING id\nSELECT 1",
    "SELECT `RETURNING id`, sequence FROM t",
    "ANALYZE TABLE t",
    "ALTER TABLE t ADD COLUMN ignored int, RENAME COLUMN a TO b",
    "CREATE TABLE IF NOT EXISTS t (id int)",
    "DROP TABLE IF EXISTS t",
    "SELECT a - b > 'x' FROM t WHERE a>0",
    "WITH x AS (SELECT 1) SELECT * FROM x FOR UPDATE SKIP LOCKED",
]


@pytest.mark.parametrize(
    ("server", "sql", "what"),
    [
        ("mysql", "INSERT INTO t (a) VALUES (1) RETURNING id", "RETURNING"),
        ("mysql", "DELETE FROM t WHERE a = 1 RETURNING *", "RETURNING"),
        ("mysql", "replace into t values (1) returning `id`", "RETURNING"),
        ("mysql", "CREATE SEQUENCE s START WITH 1", "SEQUENCE"),
        ("mysql", "INSERT INTO t VALUES (NEXT VALUE FOR s)", "NEXT VALUE FOR"),
        ("mysql", "ANALYZE FORMAT=JSON SELECT 1", "ANALYZE of a statement"),
        ("mysql", "ALTER TABLE t ALTER INDEX i IGNORED", "an IGNORED index"),
        ("mysql", "SELECT @@session.tx_isolation", "tx_isolation"),
        ("mysql", "CREATE OR REPLACE TABLE t (id int)", "CREATE OR REPLACE TABLE"),
        ("mysql", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", "IF NOT EXISTS of a column"),
        ("mysql", "ALTER TABLE t DROP COLUMN IF EXISTS a", "IF EXISTS of a column"),
        ("mariadb", "SELECT doc->'$.a' FROM t", "the operator ->"),
        ("mariadb", "SELECT doc->>'$.a' FROM t", "the operator ->"),
        ("mariadb", "SELECT CAST('[1]' AS JSON)", "CAST AS JSON"),
        ("mariadb", "SELECT 1 MEMBER OF ('[1]')", "MEMBER OF"),
        ("mariadb", "SELECT * FROM t, LATERAL (SELECT 1) x", "LATERAL"),
        ("mariadb", "VALUES ROW(1), ROW(2)", "VALUES ROW()"),
        ("mariadb", "SELECT UUID_TO_BIN(uuid())", "a function of MySQL"),
        ("mariadb", "EXPLAIN ANALYZE SELECT 1", "EXPLAIN ANALYZE"),
        ("mariadb", "CREATE TABLE t (a text COLLATE utf8mb4_0900_ai_ci)", "a collation"),
    ],
)
def test_what_one_server_refuses_is_reported_with_its_line(server: Server, sql: str, what: str) -> None:
    (found,) = refused(f"SELECT 1;\n\n{sql};\n", server)
    assert (found.line, found.what.startswith(what)) == (3, True)
    other: Server = "mariadb" if server == "mysql" else "mysql"
    assert list(refused(sql, other)) == []


@pytest.mark.parametrize("server", ["mysql", "mariadb"])
@pytest.mark.parametrize("sql", BOTH)
def test_what_both_take_is_not_reported(server: Server, sql: str) -> None:
    assert list(refused(sql, server)) == []


def test_the_handlers_of_mysql_run_on_both() -> None:
    texts = [text for _, statements in MYSQL_MIGRATIONS for text in statements]
    assert [line for text in texts for server in ("mysql", "mariadb") for line in refused(text, server)] == []


def test_the_files_that_a_command_names(tmp_path: Path) -> None:
    (tmp_path / "db").mkdir()
    for name in ("db/2.sql", "db/1.sql", "db/readme.md", "one.sql"):
        (tmp_path / name).write_text("")
    found = sql_files(["dbmate", "--migrations-dir=db", "up", "one.sql", "none.sql"], tmp_path)
    assert [path.name for path in found] == ["1.sql", "2.sql", "one.sql"]
    assert sql_files(["sh", "-c", "x"], tmp_path) == []
