"""The environment that a command works on: with `--client`, the region of that client with its stack added."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.target import Target, read_target
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
    client = fleet.one(aws.client)
    if client.stack is None:
        raise InputError(f"the client {client.name} has no stack: {ADVICE['claimed']}")
    return fleet.with_entries(client.region, [fleet.entry(client.name, client.own_parameters)])
