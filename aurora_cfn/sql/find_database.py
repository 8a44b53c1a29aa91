"""The database of an environment, found by the outputs of its stacks or by their resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_copy import BRANCH_PREFIX, entry_of_copy
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.resource_types import BRANCH
from aurora_cfn.model.rows import Database, Engine
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation

CLUSTER, SECRET, NAME, HOST, PORT = "ClusterArn", "SecretArn", "DBName", "DNSName", "DBPort"
READER = "ReaderDNSName"
_MYSQL_PORT = "3306"
_POSTGRESQL_PORT = 5432


def data_api_database(stack: Stack) -> Database | None:
    """The database for the Data API (outputs ClusterArn, SecretArn, DBName); None if the stack has none."""
    return _database(stack) if stack.output(CLUSTER) and stack.output(SECRET) else None


def wire_database(stack: Stack) -> Database | None:
    """The database for a client program (outputs DNSName, SecretArn); None if the stack has none."""
    return _database(stack) if stack.output(HOST) and stack.output(SECRET) else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The database asked for: of a stack (its key, or its name in AWS), by a logical id, over the network.

    `by_resource`: the resources are read also where outputs name the database, for its identifier in RDS.
    """

    stack: str | None = None
    resource: str | None = None
    over_the_wire: bool = False
    by_resource: bool = False


@dataclass(frozen=True, slots=True)
class DatabaseFinder:
    """Finds databases: by the outputs of a stack where they name one, which costs no call, else by its resources.

    `may_have` says whether the template of a stack may declare a database: only then its resources are listed.
    `engine` is what the template says of the engine, None where it says nothing: no output names it.
    """

    environment: Environment
    cloudformation: CloudFormation
    resources: Callable[[Stack], Sequence[Database]]
    may_have: Callable[[EnvironmentStack], bool]
    engine: Callable[[EnvironmentStack], Engine | None] = lambda _row: None

    def find(self, wanted: Wanted) -> Database:
        """The one database that is meant. Raises InputError when there is none or more than one, with their names."""
        found = self._found(wanted)
        if len(found) > 1:
            raise InputError(_several(self.environment, found))
        return found[0][1]

    def find_all(self, wanted: Wanted) -> Sequence[Database]:
        """All databases that are meant, at least one. Raises InputError when there is none."""
        return [one for _, one in self._found(wanted)]

    def _found(self, wanted: Wanted) -> Sequence[tuple[EnvironmentStack, Database]]:
        deployed = [(row, self.cloudformation.stack(row.name)) for row in self._asked(wanted.stack)]
        pairs = [(row, one) for row, stack in deployed if stack for one in self._of(row, stack, wanted)]
        found = [(row, one) for row, one in pairs if wanted.resource in {None, one.resource}]
        if found:
            return found
        if pairs:
            names = ", ".join(one.resource for _, one in pairs)
            raise InputError(f"no database has the logical id {wanted.resource}; there are: {names}")
        raise InputError(_none(self.environment, [(row.name, stack) for row, stack in deployed]))

    def _asked(self, wanted: str | None) -> Sequence[EnvironmentStack]:
        if wanted is None:
            return self.environment.stacks
        if wanted.startswith(BRANCH):
            return self._branches(wanted.removeprefix(BRANCH))
        wanted = self.environment.meant(wanted)
        found = [row for row in self.environment.stacks if wanted in {row.key, row.name}]
        # No params file names the stack of a copy: its tags say whose it is.
        copied = None if found else entry_of_copy(self.environment, self.cloudformation.stack(wanted))
        if not (found or copied):
            there = ", ".join(row.key for row in self.environment.stacks)
            raise InputError(f"{self.environment.path}: no stack is called {wanted}; there are: {there}")
        return [copied] if copied else found

    def _branches(self, name: str) -> Sequence[EnvironmentStack]:
        environment = self.environment
        stacks = (self.cloudformation.stack(f"{row.name}-{BRANCH_PREFIX}{name}") for row in environment.stacks)
        found = [entry for stack in stacks if (entry := entry_of_copy(environment, stack))]
        if not found:
            what = f"{environment.name} has no branch {name}"
            raise InputError(f"{what}; see: aurora-cfn branch list --env {environment.name}")
        return found

    def _of(self, row: EnvironmentStack, stack: Stack, wanted: Wanted) -> Sequence[Database]:
        # Outputs name one database; for a logical id all databases of the stack must be known.
        if wanted.resource is None and not wanted.by_resource:
            named = wire_database(stack) if wanted.over_the_wire else data_api_database(stack)
            if named is not None:
                return (replace(named, engine="mysql") if self.engine(row) == "mysql" else named,)
        return self.resources(stack) if stack.exists and self.may_have(row) else ()


def _database(stack: Stack) -> Database:
    # The port of MySQL, where the template is not known; a local database may have another.
    port = stack.output(PORT) or ""
    engine: Engine = "mysql" if port == _MYSQL_PORT else "postgresql"
    return Database(
        stack=stack.name,
        name=stack.output(NAME) or ("mysql" if engine == "mysql" else "postgres"),
        secret_arn=stack.output(SECRET) or "",
        cluster_arn=stack.output(CLUSTER) or "",
        host=stack.output(HOST) or "",
        port=int(port) if port.isdecimal() else _POSTGRESQL_PORT,
        engine=engine,
        identifier=(stack.output(CLUSTER) or "").rpartition(":")[2],
        reader=stack.output(READER) or "",
    )


def _several(environment: Environment, found: Sequence[tuple[EnvironmentStack, Database]]) -> str:
    keys = list(dict.fromkeys(row.key for row, _ in found))
    if len(keys) > 1:
        names = ", ".join(keys)
        return f"{len(keys)} stacks of {environment.name} have a database: {names}; say which: --stack {keys[0]}"
    names = ", ".join(one.resource for _, one in found)
    return f"{keys[0]} has {len(found)} databases: {names}; say which: --resource {found[0][1].resource}"


def _none(environment: Environment, rows: Sequence[tuple[str, Stack | None]]) -> str:
    missing = [name for name, stack in rows if stack is None]
    there = [f"{name} ({stack.status})" for name, stack in rows if stack]
    if not there:
        return f"not deployed: {', '.join(missing)}; deploy first: aurora-cfn deploy --env {environment.name}"
    none = f"there is no database in {', '.join(there)}"
    return f"{none}; not deployed: {', '.join(missing)}" if missing else none
