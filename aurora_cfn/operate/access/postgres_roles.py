"""Roles of PostgreSQL: the statements that grant and drop them, and what is read before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_role import Grant, Holdings, RoleState, Step
from aurora_cfn.model.rows import Database, Rows
from aurora_cfn.operate.access import postgres_queries as queries
from aurora_cfn.operate.access.role_password import verifier
from aurora_cfn.operate.inspect.checks import as_rows
from aurora_cfn.ports import DataApi
from aurora_cfn.sqltext.quoting import identifier, literal

LONGEST = 63
"""Bytes of a name (PostgreSQL manual, "Identifiers and Key Words")."""
_WRITING = "insert, update, delete, truncate, references, trigger"
Owners = Mapping[str, Sequence[str]]
"""Schemas, each with the roles whose tables are granted, those of the future too."""


@dataclass(frozen=True, slots=True)
class PostgresRoles:
    """The roles of one database, read through the port DataApi."""

    api: DataApi
    database: Database
    longest = LONGEST
    together = True

    def listed(self) -> Rows:
        """All roles but those of the engine and of RDS."""
        return self.api.execute(self.database, queries.LIST)

    def state(self, role: str) -> RoleState:
        """The role as it is in this database."""
        (row,) = as_rows(self.api.execute(self.database, queries.STATE.format(role=literal(role))))
        return RoleState(**row)

    def grant_steps(self, grant: Grant, state: RoleState) -> Sequence[Step]:
        """The statements of the grant. Raises InputError for a schema that is not there, or tables of others."""
        return grant_steps(grant, self.database.name, state, self._owners(grant.schemas, state.me))

    def holdings(self, role: str) -> Holdings:
        """What the role owns and may do, in all databases of the server."""
        rows = as_rows(self.api.execute(self.database, queries.OWNED.format(role=literal(role))))
        count = self.api.execute(self.database, queries.SESSIONS.format(role=literal(role))).rows[0][0]
        owned = dict.fromkeys(str(row["what"]) for row in rows if row["kind"] == "o")
        named = dict.fromkeys(str(row["database"]) for row in rows if row["database"])
        return Holdings(tuple(owned), int(str(count)), tuple(named))

    def close_steps(self, role: str, _holdings: Holdings) -> Sequence[Step]:
        """The statements after which the role opens no new session."""
        return [Step(f"alter role {identifier(role)} nologin")]

    def end_sessions(self, role: str, _holdings: Holdings) -> int:
        """End the sessions of the role; how many."""
        return int(str(self.api.execute(self.database, queries.END.format(role=literal(role))).rows[0][0]))

    def drop_steps(self, role: str, holdings: Holdings, reassign_to: str) -> Sequence[tuple[Database, Sequence[Step]]]:
        """The statements that drop the role, by database; each database's are a transaction."""
        # The session's own database last: the role can be dropped only when nothing in any database depends on it.
        names = [*(name for name in holdings.databases if name != self.database.name), self.database.name]
        return [
            (replace(self.database, name=name), drop_steps(role, reassign_to, last=name == names[-1]))
            for name in names
        ]  # fmt: skip

    def _owners(self, schemas: Sequence[str], me: str) -> Owners:
        wanted = ", ".join(map(literal, schemas))
        rows = as_rows(self.api.execute(self.database, queries.OWNERS.format(schemas=wanted)))
        missing = sorted(set(schemas) - {row["schema"] for row in rows})
        if missing:
            raise InputError(f"{self.database.name} has no schema {', '.join(missing)}")
        others = [row for row in rows if not row["ours"]]
        if others:
            who, where = others[0]["owner"], others[0]["schema"]
            raise InputError(
                f"tables of {where} belong to {who}, whose rights {me} does not have: as {who} or {me} run "
                f"`grant {identifier(who)} to {identifier(me)}`, and grant again"
            )
        # `me` too, also where it owns no table yet: the migrations of tomorrow are run as the master user.
        found: dict[str, list[str]] = {schema: [me] for schema in schemas}
        for row in rows:
            if row["owner"] and row["owner"] not in found[row["schema"]]:
                found[row["schema"]].append(row["owner"])
        return found


