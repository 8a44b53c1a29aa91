"""The live sessions of an environment on AWS: which there are, and which functions they take and give back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.function_code import AwsFunctions
from aurora_cfn.aws.live_ends import AwsSessionEnds
from aurora_cfn.aws.live_queues import AwsRelayQueues
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.errors import DENIED, InputError, suppress_codes
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.live_session import CodePlace, FunctionState, LiveSession
from aurora_cfn.model.ownership import owner_of
from aurora_cfn.model.resource_types import FUNCTION_TYPES
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.operate.live.restore_code import Restore
from aurora_cfn.operate.live.session_tags import prefix, role_name, session_of
from aurora_cfn.project.process import is_dead
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resources import resources
from aurora_cfn.template.side import deployed_side


def live_sessions(target: Target) -> tuple[LiveSession, ...]:
    """The sessions of the environment; none is looked for where the params file does not allow them."""
    if target.local or not target.environment.live:
        return ()
    with suppress_codes(DENIED):
        found = AwsRelayQueues(target.session).session_tags(prefix(target.project, target.environment.name))
        return tuple(session_of(name, tags) for name, tags in sorted(found.items()))
    return ()  # `status` and `doctor` still find the replaced code, by its digest


def is_abandoned(session: LiveSession) -> bool:
    """Whether the command of the session was killed: only a process of this machine can be known to be dead."""
    # In the form in which descriptions of change sets name a process.
    owner = owner_of(f"[process {session.owner}]")
    return owner is not None and is_dead(owner)


def session_text(session: LiveSession) -> str:
    """Who has which functions until when."""
    names = ", ".join(sorted(session.functions)) or "functions"
    return f"{session.who} runs {names} live until {session.until:%Y-%m-%d %H:%M} UTC"


def restore_command(target: Target) -> str:
    """The command that ends a session."""
    return f"aurora-cfn dev {target.cli_options} --restore"


def deployed_stacks(target: Target, stacks: Sequence[EnvironmentStack]) -> dict[str, Stack]:
    """Those of the stacks that exist, by stack key."""
    found = {row.key: target.cloudformation.stack(row.name) for row in stacks}
    return {key: stack for key, stack in found.items() if stack and stack.exists}


def deployed_functions(target: Target, stack: Stack) -> list[tuple[StackResource, CodePlace | None]]:
    """The functions of a deployed stack, each with the zip that its template names; None for code in the template."""
    rows = [row for row in target.cloudformation.resources(stack.arn) if row.type in FUNCTION_TYPES and row.exists]
    if not rows:
        return []
    found = resources(Evaluator(deployed_side(stack, target.cloudformation.template(stack.arn))))
    return [(row, _place(found[row.logical_id].properties) if row.logical_id in found else None) for row in rows]


def code_places(target: Target, stacks: Sequence[EnvironmentStack]) -> dict[str, CodePlace]:
    """The zips of all deployed functions by their names."""
    rows = (row for stack in deployed_stacks(target, stacks).values() for row in deployed_functions(target, stack))
    return {row.physical_id: place for row, place in rows if place}


def restore_of(target: Target, places: Mapping[str, CodePlace]) -> Restore:
    """What ends sessions of the environment."""
    session = target.session
    return Restore(AwsRelayQueues(session), AwsFunctions(session), session_ends(target), places, info)


def session_ends(target: Target) -> AwsSessionEnds:
    """The schedules that end sessions of the environment, whose role has its permissions boundary."""
    environment = target.environment
    role = role_name(target.project, environment.name)
    return AwsSessionEnds(target.session, role, environment.permissions_boundary or "")


def _place(properties: Mapping[str, object]) -> CodePlace | None:
    code = properties.get("Code", properties.get("CodeUri"))
    if isinstance(code, str) and code.startswith("s3://"):
        bucket, _, key = code.removeprefix("s3://").partition("/")
        return CodePlace(bucket, key)
    if isinstance(code, Mapping):
        bucket, key = code.get("S3Bucket", code.get("Bucket")), code.get("S3Key", code.get("Key"))
        if isinstance(bucket, str) and isinstance(key, str):
            return CodePlace(bucket, key)
    return None


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
