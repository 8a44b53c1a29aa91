"""`--client` where the fleet is a pool: the shared stack in the client's region, and the login of the client itself."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.aws.secrets import AwsRoleSecrets
from aurora_cfn.cli.runs.fleet import FleetRun
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_names import stack_key
from aurora_cfn.fleet.pool_state import role_name
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.resource_types import CLIENT
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access.role_password import secret_name


def pool_client_target(fleet: FleetRun, client: str) -> Target:
    """The target in the region of the client, whose name there means the shared stack.

    Raises InputError for a client without a claim, or with one in another region than that of the command line.
    """
    region = fleet.directory.region_of(client)
    if fleet.region not in {None, region}:
        raise InputError(f"the fleet {fleet.fleet.name} has no client {client} in {fleet.region}: it is in {region}")
    there, pool = fleet.in_region(region), fleet.fleet.pool
    assert pool is not None
    return there.with_environment(replace(there.environment, aliases={stack_key(client): pool.stack}))


def as_client(target: Target, shared: Database, *, login: bool) -> Database:
    """The database of the client in that of the shared cluster; with `login` also its own secret.

    Raises InputError when the secret is missing.
    """
    client = client_of(target)
    assert target.environment.fleet is not None
    name = role_name(target.environment.fleet.name, client)
    if not login:
        # The master user is a member of the client's role, and may connect.
        return replace(shared, name=name)
    secret = secret_name(shared, name)
    state = AwsRoleSecrets(target.session).secret_state(secret)
    if state is None:
        raise InputError(f"the secret {secret} is missing: `aurora-cfn clients create {client}` makes it again")
    return replace(shared, name=name, secret_arn=state.arn)


def client_of(target: Target) -> str:
    """The name of the client that the target is for."""
    return next(iter(target.environment.aliases)).removeprefix(CLIENT)


def shared_stack(target: Target) -> EnvironmentStack:
    """The stack that the client shares."""
    key = next(iter(target.environment.aliases.values()))
    return next(row for row in target.environment.stacks if row.key == key)
