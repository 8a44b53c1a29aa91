"""The environment that a command works on: with `--client`, the region of that client with its stack added."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import InputError


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
        from aurora_cfn.cli.runs.pool_client import pool_client_target

        return pool_client_target(fleet, aws.client)
    client = fleet.one(aws.client)
    if client.stack is None:
        raise InputError(f"the client {client.name} has no stack: {ADVICE['claimed']}")
    return fleet.with_entries(client.region, [fleet.entry(client.name, client.own_parameters)])


def shown_with_others(target: Target) -> Target:
    """The same target; for a client in a pool a line says that what is shown is of all clients of the shared stack."""
    if target.environment.aliases:
        from aurora_cfn.cli.runs.pool_client import client_of, shared_stack

        info(f"{client_of(target)} shares {shared_stack(target).name} with other clients: this is of all of them")
    return target


def alone(target: Target) -> Target:
    """The same target. Raises InputError for a client of a pool, whose stack is that of others too."""
    if target.environment.aliases:
        from aurora_cfn.cli.runs.pool_client import client_of, shared_stack

        row = shared_stack(target)
        what = f"{client_of(target)} shares the stack {row.name} with other clients, so --client does not change it"
        raise InputError(f"{what}: give --stack {row.key} --region {target.environment.region}")
    return target
