"""What Amazon RDS does inside a new MySQL: the master user, the first database.

The master user has the privileges that RDS gives it, and neither SUPER nor FILE (Amazon RDS User Guide, "Master user
account privileges", read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aurora_cfn.local.mysql.secret import native_hash
from aurora_cfn.local.mysql.server import ADMINISTRATOR, MysqlServer

RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, "
    "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, "
    "CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER"
)
MARIADB_RIGHTS = ", DELETE HISTORY"
"""What GRANT ALL on a database gives in MariaDB beside the rights of MySQL: the grantor must have it."""
EVERYWHERE = "%"
USAGE = """
select (select count(*) from information_schema.processlist
        where id <> connection_id() and user not in ('event_scheduler', 'system user')),
       (select sum(data_length + index_length) from information_schema.tables)"""
POOL = "show global status where variable_name in ('Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads')"


@contextmanager
def administrator(server: MysqlServer) -> Iterator[Any]:
    """A cursor of the administrator, each statement its own transaction."""
    import pymysql

    connection = pymysql.connect(
        unix_socket=str(server.socket), user=ADMINISTRATOR, password=server.password, autocommit=True,
        charset="utf8mb4",
    )  # fmt: skip
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def set_up(server: MysqlServer, user: str, password: str, database: str) -> None:
    """Make the master user and its database, where they are not there yet; set the password in any case."""
    rights = RIGHTS + (MARIADB_RIGHTS if server.binaries.is_mariadb else "")
    with administrator(server) as cursor:
        cursor.execute("CREATE USER IF NOT EXISTS %s@%s IDENTIFIED BY %s", (user, EVERYWHERE, password))
        cursor.execute(f"GRANT {rights} ON *.* TO %s@%s WITH GRANT OPTION", (user, EVERYWHERE))
        cursor.execute("ALTER USER %s@%s IDENTIFIED BY %s", (user, EVERYWHERE, password))
        # Amazon RDS User Guide, "Ending a session or query" (read 2026-11): the master user has it in place of KILL.
        cursor.execute("DROP PROCEDURE IF EXISTS mysql.rds_kill")
        cursor.execute("CREATE PROCEDURE mysql.rds_kill(IN id BIGINT) SQL SECURITY DEFINER KILL id")
        if database:
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS {quoted(database)}")


def set_password(server: MysqlServer, user: str, password: str) -> None:
    """Change a user's password."""
    with administrator(server) as cursor:
        cursor.execute("ALTER USER %s@%s IDENTIFIED BY %s", (user, EVERYWHERE, password))


def logs_in_by_token(server: MysqlServer, user: str) -> bool:
    """Whether the user was created with AWSAuthenticationPlugin, so that only an IAM token opens its sessions."""
    with administrator(server) as cursor:
        question = "SELECT 1 FROM mysql.user WHERE User = %s AND authentication_string = %s"
        cursor.execute(question, (user, native_hash(server.token_password)))
        return cursor.fetchone() is not None


def quoted(name: str) -> str:
    """A name as an identifier."""
    return "`" + name.replace("`", "``") + "`"


def usage(server: MysqlServer) -> dict[str, float]:
    """See Engine; the hits are those of the InnoDB buffer pool since the start."""
    with administrator(server) as cursor:
        cursor.execute(USAGE)
        connections, size = cursor.fetchone()
        cursor.execute(POOL)
        pool = {str(name).lower(): float(value) for name, value in cursor.fetchall()}
    requests = pool.get("innodb_buffer_pool_read_requests", 0.0)
    missed = pool.get("innodb_buffer_pool_reads", 0.0)
    found = {"DatabaseConnections": float(connections), "VolumeBytesUsed": float(size or 0)}
    return found | ({"BufferCacheHitRatio": 100 * (1 - missed / requests)} if requests else {})
