"""One table of the names that engines reserve, for every reader."""

from __future__ import annotations

import pytest

from aurora_cfn.blueprints.parts.engine import AURORA_MYSQL, AURORA_POSTGRES, RDS_POSTGRES, Engine
from aurora_cfn.facts.reserved_words import is_reserved_database, is_reserved_user, reserved_databases, reserved_users

PG, MY = "aurora-postgresql", "aurora-mysql"


@pytest.mark.parametrize(
    ("engine", "name", "reserved"),
    [
        (PG, "SELECT", True),
        (PG, "db", True),
        (PG, "cross", True),
        (PG, "temporal", False),
        (PG, "postgres", False),
        (PG, "mysql", False),
        ("postgres", "db", True),
        (MY, "Mysql", True),
        (MY, "rdsadmin", True),
        (MY, "db", False),
        (MY, "select_", False),
        ("mariadb", "sys", True),
        ("oracle-ee", "select", False),
    ],
)
def test_names_of_databases(engine: str, name: str, reserved: bool) -> None:
    assert is_reserved_database(engine, name) is reserved


@pytest.mark.parametrize(
    ("engine", "name", "reserved"),
    [
        (PG, "Admin", True),
        (PG, "pg_read_all_data", True),
        (PG, "user", True),
        (PG, "dbadmin", False),
        (PG, "postgres", False),
        ("postgres", "rdsadmin", True),
        (MY, "pg_read_all_data", False),
        (MY, "rdsadmin", True),
        (MY, "root", False),
        (MY, "admin", False),
        ("", "admin", False),
    ],
)
def test_names_of_master_users(engine: str, name: str, reserved: bool) -> None:
    assert is_reserved_user(engine, name) is reserved


@pytest.mark.parametrize("engine", [AURORA_POSTGRES, AURORA_MYSQL, RDS_POSTGRES], ids=lambda row: row.name)
def test_the_parameters_of_our_templates_refuse_at_least_what_lint_refuses(engine: Engine) -> None:
    assert reserved_databases(engine.name) < engine.reserved_databases
    assert reserved_users(engine.name) <= engine.reserved_users
