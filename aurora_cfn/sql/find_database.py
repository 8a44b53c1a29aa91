"""The database of an environment, from the outputs of its stacks."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.rows import Database, Engine
from aurora_cfn.model.stack import Stack
from aurora_cfn.ports import CloudFormation

CLUSTER, SECRET, NAME, HOST, PORT = "ClusterArn", "SecretArn", "DBName", "DNSName", "DBPort"
_MYSQL_PORT = "3306"
_POSTGRESQL_PORT = 5432


def data_api_database(stack: Stack) -> Database | None:
    """The database for the Data API (outputs ClusterArn, SecretArn, DBName); None if the stack has none."""
    return _database(stack) if stack.output(CLUSTER) and stack.output(SECRET) else None


def wire_database(stack: Stack) -> Database | None:
    """The database for a client program (outputs DNSName, SecretArn); None if the stack has none."""
    return _database(stack) if stack.output(HOST) and stack.output(SECRET) else None


def chosen_database(
    environment: Environment, cloudformation: CloudFormation, wanted: str | None = None, *, over_the_wire: bool = False
) -> Database:
    """The only database of the environment, or that of the stack `wanted` (its key, or its name in AWS).

    Raises InputError if there is none or more than one.
    """
    asked = _asked(environment, wanted)
    deployed = [(row, cloudformation.stack(row.name)) for row in asked]
    read = wire_database if over_the_wire else data_api_database
    found = [(row, database) for row, stack in deployed if stack and (database := read(stack))]
    if len(found) == 1:
        return found[0][1]
    if found:
        raise InputError(_several(environment, [row for row, _ in found]))
    raise InputError(_none(environment, [(row.name, stack) for row, stack in deployed], over_the_wire=over_the_wire))


def _database(stack: Stack) -> Database:
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
    )


def _asked(environment: Environment, wanted: str | None) -> Sequence[EnvironmentStack]:
    if wanted is None:
        return environment.stacks
    found = [row for row in environment.stacks if wanted in {row.key, row.name}]
    if not found:
        there = ", ".join(row.key for row in environment.stacks)
        raise InputError(f"{environment.path}: no stack is called {wanted}; there are: {there}")
    return found


def _several(environment: Environment, rows: Sequence[EnvironmentStack]) -> str:
    names = ", ".join(row.key for row in rows)
    return f"{len(rows)} stacks of {environment.name} have a database: {names}; say which: --stack {rows[0].key}"


def _none(environment: Environment, rows: Sequence[tuple[str, Stack | None]], *, over_the_wire: bool) -> str:
    first = HOST if over_the_wire else CLUSTER
    missing = [name for name, stack in rows if stack is None]
    there = [f"{name} ({stack.status})" for name, stack in rows if stack]
    if not there:
        return f"not deployed: {', '.join(missing)}; deploy first: aurora-cfn deploy --env {environment.name}"
    what = f"no database in {', '.join(there)}: none has the outputs {first} and {SECRET}"
    return f"{what}; not deployed: {', '.join(missing)}" if missing else what
