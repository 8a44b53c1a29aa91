"""The variables that a program gets for a database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.rows import Credentials, Database
from aurora_cfn.operate.child_environment import FORMS, child_environment, password_line
from aurora_cfn.sql.client import Encryption, Login

DATABASE = Database(
    stack="db-dev", name="temporal", secret_arn="arn:s", cluster_arn="arn:c", host="c.example", port=5432
)  # fmt: skip
PASSWORD = "p:a\\s/?&=% w"
QUOTED = "p%3Aa%5Cs%2F%3F%26%3D%25%20w"
LOGIN = Login(DATABASE, Credentials("app", PASSWORD), Encryption("verify-full", "/ca.pem"))
TUNNEL = replace(LOGIN, database=replace(DATABASE, address="127.0.0.1", port=54213))
MYSQL = replace(LOGIN, database=replace(DATABASE, engine="mysql", port=3306))
URL = f"postgresql://app:{QUOTED}@c.example:5432/temporal?sslmode=verify-full&sslrootcert=/ca.pem"
OPTIONS = "-c default_transaction_read_only=on"
QUOTED_OPTIONS = "-c%20default_transaction_read_only%3Don"


@pytest.mark.parametrize(
    ("login", "form", "expected"),
    [
        (LOGIN, "libpq", {"PGHOST": "c.example", "PGPORT": "5432", "PGUSER": "app", "PGPASSWORD": PASSWORD,
                          "PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/ca.pem", "PGDATABASE": "temporal"}),
        (LOGIN, "url", {"DATABASE_URL": URL, "DBMATE_WAIT_TIMEOUT": "120s"}),
        (LOGIN, "jdbc", {"FLYWAY_URL": "jdbc:postgresql://c.example:5432/temporal?sslmode=verify-full&sslrootcert=/ca.pem",
                         "FLYWAY_USER": "app", "FLYWAY_PASSWORD": PASSWORD, "LIQUIBASE_COMMAND_PASSWORD": PASSWORD}),
        (LOGIN, "dataapi", {"RESOURCE_ARN": "arn:c", "SECRET_ARN": "arn:s", "DATABASE": "temporal"}),
        # Through a tunnel libpq verifies the real name; a URL, which has no place for it, the authority alone.
        (TUNNEL, "libpq", {"PGHOST": "c.example", "PGHOSTADDR": "127.0.0.1", "PGPORT": "54213",
                           "PGSSLMODE": "verify-full"}),
        (TUNNEL, "url", {"DATABASE_URL": f"postgresql://app:{QUOTED}@127.0.0.1:54213/temporal"
                                         "?sslmode=verify-ca&sslrootcert=/ca.pem"}),
        (TUNNEL, "jdbc", {"FLYWAY_URL": "jdbc:postgresql://127.0.0.1:54213/temporal?sslmode=verify-ca&sslrootcert=/ca.pem"}),
        (replace(LOGIN, read_only=True), "libpq", {"PGOPTIONS": OPTIONS}),
        (replace(LOGIN, read_only=True), "url", {"DATABASE_URL": f"{URL}&options={QUOTED_OPTIONS}"}),
        (MYSQL, "libpq", {"MYSQL_HOST": "c.example", "MYSQL_TCP_PORT": "3306", "MYSQL_PWD": PASSWORD,
                          "MYSQL_USER": "app", "MYSQL_DATABASE": "temporal"}),
        (replace(MYSQL, credentials=Credentials("app", "t", token=True)), "libpq",
         {"LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN": "1"}),
        (MYSQL, "url", {"DATABASE_URL": f"mysql://app:{QUOTED}@c.example:3306/temporal"
                                        "?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem"}),
        # Go's driver of MySQL takes `ssl-mode` for a variable of the session.
        (MYSQL, "go", {"DATABASE_URL": f"mysql://app:{QUOTED}@c.example:3306/temporal?tls=true",
                       "SSL_CERT_FILE": "/ca.pem", "DBMATE_WAIT_TIMEOUT": "120s"}),
        (replace(MYSQL, encryption=Encryption(), credentials=Credentials("app", "t", token=True)), "go",
         {"DATABASE_URL": "mysql://app:t@c.example:3306/temporal?tls=skip-verify&allowCleartextPasswords=true",
          "SSL_CERT_FILE": None}),
        (LOGIN, "go", {"DATABASE_URL": URL, "SSL_CERT_FILE": None}),
    ],
)  # fmt: skip
def test_each_form_has_the_variables_that_its_programs_read(
    login: Login, form: str, expected: dict[str, str | None]
) -> None:
    found = child_environment(login, [form])
    assert {name: found.get(name) for name in expected} == expected


def test_only_what_was_asked_for_is_there_and_a_direct_connection_has_no_other_address() -> None:
    assert not child_environment(LOGIN, [])
    assert "PGHOSTADDR" not in child_environment(LOGIN, ["libpq"])
    assert "PGOPTIONS" not in child_environment(LOGIN, ["libpq"])
    assert "DATABASE_URL" not in child_environment(LOGIN, ["libpq"])


def test_with_a_password_file_no_variable_holds_the_password() -> None:
    found = child_environment(LOGIN, ["libpq", "url", "dataapi"], "/private")
    assert found["PGPASSFILE"] == "/private"
    assert not [name for name, value in found.items() if PASSWORD in value or QUOTED in value]
    assert password_line(LOGIN) == "c.example:5432:temporal:app:p\\:a\\\\s/?&=% w\n"


@pytest.mark.parametrize(
    ("login", "form", "words"),
    [
        (MYSQL, "jdbc", "Java key store"),
        (replace(MYSQL, read_only=True), "libpq", "MySQL has no variable for read-only sessions"),
        (replace(LOGIN, database=replace(DATABASE, cluster_arn="")), "dataapi", "db-dev has no Data API"),
    ],
)
def test_what_a_database_does_not_have_is_refused(login: Login, form: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        child_environment(login, [form])


def test_no_value_of_a_login_is_in_its_repr() -> None:
    assert PASSWORD not in repr(LOGIN)
    assert set(FORMS) == {"libpq", "url", "go", "jdbc", "dataapi"}
