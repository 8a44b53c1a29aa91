"""The functions of an environment on AWS that a live session may take, after every check of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.cli.runs.live_sessions import deployed_functions, deployed_stacks
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.live_session import CodePlace, FunctionState

PRODUCTION = frozenset({"prod", "production", "staging"})
"""Usual names of environments that serve users: there `live: true` is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A function in AWS with the zip that its stack deploys."""

    stack: str
    logical_id: str
    state: FunctionState
    place: CodePlace


def refuse_without_consent(target: Target, chosen: Sequence[EnvironmentStack]) -> None:
    """Raise InputError where the params file does not allow a live session on AWS."""
    environment = target.environment
    if not environment.live:
        raise InputError(
            f"{environment.path} does not allow dev on AWS, which replaces the code of its functions for a time: write "
            "`live: true`, or use an environment with `endpoint: local`"
        )
    if environment.name in PRODUCTION:
        raise InputError(f"{environment.name} is no environment for dev: use one of your own")
    for row in chosen:
        if row.protect:
            raise InputError(f"{environment.path}:{row.line}: {row.key} is protected (`protect: true`): no dev on AWS")


def functions_on_aws(target: Target, chosen: Sequence[EnvironmentStack]) -> dict[str, Deployed]:
    """The functions of the stacks by ARN, whose code is what their stack deploys. Raises InputError."""
    code, found = AwsFunctions(target.session), {}
    for stack in deployed_stacks(target, chosen).values():
        if stack.protected:
            raise InputError(f"{stack.name} has termination protection: no dev on AWS")
        for row, place in deployed_functions(target, stack):
            state = code.function_state(row.physical_id) if place else None
            if state and place:
                found[state.arn] = Deployed(stack.name, row.logical_id, state, place)
    return found


def rows_of(found: Mapping[str, Deployed], chosen: Sequence[EnvironmentStack], endpoint: str) -> dict[str, Any]:
    """The same as `functions_of` the emulator gives them, with the environment of a worker on this machine."""
    there = {row.stack for row in found.values()}
    rows = [
        {
            "stack": row.stack,
            "logical_id": row.logical_id,
            "name": row.state.name,
            "runtime": row.state.runtime,
            "handler": row.state.handler,
            "arn": arn,
            "environment": _environment(row.state, endpoint),
        }
        for arn, row in found.items()
    ]
    return {"functions": rows, "missing": [row.name for row in chosen if row.name not in there]}


def _environment(state: FunctionState, endpoint: str) -> dict[str, str]:
    """The variables of this process, with the developer's credentials, and those of the function."""
    region = state.arn.split(":")[3]  # arn:aws:lambda:REGION:...
    found = {**os.environ, **state.variables, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    # As Lambda sets them (Developer Guide, "Defined runtime environment variables").
    found |= {
        "AWS_LAMBDA_FUNCTION_NAME": state.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{state.runtime}",
        "_HANDLER": state.handler,
    }
    return found | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})
