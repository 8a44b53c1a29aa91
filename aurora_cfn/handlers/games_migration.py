"""Migrates the DSQL database of the REST API, and maps the API's IAM role to its database role.

DSQL allows one DDL statement per transaction and has no advisory locks, so each step is separate and repeatable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from pg8000.native import Connection, identifier, literal

from .connection import Database, connected, place_from_environment
from .custom_resource import respond
from .retry import retry_conflicts, retry_unavailable
from .signing import ADMIN, dsql_token

SCHEMA = (
    "CREATE SCHEMA IF NOT EXISTS games",
    """CREATE TABLE IF NOT EXISTS games.games (
        id uuid PRIMARY KEY,
        title text NOT NULL,
        genre text,
        created_at timestamptz NOT NULL DEFAULT now()
    )""",
)
RIGHTS = ("GRANT USAGE ON SCHEMA games TO {role}", "GRANT SELECT, INSERT ON games.games TO {role}")


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Entry point for CloudFormation. The deletion of the stack keeps the games and removes the role mapping."""
    return respond(event, context, _work)


def _work(event: Mapping[str, Any]) -> Mapping[str, Any]:
    place = place_from_environment()
    database = Database(lambda: connected(place, dsql_token(place)))
    role, principal = os.environ["API_DB_ROLE"], os.environ["API_IAM_ROLE"]
    deleting = event.get("RequestType") == "Delete"
    former = role if deleting else str(event.get("OldResourceProperties", {}).get("DatabaseRole", role))
    try:
        if not deleting:
            retry_unavailable(lambda: database.run(lambda connection: prepare(connection, role, principal)))
        # After the new role is mapped: the API signs in as one of the two at any time.
        if deleting or former != role:
            retry_unavailable(lambda: database.run(lambda connection: release(connection, former, principal)))
    finally:
        database.drop()
    return {"DatabaseRole": role}


def prepare(connection: Connection, role: str, principal: str) -> None:
    """Create schema and table, and unless the role is `admin`, the role, its rights and its mapping to the IAM role."""
    for statement in SCHEMA:
        _run(connection, statement)
    if role == ADMIN:
        return
    if not connection.run("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = :role", role=role):
        _run(connection, f"CREATE ROLE {identifier(role)} WITH LOGIN")
    if not is_mapped(connection, role, principal):
        _run(connection, f"AWS IAM GRANT {identifier(role)} TO {literal(principal)}")
    for statement in RIGHTS:
        _run(connection, statement.format(role=identifier(role)))


def release(connection: Connection, role: str, principal: str) -> None:
    """Remove the mapping of the IAM role to that role."""
    if role != ADMIN and is_mapped(connection, role, principal):
        _run(connection, f"AWS IAM REVOKE {identifier(role)} FROM {literal(principal)}")


def is_mapped(connection: Connection, role: str, principal: str) -> bool:
    """Whether the IAM role is mapped to that database role, so that it may sign in as it."""
    sql = "SELECT 1 FROM sys.iam_pg_role_mappings WHERE pg_role_name = :role AND arn = :arn"
    return bool(connection.run(sql, role=role, arn=principal))


def _run(connection: Connection, statement: str) -> None:
    retry_conflicts(lambda: connection.run(statement))
