"""`outputs`: the outputs of an environment's stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aurora_cfn.cli.runs.secret_ids import deployed_template
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import InputError
from aurora_cfn.model.stack import NO_ECHO, Stack

REVEAL = "--reveal shows what comes from {ssm:}, {env:} or a NoEcho parameter"


def deployed_outputs(target: Target, stacks: Sequence[str], *, reveal: bool) -> dict[str, dict[str, str]]:
    """Values by the stack's key and the output's key; stacks that are not deployed are named on stderr.

    Without `reveal`, values that hold a secret are masked. Raises InputError where a stack in `stacks` is not
    deployed, or none is.
    """
    chosen = selected(target.environment, stacks)
    found, missing = {}, []
    for row in chosen:
        stack = target.cloudformation.stack(row.name)
        if stack and stack.exists:
            found[row.key] = stack.output_values if reveal else _shown(target, stack)
        else:
            missing.append(row.name)
    if missing and (stacks or not found):
        command = f"`aurora-cfn deploy --env {target.environment.name}` does it"
        raise InputError(f"not deployed: {', '.join(missing)}; {command}")
    if missing:
        write_stderr(f"not deployed: {', '.join(missing)}")
    return found


def note_masked(found: Mapping[str, Mapping[str, str]]) -> None:
    """Name on stderr the outputs that were masked."""
    if names := [
        f"{stack}.{key}" for stack, outputs in found.items() for key, text in outputs.items() if _hidden(text)
    ]:
        write_stderr(f"masked: {', '.join(names)}; {REVEAL}")


def value_of(found: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The value of the output `KEY` or `STACK.KEY`.

    Raises InputError if no stack or several stacks have it, and for a masked one: a script would take the mask for it.
    """
    stack, _, key = name.rpartition(".")
    values = {row: outputs[key] for row, outputs in found.items() if key in outputs and stack in ("", row)}
    if not values:
        known = ", ".join(dict.fromkeys(key for outputs in found.values() for key in outputs))
        raise InputError(f"no output {name} here; there are: {known}")
    if len(values) > 1:
        raise InputError(f"several stacks have {name}: say {' or '.join(f'{row}.{key}' for row in values)}")
    value = next(iter(values.values()))
    if _hidden(value):
        raise InputError(f"{name} may hold a secret: {REVEAL}")
    return value


def _hidden(text: str) -> bool:
    return NO_ECHO in text


def _shown(target: Target, stack: Stack) -> dict[str, str]:
    """The outputs, masked; where AWS keeps back a value, by the deployed template, else by that of the worktree."""
    hidden = NO_ECHO in stack.parameters.values()
    return target.shown_outputs(stack, deployed_template(target.cloudformation, stack) if hidden else None)