def grant_steps(grant: Grant, database: str, state: RoleState, owners: Owners) -> list[Step]:
    """The statements of a grant, which may be repeated; a role that is there loses what the grant does not say."""
    role = identifier(grant.role)
    steps = [*_login(grant, role, state)]
    if grant.read_only:
        # A guard against mistakes: the session may switch it off, and the privileges are what counts.
        steps.append(Step(f"alter role {role} set default_transaction_read_only = on"))
    elif state.there:
        steps.append(Step(f"alter role {role} reset default_transaction_read_only"))
    steps.append(Step(f"grant connect on database {identifier(database)} to {role}"))
    narrower = grant.read_only and state.there
    for schema, creators in owners.items():
        steps += _on_schema(identifier(schema), role, read_only=grant.read_only, narrower=narrower)
        for creator in creators:
            made = f"alter default privileges for role {identifier(creator)} in schema {identifier(schema)}"
            steps += _on_future(made, role, read_only=grant.read_only, narrower=narrower)
    return steps


def _login(grant: Grant, role: str, state: RoleState) -> list[Step]:
    verb = "alter" if state.there else "create"
    if grant.iam:
        # A password that the role had before would stay in it, unused while it has rds_iam.
        no_password = " password null" if state.there else ""
        return [Step(f"{verb} role {role} login{no_password}"), Step(f"grant rds_iam to {role}")]
    # The verifier and not the password, which the server would write into its log with log_statement = ddl.
    proof = verifier(grant.password)
    steps = [Step(f"{verb} role {role} login password {literal(proof)}", proof)]
    # With rds_iam no password opens a session (Amazon RDS user guide, IAM authentication).
    return [Step(f"revoke rds_iam from {role}"), *steps] if state.iam else steps


def _on_schema(schema: str, role: str, *, read_only: bool, narrower: bool) -> list[Step]:
    tables, sequences = f"on all tables in schema {schema}", f"on all sequences in schema {schema}"
    steps = []
    if narrower:
        steps += [
            Step(f"revoke create on schema {schema} from {role}"),
            Step(f"revoke {_WRITING} {tables} from {role}"),
            Step(f"revoke usage, update {sequences} from {role}"),
        ]
    return [
        *steps,
        Step(f"grant usage on schema {schema} to {role}"),
        Step(f"grant {_tables(read_only)} {tables} to {role}"),
        Step(f"grant {_sequences(read_only)} {sequences} to {role}"),
    ]


def _on_future(made: str, role: str, *, read_only: bool, narrower: bool) -> list[Step]:
    steps = []
    if narrower:
        steps = [
            Step(f"{made} revoke {_WRITING} on tables from {role}"),
            Step(f"{made} revoke usage, update on sequences from {role}"),
        ]
    return [
        *steps,
        Step(f"{made} grant {_tables(read_only)} on tables to {role}"),
        Step(f"{made} grant {_sequences(read_only)} on sequences to {role}"),
    ]


def _tables(read_only: bool) -> str:
    return "select" if read_only else "select, insert, update, delete"


def _sequences(read_only: bool) -> str:
    # USAGE is what nextval needs: without it an insert into a serial column fails.
    return "select" if read_only else "select, usage"


def drop_steps(role: str, reassign_to: str, *, last: bool) -> list[Step]:
    """The statements of one database; in the `last` one the role itself is dropped."""
    name = identifier(role)
    # From PostgreSQL 16 on the creator of a role may grant it, but lacks its privileges, which these need.
    steps = [Step(f"grant {name} to current_user")]
    if reassign_to:
        steps.append(Step(f"reassign owned by {name} to {identifier(reassign_to)}"))
    steps.append(Step(f"drop owned by {name}"))
    return [*steps, Step(f"drop role {name}")] if last else steps
