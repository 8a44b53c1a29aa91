from __future__ import annotations

import ssl
from collections.abc import Callable

import pymysql
import pytest

from aurora_cfn.aws.wire_mysql import MySqlDriver, named
from aurora_cfn.aws.wire_sql import WireSql
from aurora_cfn.errors import UNREACHABLE, AwsError, SqlError
from aurora_cfn.model.rows import Credentials, Database


@pytest.mark.parametrize(
    ("sql", "names", "expected"),
    [
        ("select :id", ["id"], "select %(id)s"),
        ("insert into t values (:id, :note, :id)", ["id", "note"], "insert into t values (%(id)s, %(note)s, %(id)s)"),
        (
            "select * from t where n like '50%' and id = :id",
            ["id"],
            "select * from t where n like '50%%' and id = %(id)s",
        ),
        ("select ':id', `:id`, \":id\" -- :id", ["id"], "select ':id', `:id`, \":id\" -- :id"),
        ("select :other", ["id"], "select :other"),
    ],
)
def test_parameters_become_placeholders_of_the_driver(sql: str, names: list[str], expected: str) -> None:
    assert named(sql, names) == expected


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (
            lambda: pymysql.err.ProgrammingError(1064, "an error in your SQL syntax"),
            SqlError,
            "ERROR 1064: an error in",
        ),
        (lambda: pymysql.err.OperationalError(1205, "Lock wait timeout exceeded"), SqlError, "ERROR 1205: Lock wait"),
        (lambda: pymysql.err.OperationalError(2013, "Lost connection"), AwsError, "the connection was lost (Lost con"),
        (lambda: pymysql.err.InterfaceError(0, ""), AwsError, "the connection was lost"),
        (lambda: ConnectionResetError("reset by peer"), AwsError, "the connection was lost (reset by peer)"),
    ],
)
def test_errors_keep_the_words_of_the_database(raised: Callable[[], Exception], kind: type, words: str) -> None:
    with pytest.raises(kind) as caught, MySqlDriver().errors():
        raise raised()
    assert str(caught.value).startswith(words)


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    database = Database("db-dev", "app", "arn", host="127.0.0.1", port=1, engine="mysql")
    wire = WireSql(
        MySqlDriver(), lambda _: Credentials("boss", "canary"), ssl.create_default_context(), "open a tunnel"
    )
    with pytest.raises(AwsError) as caught:
        wire.execute(database, "select 1")
    assert caught.value.code == UNREACHABLE
    assert str(caught.value).startswith("cannot connect to 127.0.0.1:1 (")
    assert str(caught.value).endswith("\n  open a tunnel")
    assert "canary" not in str(caught.value)
