"""Reading the deployed stacks, which with the written ones are the subjects of the checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from aurora_cfn.deploy.preflight.check import unanswered
from aurora_cfn.deploy.preflight.subject import Deployed, Subject, subject
from aurora_cfn.deploy.stack_status import is_created
from aurora_cfn.environment import Sources, known, ssm_names
from aurora_cfn.errors import AwsError
from aurora_cfn.model.environment import Environment, EnvironmentStack, OutputRef, flat
from aurora_cfn.model.finding import Finding
from aurora_cfn.ports import CloudFormation, Parameters

ACTIONS = ("cloudformation:DescribeStacks", "cloudformation:ListStackResources", "cloudformation:GetTemplate")
SSM = ("ssm:GetParameters",)
PARALLEL = 8
"""Stacks read at once, as many as are deployed at once by default."""


def deployed(cloudformation: CloudFormation, name: str) -> Deployed:
    """What is deployed of the stack; without resources and template where it was never created in full."""
    stack = cloudformation.stack(name)
    if stack is None or not is_created(stack):
        return Deployed(stack)
    return Deployed(stack, cloudformation.resources(stack.arn), cloudformation.template(stack.arn))


def subjects(
    environment: Environment,
    chosen: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    variables: Mapping[str, str],
    ports: tuple[CloudFormation, Parameters],
) -> tuple[list[Subject], list[Finding]]:
    """The chosen stacks that could be read, and a finding for each that could not; `templates` are texts by name.

    Stacks whose outputs the chosen ones need are read too.
    """
    cloudformation, parameters = ports
    found: list[Finding] = []
    # Three calls for each stack, one after the other; in parallel the stacks of an environment take as long as one.
    with ThreadPoolExecutor(PARALLEL) as pool:
        rows = {
            entry.key: pool.submit(deployed, cloudformation, entry.name) for entry in _with_needs(environment, chosen)
        }
    there: dict[str, Deployed] = {}
    for key, future in rows.items():
        try:
            there[key] = future.result()
        except AwsError as error:
            line = next(entry.line for entry in environment.stacks if entry.key == key)
            found.append(unanswered("deployed", f"the stack {key}", ACTIONS, error, environment.path, line))
    values, trouble = _ssm(environment, chosen, parameters)
    outputs = {key: row.stack.output_values if row.stack else {} for key, row in there.items()}
    sources = Sources(outputs, values, variables)
    made = [
        subject(environment, entry, templates[entry.template], known(entry, environment, sources), there[entry.key])
        for entry in chosen
        if entry.key in there
    ]
    return made, found + trouble


def _with_needs(environment: Environment, chosen: Sequence[EnvironmentStack]) -> list[EnvironmentStack]:
    values = [value for entry in chosen for value in flat(entry.parameters.values())]
    keys = {entry.key for entry in chosen} | {value.stack for value in values if isinstance(value, OutputRef)}
    return [entry for entry in environment.stacks if entry.key in keys]


def _ssm(
    environment: Environment, chosen: Sequence[EnvironmentStack], parameters: Parameters
) -> tuple[Mapping[str, str], list[Finding]]:
    """The values behind `{ssm: ...}`; an error for each that is missing."""
    wanted = {name: entry for entry in chosen for name in ssm_names(entry)}
    if not wanted:
        return {}, []
    try:
        values = parameters.values(list(wanted))
    except AwsError as error:
        return {}, [unanswered("ssm", "the SSM parameters", SSM, error, environment.path)]
    missing = [
        Finding("ssm", "error", f"there is no SSM parameter {name} in {environment.region}", environment.path,
                entry.line, key=f"stacks.{entry.key}", source="preflight")
        for name, entry in wanted.items() if name not in values
    ]  # fmt: skip
    return values, missing
