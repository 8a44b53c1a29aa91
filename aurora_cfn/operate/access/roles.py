"""The database roles of one database, of whichever engine, and names that may be granted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from aurora_cfn.errors import InputError
from aurora_cfn.facts.reserved_words import is_reserved_role
from aurora_cfn.model.database_role import RoleState, Step
from aurora_cfn.model.resource_types import DSQL_ADMIN
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access.dsql_roles import DsqlRoles
from aurora_cfn.operate.access.mysql_roles import MysqlRoles
from aurora_cfn.operate.access.postgres_roles import PostgresRoles
from aurora_cfn.ports import DataApi
from aurora_cfn.sql.run import in_transaction

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]*")
"""Names that a policy, a secret and a token can hold: in the ARN of a policy `*` and `?` would mean other roles too."""
Roles: TypeAlias = PostgresRoles | MysqlRoles | DsqlRoles
"""The roles of one database. `together`: its statements are one transaction; `longest` is the limit of a name."""


def roles_of(api: DataApi, database: Database) -> Roles:
    """The roles of a database of any engine."""
    if database.signed:
        return DsqlRoles(api, database)
    return MysqlRoles(api, database) if database.engine == "mysql" else PostgresRoles(api, database)


def apply(roles: Roles, steps: Sequence[Step], database: Database | None = None, api: DataApi | None = None) -> None:
    """Run the statements, all or none where the engine can. Raises SqlError, AwsError."""
    where, by = database or roles.database, api or roles.api
    if not roles.together:
        for step in steps:
            by.execute(where, step.sql)
        return
    with in_transaction(by, where) as opened:
        for step in steps:
            by.execute(where, step.sql, transaction=opened)


def check_name(roles: Roles, role: str) -> None:
    """Raise InputError for a name that cannot be granted."""
    if not NAME.fullmatch(role):
        raise InputError(f"{role!r} is no name for a role here: letters, digits and _.@-, not starting with a digit")
    if len(role) > roles.longest:
        raise InputError(f"{role!r} is too long: a name has at most {roles.longest} characters here")
    if is_reserved_role(role) or (roles.database.signed and role == DSQL_ADMIN):
        raise InputError(f"{role!r} is a role of the engine or of RDS, and stays as it is")


def check_touchable(state: RoleState, role: str) -> None:
    """Raise InputError for the master user and for administrators, whose login must not change here."""
    if role == state.me:
        raise InputError(f"{role} is the master user, which this command itself logs in as: take another role")
    if state.administrator:
        raise InputError(f"{role} administers the database, and is left as it is: change it with aurora-cfn sql")
