"""`outputs`: the outputs of an environment's stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import InputError


def deployed_outputs(target: Target, stacks: Sequence[str]) -> dict[str, dict[str, str]]:
    """Values by the stack's key and the output's key; stacks that are not deployed are named on stderr.

    Raises InputError where a stack in `stacks` is not deployed, or none is.
    """
    chosen = selected(target.environment, stacks)
    cloudformation = AwsCloudFormation(target.session)
    found, missing = {}, []
    for row in chosen:
        stack = cloudformation.stack(row.name)
        if stack and stack.exists:
            found[row.key] = stack.output_values
        else:
            missing.append(row.name)
    if missing and (stacks or not found):
        command = f"`aurora-cfn deploy --env {target.environment.name}` does it"
        raise InputError(f"not deployed: {', '.join(missing)}; {command}")
    if missing:
        write_stderr(f"not deployed: {', '.join(missing)}")
    return found


def value_of(found: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The value of the output `KEY` or `STACK.KEY`. Raises InputError if no stack or several stacks have it."""
    stack, _, key = name.rpartition(".")
    values = {row: outputs[key] for row, outputs in found.items() if key in outputs and stack in ("", row)}
    if not values:
        known = ", ".join(dict.fromkeys(key for outputs in found.values() for key in outputs))
        raise InputError(f"no output {name} here; there are: {known}")
    if len(values) > 1:
        raise InputError(f"several stacks have {name}: say {' or '.join(f'{row}.{key}' for row in values)}")
    return next(iter(values.values()))
