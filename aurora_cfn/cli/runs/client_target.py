"""The environment that a command works on: with `--client`, the region of that client with its stack.

The client of a pool has no stack: its name means the shared one, and it has a database and a login of its own there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.resource_types import CLIENT
from aurora_cfn.model.rows import Database

if TYPE_CHECKING:
    from aurora_cfn.cli.runs.fleet import FleetRun


def environment_target(env: str, aws: AwsOptions, *, deployable: bool = True) -> Target:
    """The target of the environment, in the region of the client where one is named.

    Raises InputError as `read_target`, and for a client that has no claim, with the nearest names, or no stack.
    """
    if aws.client is None:
        return read_target(env, aws, deployable=deployable)
    from aurora_cfn.cli.runs.fleet import FleetRun
    from aurora_cfn.fleet.client_state import ADVICE

    fleet = FleetRun(env, replace(aws, client=None))
    if fleet.fleet.pool:
        return _pool_target(fleet, aws.client, fleet.fleet.pool.stack)
    client = fleet.one(aws.client)
    if client.stack is None:
        raise InputError(f"the client {client.name} has no stack: {ADVICE['claimed']}")
    return fleet.with_entries(client.region, [fleet.entry(client.name, client.own_parameters)])


def _pool_target(fleet: FleetRun, client: str, stack: str) -> Target:
    """The target in the region of the client, whose name there means the shared stack of that key.

    Raises InputError for a client without a claim, or with one in another region than that of the command line.
    """
    region = fleet.directory.region_of(client)
    if fleet.region not in {None, region}:
        raise InputError(f"the fleet {fleet.fleet.name} has no client {client} in {fleet.region}: it is in {region}")
    there = fleet.in_region(region)
    return there.with_environment(replace(there.environment, aliases={f"{CLIENT}{client}": stack}))


def shown_with_others(target: Target) -> Target:
    """The same target; for a client in a pool a line says that what is shown is of all clients of the shared stack."""
    if target.environment.aliases:
        info(f"{_client_of(target)} shares {_shared_stack(target).name} with other clients: this is of all of them")
    return target


def alone(target: Target) -> Target:
    """The same target. Raises InputError for a client of a pool, whose stack is that of others too."""
    if target.environment.aliases:
        row = _shared_stack(target)
        what = f"{_client_of(target)} shares the stack {row.name} with other clients, so --client does not change it"
        raise InputError(f"{what}: give --stack {row.key} --region {target.environment.region}")
    return target


def as_client(target: Target, shared: Database, *, login: bool) -> Database:
    """The database of the client in that of the shared cluster; with `login` also its own secret.

    Raises InputError when the secret is missing.
    """
    from aurora_cfn.aws.secrets import AwsRoleSecrets
    from aurora_cfn.fleet.pool_state import role_name
    from aurora_cfn.operate.access.role_password import secret_name

    client = _client_of(target)
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


def _client_of(target: Target) -> str:
    return next(iter(target.environment.aliases)).removeprefix(CLIENT)


def _shared_stack(target: Target) -> EnvironmentStack:
    return target.environment.entry(next(iter(target.environment.aliases.values())))
