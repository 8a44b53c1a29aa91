"""Roles of Aurora DSQL: the statements that grant and drop them, and what is read before.

DSQL maps IAM roles and users to database roles by itself, has no default privileges, and runs one DDL statement a
transaction (Aurora DSQL user guide, "Using database roles and IAM authentication", "Supported SQL", read 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.model.database_role import Grant, Holdings, RoleState, Step
from aurora_cfn.model.resource_types import DSQL_ADMIN
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.access.postgres_roles import LONGEST
from aurora_cfn.operate.inspect.checks import as_rows
from aurora_cfn.ports import DataApi
from aurora_cfn.sqltext.quoting import identifier, literal

# Without the roles of PostgreSQL and of DSQL itself, whose names begin so.
LIST = """
select r.rolname::text as role, r.rolcanlogin as login, coalesce(m.arn, '') as principal
from pg_catalog.pg_roles r left join sys.iam_pg_role_mappings m on m.pg_role_name = r.rolname::text
where r.rolname !~ '^(pg_|rds|dbadmin|postgres$)'
order by 1, 3
"""
STATE = """
select r.rolcanlogin as login, coalesce(m.arn, '') as principal
from pg_catalog.pg_roles r left join sys.iam_pg_role_mappings m on m.pg_role_name = r.rolname::text
where r.rolname = {role}
"""
SCHEMAS = """
select n.nspname::text as schema from pg_catalog.pg_namespace n
where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'sys')
"""
OWNED = """
select n.nspname::text || '.' || c.relname::text as what
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_roles r on r.oid = c.relowner
where r.rolname = {role} and c.relkind in ('r', 'v', 'S')
order by 1
"""


@dataclass(frozen=True, slots=True)
class DsqlRoles:
    """The roles of one cluster, read over a connection as `admin`."""

    api: DataApi
    database: Database
    longest = LONGEST
    together = False

    def listed(self) -> Rows:
        """The roles, each with every IAM role or user that logs in as it."""
        return self.api.execute(self.database, LIST)

    def state(self, role: str) -> RoleState:
        """The role with the principals that log in as it."""
        rows = as_rows(self.api.execute(self.database, STATE.format(role=literal(role))))
        if not rows:
            return RoleState(DSQL_ADMIN)
        principals = tuple(str(row["principal"]) for row in rows if row["principal"])
        login = bool(rows[0]["login"])
        return RoleState(DSQL_ADMIN, there=True, login=login, iam=bool(principals), principals=principals)

    def grant_steps(self, grant: Grant, state: RoleState) -> Sequence[Step]:
        """The statements of the grant. Raises InputError for a schema that is not there."""
        there = {str(row[0]) for row in self.api.execute(self.database, SCHEMAS).rows}
        missing = sorted(set(grant.schemas) - there)
        if missing:
            raise InputError(f"{self.database.stack} has no schema {', '.join(missing)}")
        return grant_steps(grant, state)

    def holdings(self, role: str) -> Holdings:
        """What the role owns, and the schemas of the cluster, in which it may have privileges."""
        owned = self.api.execute(self.database, OWNED.format(role=literal(role))).rows
        schemas = self.api.execute(self.database, SCHEMAS).rows
        principals = self.state(role).principals
        return Holdings(tuple(str(row[0]) for row in owned), 0, tuple(str(row[0]) for row in schemas), principals)

    def close_steps(self, role: str, holdings: Holdings) -> Sequence[Step]:
        """The statements after which no principal opens a session as the role."""
        return [Step(f"aws iam revoke {identifier(role)} from {literal(arn)}") for arn in holdings.principals]

    def end_sessions(self, role: str, holdings: Holdings) -> int:  # noqa: ARG002 - DSQL shows no sessions
        """Nothing: sessions of DSQL end by themselves after an hour."""
        return 0

    def drop_steps(self, role: str, holdings: Holdings, reassign_to: str) -> Sequence[tuple[Database, Sequence[Step]]]:
        """The statements that drop the role. Raises GuardError for `reassign_to`."""
        if reassign_to:
            raise GuardError("DSQL has no REASSIGN OWNED: alter the owner of each table, then revoke again")
        return [(self.database, drop_steps(role, holdings.databases))]


def grant_steps(grant: Grant, state: RoleState) -> list[Step]:
    """The statements of a grant, which may be repeated."""
    role = identifier(grant.role)
    steps = [] if state.there else [Step(f"create role {role} with login")]
    if grant.principal not in state.principals:
        steps.append(Step(f"aws iam grant {role} to {literal(grant.principal)}"))
    for name in grant.schemas:
        schema = identifier(name)
        # Only a role that was there can have more than it is granted now.
        if grant.read_only and state.there:
            steps.append(Step(f"revoke create on schema {schema} from {role}"))
            steps.append(Step(f"revoke insert, update, delete on all tables in schema {schema} from {role}"))
        rights = "select" if grant.read_only else "select, insert, update, delete"
        steps.append(Step(f"grant usage on schema {schema} to {role}"))
        steps.append(Step(f"grant {rights} on all tables in schema {schema} to {role}"))
    return steps


def drop_steps(role: str, schemas: Sequence[str]) -> list[Step]:
    """The statements that take the role's privileges and drop it."""
    name = identifier(role)
    taken = [
        Step(f"revoke all on {what} {identifier(schema)} from {name}")
        # In every schema: DSQL drops no role that still has a privilege, and has no DROP OWNED to take them all.
        for schema in schemas
        for what in ("all tables in schema", "schema")
    ]
    return [*taken, Step(f"drop role {name}")]
