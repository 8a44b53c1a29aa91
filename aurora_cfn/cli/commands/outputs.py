"""`aurora-cfn outputs`: print the outputs of an environment's stacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environment_option, stack_option
from aurora_cfn.errors import InputError
from aurora_cfn.report.outputs import FORMATS


@click.command()
@click.argument("name", required=False)
@environment_option
@stack_option
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="table", show_default=True, help="How to print."
)
@aws_options
def command(env: str, stacks: tuple[str, ...], form: str, name: str | None, aws: AwsOptions) -> None:
    """Print the outputs of an environment's stacks, or with NAME the value of that one output.

    NAME is an output's key, or STACK.KEY where several stacks have it. json and yaml have one object per stack; env
    is for `eval` in a shell; github is for $GITHUB_OUTPUT.

    Exit codes: 0 printed, 3 not deployed, or no such output, 4 AWS refused.

    \b
    Examples:
      aurora-cfn outputs --env local
      psql -h "$(aurora-cfn outputs --env dev DNSName)"
      eval "$(aurora-cfn outputs --env dev --format env)"
      aurora-cfn outputs --env dev --format github >> "$GITHUB_OUTPUT"
    """
    found, missing = _outputs(env, stacks, aws)
    if missing and (stacks or not found):
        raise InputError(f"not deployed: {', '.join(missing)}; `aurora-cfn deploy --env {env}` does it")
    if missing:
        click.echo(f"not deployed: {', '.join(missing)}", err=True)
    if name is not None:
        click.echo(_one(found, name))
    else:
        click.echo(FORMATS[form](found), nl=False)


def _outputs(env: str, stacks: Sequence[str], aws: AwsOptions) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Outputs of the deployed stacks by key, and the names of those that are not deployed."""
    from aurora_cfn.aws.cloudformation import AwsCloudFormation
    from aurora_cfn.cli.runs.target import target
    from aurora_cfn.deploy.desired import selected

    goal = target(env, aws)
    chosen = selected(goal.environment, stacks)
    cloudformation = AwsCloudFormation(goal.session)
    stacks_by_key = {row.key: cloudformation.stack(row.name) for row in chosen}
    deployed = {key: stack for key, stack in stacks_by_key.items() if stack and stack.exists}
    found = {key: {out.key: out.value for out in stack.outputs} for key, stack in deployed.items()}
    return found, [row.name for row in chosen if row.key not in deployed]


def _one(found: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The value of that output. Raises InputError if no stack or several stacks have it."""
    stack, _, key = name.rpartition(".")
    values = {row: outputs[key] for row, outputs in found.items() if key in outputs and stack in ("", row)}
    if not values:
        known = ", ".join(dict.fromkeys(key for outputs in found.values() for key in outputs))
        raise InputError(f"no output {name} here; there are: {known}")
    if len(values) > 1:
        raise InputError(f"several stacks have {name}: say {' or '.join(f'{row}.{key}' for row in values)}")
    return next(iter(values.values()))
