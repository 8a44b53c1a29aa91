"""The clients in one shared cluster: each a role, a database of the same name, and a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.errors import InputError
from aurora_cfn.fleet import pool_sql
from aurora_cfn.fleet.migrations import Migration, migrate
from aurora_cfn.fleet.pool_state import role_name
from aurora_cfn.model.database_role import Step
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.fleet_client import CLIENT, FLEET, PoolDatabase
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access.postgres_roles import PostgresRoles
from aurora_cfn.operate.access.role_password import new_password, secret_name, secret_value
from aurora_cfn.operate.inspect.checks import as_rows
from aurora_cfn.ports import DataApi
from aurora_cfn.ports.database_changes import Secrets
from aurora_cfn.sql.run import in_transaction
from aurora_cfn.sqltext.quoting import literal


@dataclass(frozen=True, slots=True)
class PoolCluster:
    """The clients of a fleet in the cluster of `database`, which the master user logs in to.

    `password_of` reads the password in the secret with that ARN; `tags` are those of new secrets.
    """

    api: DataApi
    database: Database
    secrets: Secrets
    password_of: Callable[[str], str]
    fleet: Fleet
    owner: Ownership
    tags: Mapping[str, str]

    def databases(self) -> tuple[PoolDatabase, ...]:
        """The clients that have a role, by name: one statement."""
        found = []
        for row in as_rows(self.api.execute(self.database, pool_sql.LIST)):
            words = pool_sql.read_comment(str(row["comment"]), self.owner, self.fleet.name)
            rest = {key: value for key, value in row.items() if key != "comment"}
            if words is not None:
                found.append(PoolDatabase(words["client"], version=words["version"], **rest))
        return tuple(found)

    def refuse_taken(self, client: str) -> None:
        """Raise InputError where a role or a database of the client's name is not of this fleet."""
        name = role_name(self.fleet.name, client)
        taken = self.api.execute(self.database, pool_sql.TAKEN.format(name=literal(name))).rows[0][0]
        if taken and client not in {row.client for row in self.databases()}:
            what = f"{self.database.stack} has a role or a database {name} that is no client of {self.fleet.name}"
            raise InputError(f"{what}: choose another name, or drop it")

    def create(self, client: str, known: PoolDatabase | None) -> None:
        """Make what the client lacks of role, secret, login and database, also after an interruption."""
        assert self.fleet.pool is not None
        name = role_name(self.fleet.name, client)
        if known is None:
            text = pool_sql.comment(self.owner, self.fleet.name, client, "")
            steps = pool_sql.role_steps(name, text, self.fleet.pool.connection_limit)
            with in_transaction(self.api, self.database) as opened:
                self._run(steps, opened)
        # The role has no password before its secret exists: without it no one could log in with the password.
        self._run([pool_sql.login_step(name, self._password(client, name))])
        if known is None or not known.there:
            # CREATE DATABASE cannot run in a transaction.
            self._run([pool_sql.database_step(name)])
        open_to_all = [str(row[0]) for row in self.api.execute(self.database, pool_sql.OPEN).rows]
        self._run(pool_sql.close_step(one) for one in open_to_all)

    def login(self, client: str) -> Database:
        """The client's database, with its own secret. Raises InputError when the secret is missing."""
        name = role_name(self.fleet.name, client)
        state = self.secrets.secret_state(secret_name(self.database, name))
        if state is None:
            what = f"the secret {secret_name(self.database, name)} is missing"
            raise InputError(f"{what}: `clients create {client}` makes it again")
        return replace(self.database, name=name, secret_arn=state.arn)

    def migrate(self, client: str, migrations: Sequence[Migration]) -> int:
        """Run the migrations that the client lacks, as the client itself; how many ran."""
        return migrate(self.api, self.login(client), migrations)

    def set_version(self, client: str, version: str) -> None:
        """Set what the client's role says of its database, and the connections that it may have."""
        assert self.fleet.pool is not None
        name, limit = role_name(self.fleet.name, client), self.fleet.pool.connection_limit
        text = pool_sql.comment(self.owner, self.fleet.name, client, version)
        self._run([pool_sql.limit_step(name, limit), pool_sql.comment_step(name, text)])

    def drop(self, client: str, known: PoolDatabase | None) -> None:
        """Drop the database and the role, which ends their sessions, and delete the secret."""
        name = role_name(self.fleet.name, client)
        if known is not None:
            self._run(pool_sql.drop_steps(name))
            roles = PostgresRoles(self.api, self.database)
            # What the role owns or may do elsewhere in the cluster would keep it from being dropped.
            for database, steps in roles.drop_steps(name, roles.holdings(name), ""):
                for step in steps:
                    self.api.execute(database, step.sql)
        if self.secrets.secret_state(secret := secret_name(self.database, name)):
            self.secrets.delete_secret(secret)

    def _password(self, client: str, name: str) -> str:
        secret = secret_name(self.database, name)
        if state := self.secrets.secret_state(secret):
            return self.password_of(state.arn)
        made = new_password()
        value = secret_value(replace(self.database, name=name), name, made)
        tags = {**self.tags, **self.owner.tags, FLEET: self.fleet.name, CLIENT: client}
        self.secrets.create_secret(secret, value, tags=tags)
        return made

    def _run(self, steps: Iterable[Step], transaction: str | None = None) -> None:
        for step in steps:
            self.api.execute(self.database, step.sql, transaction=transaction)
