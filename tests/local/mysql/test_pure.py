"""What needs no server: finding programs, options, statements, and the Data API's values."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.local.dataapi.errors import DataApiError
from aurora_cfn.local.dataapi.mysql.columns import (
    AUTO_INCREMENT,
    ENUM,
    NOT_NULL,
    SET,
    UNSIGNED,
    Column,
    columns,
    described,
    kind,
    refuse_unsupported,
)
from aurora_cfn.local.dataapi.mysql.fields import field, plain
from aurora_cfn.local.dataapi.mysql.runner import MysqlRunner, bound
from aurora_cfn.local.home import Home
from aurora_cfn.local.mysql.binaries import environment, find, installed, series
from aurora_cfn.local.mysql.family import MysqlEngine
from aurora_cfn.local.mysql.options import arguments, of_group
from aurora_cfn.local.mysql.secret import native_hash, secret_of, with_token_users
from aurora_cfn.local.mysql.server import running_pid

MARIADB = "mariadbd  Ver {}-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"
MYSQL = "mysqld  Ver {} for Linux on x86_64 (MySQL Community Server - GPL)"


def program(folder: Path, name: str, words: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{words}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_setting_comes_before_the_path_and_may_name_the_program(tmp_path: Path) -> None:
    chosen = program(tmp_path / "a", "mariadbd", MARIADB.format("10.11.19"))
    program(tmp_path / "b", "mysqld", MYSQL.format("8.0.42"))
    for value in (chosen, chosen.parent):
        found = find({"AURORA_CFN_MYSQL_BIN": str(value), "PATH": str(tmp_path / "b")}, 800)
        assert found
        assert (found.title, found.major, found.source) == ("MariaDB 10.11.19", 1011, "AURORA_CFN_MYSQL_BIN")
    assert find({"AURORA_CFN_MYSQL_BIN": "/nowhere"}, None) is None


@pytest.mark.parametrize(
    ("there", "wanted", "expected"),
    [
        ({"mariadbd": MARIADB.format("10.11.19")}, 800, "MariaDB 10.11.19"),
        ({"mariadbd": MARIADB.format("11.4.2"), "mysqld": MYSQL.format("8.4.5")}, 800, "MySQL 8.4.5"),
        ({"mariadbd": MARIADB.format("11.4.2"), "mysqld": MYSQL.format("8.4.5")}, 1104, "MariaDB 11.4.2"),
        ({"mariadbd": MARIADB.format("11.4.2"), "mysqld": MARIADB.format("11.4.2")}, None, "MariaDB 11.4.2"),
        ({"mysqld": MYSQL.format("9.1.0")}, 800, None),
        ({"mysqld": MYSQL.format("5.7.44")}, 800, None),
        ({"mysqld": "something else"}, 800, None),
    ],
)
def test_mysql_8_is_preferred(there: dict[str, str], wanted: int | None, expected: str | None, tmp_path: Path) -> None:
    for name, words in there.items():
        program(tmp_path, name, words)
    found = find({"AURORA_CFN_MYSQL_BIN": str(tmp_path)}, wanted)
    assert (found.title if found else None) == expected
    assert len(installed({"AURORA_CFN_MYSQL_BIN": str(tmp_path)})) <= len(there)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("8.0.mysql_aurora.3.10.4", 800), ("8.4.mysql_aurora.8.4.7", 804), ("10.11.19", 1011), ("8", 0), ("", 0)],
)
def test_series(version: str, expected: int) -> None:
    assert series(version) == expected


def test_libraries_beside_an_unpacked_program_are_found(tmp_path: Path) -> None:
    libraries = tmp_path / "usr/lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    assert environment(tmp_path / "usr/sbin/mariadbd")["LD_LIBRARY_PATH"] == str(libraries)
    assert "LD_LIBRARY_PATH" not in environment(Path("/usr/sbin/mariadbd"))


def test_options_of_a_parameter_group() -> None:
    group = {
        "innodb_lock_wait_timeout": "7", "max_connections": "{DBInstanceClassMemory/12582880}", "time_zone": "UTC",
        "server_audit_logging": "1", "require_secure_transport": "ON", "slow_query_log": "1",
    }  # fmt: skip
    assert of_group(group) == {
        "loose-innodb-lock-wait-timeout": "7", "default-time-zone": "+00:00", "loose-slow-query-log": "1",
    }  # fmt: skip
    assert of_group({"time_zone": "Europe/Berlin"}) == {}
    assert of_group({"time_zone": "+01:00"}) == {"default-time-zone": "+01:00"}


def test_a_server_listens_on_no_network(tmp_path: Path) -> None:
    found = list(arguments(tmp_path, tmp_path / "data", tmp_path / "s", {}, is_mariadb=True))
    assert found[0] == "--no-defaults"
    assert {"--skip-networking=ON", "--collation-server=utf8mb4_general_ci"} <= set(found)
    chosen = {"loose-max-connections": "9", "loose-character-set-server": "latin1"}
    found = list(arguments(tmp_path, tmp_path / "data", tmp_path / "s", chosen, is_mariadb=False))
    assert found.index("--max-connections=200") < found.index("--loose-max-connections=9")  # the last one counts
    assert not [each for each in found if each.startswith("--collation-server")]


@pytest.mark.parametrize(
    ("version", "parameters", "expected"),
    [
        ("8.0.mysql_aurora.3.10.4", {}, False),
        ("8.0.mysql_aurora.3.10.4", {"require_secure_transport": "ON"}, True),
        ("8.0.mysql_aurora.3.10.4", {"require_secure_transport": "1"}, True),
        ("8.4.mysql_aurora.8.4.7", {}, True),
        ("8.4.mysql_aurora.8.4.7", {"require_secure_transport": "OFF"}, False),
    ],
)
def test_forced_tls(version: str, parameters: dict[str, str], expected: bool, tmp_path: Path) -> None:
    assert MysqlEngine(Home(tmp_path)).forces_tls(version, parameters) is expected


def test_the_secret_lies_with_the_data_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = secret_of(home)
    assert secret_of(home) == first
    assert (home.postgres / "mysql-secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", [None, "", "x", "999999999"])
def test_a_pid_file_that_names_no_server(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "pid").write_text(text)
    assert running_pid(tmp_path) is None


@pytest.mark.parametrize(
    "clause",
    [
        "IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'",
        "identified with awsauthenticationplugin by 'RDS'",
        'IDENTIFIED WITH "AWSAuthenticationPlugin" AS "RDS"',
        "IDENTIFIED WITH AWSAuthenticationPlugin",
    ],
)
@pytest.mark.parametrize("verb", ["CREATE USER IF NOT EXISTS", "alter  user"])
def test_users_with_tokens(clause: str, verb: str) -> None:
    found = with_token_users(f"{verb} 'a'@'%' {clause} REQUIRE SSL".encode(), "p").decode()
    assert found.startswith(f"{verb} 'a'@'%' IDENTIFIED WITH mysql_native_password AS '*")
    assert found.endswith("' REQUIRE SSL")


def test_users_with_tokens_are_found_by_their_plugin() -> None:
    asked = (
        b"select u.plugin = 'AWSAuthenticationPlugin' as iam from mysql.user u where plugin='AWSAuthenticationPlugin'"
    )
    stored = f"authentication_string = '{native_hash('p')}'"
    found = f"select (u.{stored}) as iam from mysql.user u where ({stored})"
    assert with_token_users(asked, "p").decode() == found
    assert with_token_users(b"select 'AWSAuthenticationPlugin'", "p") == b"select 'AWSAuthenticationPlugin'"


@dataclass
class Definition:
    """A column definition as the driver reads it."""

    type_code: int
    charsetnr: int = 45
    flags: int = 0
    length: int = 11
    scale: int = 0
    name: str = "v"
    db: bytes = b"d"
    org_table: str = "t"
    org_name: str = "v"


@pytest.mark.parametrize(
    ("code", "charset", "flags", "expected"),
    [
        (252, 45, 0, "TEXT"), (252, 63, 0, "BLOB"), (253, 45, 0, "VARCHAR"), (253, 63, 0, "VARBINARY"),
        (254, 45, 0, "CHAR"), (254, 63, 0, "BINARY"), (254, 45, ENUM, "ENUM"), (254, 45, SET, "SET"),
        (246, 63, 0, "DECIMAL"), (8, 63, 0, "BIGINT"), (16, 63, 0, "BIT"), (245, 63, 0, "JSON"), (99, 63, 0, "UNKNOWN"),
    ],
)  # fmt: skip
def test_types_on_the_wire(code: int, charset: int, flags: int, expected: str) -> None:
    assert kind(code, charset, flags) == expected


VALUES: list[tuple[Column, str | bytes | None, dict[str, Any], Any]] = [
    (Column("v", "TINYINT", 1), "1", {"booleanValue": True}, True),
    (Column("v", "TINYINT", 1), "2", {"booleanValue": True}, True),
    (Column("v", "TINYINT", 1, flags=UNSIGNED), "1", {"longValue": 1}, 1),
    (Column("v", "TINYINT", 4), "1", {"longValue": 1}, 1),
    (Column("v", "BIT", 1), b"\0", {"booleanValue": False}, False),
    (Column("v", "BIT", 9), b"\x01\x01", {"blobValue": "AQE="}, "AQE="),
    (Column("v", "BIGINT", 20, flags=UNSIGNED), "18446744073709551615", {"stringValue": "18446744073709551615"},
     18446744073709551615),
    (Column("v", "DECIMAL", 12, 3), "12.340", {"stringValue": "12.340"}, 12.34),
    (Column("v", "DOUBLE", 22), "0.1", {"doubleValue": 0.1}, 0.1),
    (Column("v", "YEAR", 4), "2026", {"longValue": 2026}, 2026),
    (Column("v", "DATETIME", 19), "2026-02-03 10:11:12", {"stringValue": "2026-02-03 10:11:12"},
     "2026-02-03 10:11:12"),
    (Column("v", "JSON", 9), '{"a": 1}', {"stringValue": '{"a": 1}'}, '{"a": 1}'),
    (Column("v", "BLOB", 9), b"\x00\xff", {"blobValue": "AP8="}, "AP8="),
    (Column("v", "TEXT", 9), None, {"isNull": True}, None),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "expected", "as_json"), VALUES)
def test_values(column: Column, value: str | bytes | None, expected: dict[str, Any], as_json: Any) -> None:
    assert field(value, column, {}) == expected
    assert plain(value, column) == as_json


def test_options_of_a_result() -> None:
    whole, part = Column("v", "DECIMAL", 9, 2), {"decimalReturnType": "DOUBLE_OR_LONG"}
    assert field("12", whole, part) == {"longValue": 12}
    assert field("12.5", whole, part) == {"doubleValue": 12.5}
    assert field("7", Column("v", "INT", 11), {"longReturnType": "STRING"}) == {"stringValue": "7"}


def test_metadata_of_a_column() -> None:
    (found,) = columns([Definition(3, 63, UNSIGNED | NOT_NULL | AUTO_INCREMENT, 10)])
    row = described(found, frozenset())
    expected = ("INT UNSIGNED", 4, True, False, 0, "t", "d")
    keys = ("typeName", "type", "isAutoIncrement", "isSigned", "nullable", "tableName", "schemaName")
    assert tuple(row[key] for key in keys) == expected
    (text,) = columns([Definition(252)])
    assert described(text, frozenset())["typeName"] == "TEXT"
    assert described(text, frozenset({("d", "t", "v")}))["typeName"] == "JSON"
    (truth,) = columns([Definition(1, 63, 0, 1)])
    assert (described(truth, frozenset())["typeName"], described(truth, frozenset())["type"]) == ("BIT", -7)
    with pytest.raises(DataApiError, match="GEOMETRY"):
        refuse_unsupported(columns([Definition(255, 63)]))


class Quoting:
    """The part of a connection that writes literals."""

    def literal(self, text: str) -> str:
        return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        ({"stringValue": "it's"}, None, "'it''s'"),
        ({"stringValue": "1.10"}, "DECIMAL", "1.10"),
        ({"stringValue": "2026-02-03"}, "DATE", "'2026-02-03'"),
        ({"longValue": 7}, None, "7"),
        ({"doubleValue": 0.5}, None, "0.5e0"),
        ({"doubleValue": 1e300}, None, "1e+300"),
        ({"booleanValue": False}, None, "FALSE"),
        ({"blobValue": "AP8="}, None, "_binary X'00ff'"),
        ({"isNull": True}, None, "NULL"),
    ],
)
def test_literals(value: dict[str, Any], hint: str | None, expected: str) -> None:
    row = {"name": "p", "value": value} | ({"typeHint": hint} if hint else {})
    assert bound("SELECT :p, ':p' # :p", [row], Quoting()) == f"SELECT {expected}, ':p' # :p"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "p", "value": {"doubleValue": "NaN"}}, "MySQL has no NaN"),
        ({"name": "p", "value": {"stringValue": "x"}, "typeHint": "DECIMAL"}, "of a decimal number"),
        ({"name": "p", "value": {"longValue": "x"}}, "is no longValue"),
        ({"name": "p", "value": {}}, "exactly one value"),
        ({"name": "q", "value": {"longValue": 1}}, "Cannot find parameter: p"),
    ],
)
def test_parameters_that_are_refused(row: dict[str, Any], words: str) -> None:
    with pytest.raises(DataApiError, match=words):
        bound("SELECT :p", [row], Quoting())


def test_errors_in_the_words_of_the_service() -> None:
    worded = MysqlRunner().worded
    assert str(worded(Exception(1062, "Duplicate entry"))) == "Database error code: 1062. Message: Duplicate entry"
    assert [worded(Exception(number, "x")).code for number in (1969, 3024)] == ["StatementTimeoutException"] * 2
