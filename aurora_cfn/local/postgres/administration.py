"""What Amazon RDS does inside a new PostgreSQL: its roles, the master user, the first database.

The master user is no superuser: it is a member of rds_superuser, may create roles and databases, and owns its database
(Amazon RDS User Guide, "Understanding the rds_superuser role", read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import connect, sql

from aurora_cfn.local.postgres.server import ADMINISTRATOR, PostgresServer

USAGE = """
select (select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()),
       (select 100.0 * sum(blks_hit) / nullif(sum(blks_hit + blks_read), 0) from pg_stat_database),
       (select sum(pg_database_size(oid)) from pg_database),
       (select max(age(datfrozenxid)) from pg_database)"""
RDS_ROLES = ("rds_superuser", "rds_iam", "rds_password", "rds_replication")
RIGHTS = ("pg_monitor", "pg_signal_backend")
# The master user may grant the role to others, but neither has its rights nor can take it on.
ADMIN_ONLY = "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"


@contextmanager
def administrator(server: PostgresServer) -> Iterator[Any]:
    """A cursor of the superuser, each statement its own transaction."""
    connection = connect(host=str(server.sockets), user=ADMINISTRATOR, dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def set_up(server: PostgresServer, user: str, password: str, database: str) -> None:
    """Make the roles, the master user and its database, where they are not there yet; set the password in any case."""
    with administrator(server) as cursor:
        for role in RDS_ROLES:
            if not _exists(cursor, role):
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        for right in RIGHTS:
            cursor.execute(sql.SQL("GRANT {} TO rds_superuser WITH ADMIN OPTION").format(sql.Identifier(right)))
        _make_master(cursor, user)
        _set_password(cursor, user, password)
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
        if database and not cursor.fetchone():
            _make_database(cursor, database, user)


def set_password(server: PostgresServer, user: str, password: str) -> None:
    """Change a user's password."""
    with administrator(server) as cursor:
        _set_password(cursor, user, password)


def logs_in_by_token(server: PostgresServer, user: str) -> bool:
    """Whether the user was granted rds_iam, which in RDS means that only an IAM token opens its sessions."""
    question = """
        SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
        WHERE r.rolname = 'rds_iam' AND u.rolname = %s AND coalesce(to_jsonb(m) ->> 'inherit_option', 'true') = 'true'
    """
    # to_jsonb: before PostgreSQL 16 the catalog has no column inherit_option, and every membership inherits.
    with administrator(server) as cursor:
        cursor.execute(question, (user,))
        return cursor.fetchone() is not None


def blockers(server: PostgresServer, pid: int) -> list[int]:
    """The process ids of the backends that a backend waits for."""
    with administrator(server) as cursor:
        cursor.execute("SELECT pg_blocking_pids(%s)", (pid,))
        found: list[int] = cursor.fetchone()[0]
        return found


def cancel(server: PostgresServer, pid: int) -> None:
    """Cancel the statement that a backend runs."""
    with administrator(server) as cursor:
        cursor.execute("SELECT pg_cancel_backend(%s)", (pid,))


def _make_master(cursor: Any, user: str) -> None:
    name = sql.Identifier(user)
    if not _exists(cursor, user):
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(name))
    cursor.execute(sql.SQL("GRANT rds_superuser TO {}").format(name))
    cursor.execute("SELECT current_setting('server_version_num')::int >= 160000")
    if cursor.fetchone()[0]:  # before 16, CREATEROLE alone lets a user grant any role
        for role in ("rds_iam", "rds_password", "rds_replication"):
            cursor.execute(sql.SQL("GRANT {} TO {} " + ADMIN_ONLY).format(sql.Identifier(role), name))


def _make_database(cursor: Any, database: str, user: str) -> None:
    names = sql.Identifier(database), sql.Identifier(user)
    cursor.execute(sql.SQL("CREATE DATABASE {}").format(names[0]))
    cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(*names))


def _set_password(cursor: Any, user: str, password: str) -> None:
    cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(user)), (password,))


def _exists(cursor: Any, role: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
    return cursor.fetchone() is not None


def usage(server: PostgresServer) -> dict[str, float]:
    """See Engine; the hits are those since the statistics were reset."""
    with administrator(server) as cursor:
        cursor.execute(USAGE)
        names = ("DatabaseConnections", "BufferCacheHitRatio", "VolumeBytesUsed", "MaximumUsedTransactionIDs")
        row = zip(names, cursor.fetchone(), strict=True)
        return {name: float(value) for name, value in row if value is not None}
