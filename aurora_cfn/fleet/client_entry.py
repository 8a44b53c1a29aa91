"""The stack of a client as one more stack of the environment, which deploys as any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256

from aurora_cfn.environment.fleet import OWN
from aurora_cfn.environment.keys import ENVIRONMENT_PARAMETER
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_state import check_client, stack_key, stack_name
from aurora_cfn.model.environment import Environment, EnvironmentStack, Fleet, ParameterValue
from aurora_cfn.model.fleet_client import CLIENT, FLEET, OWN_PARAMETERS, VERSION
from aurora_cfn.template.summary import TemplateSummary

DIGITS = 12
"""Characters of a version."""
LONGEST_TAG = 256
"""Characters of a tag's value at most (API reference of CloudFormation, Tag)."""


def version_of(fleet: Fleet, template: str) -> str:
    """The version of the fleet: of the text of its template and of its defaults; their order does not count."""
    defaults = sorted((name, repr(value)) for name, value in fleet.defaults.items())
    return sha256(f"{template}\0{defaults}".encode()).hexdigest()[:DIGITS]


def client_entry(
    environment: Environment, client: str, template: TemplateSummary, own: Mapping[str, str], version: str
) -> EnvironmentStack:
    """The entry of the client, whose key is `client:NAME`; `own` are its parameters besides the defaults.

    Raises InputError for a name or a parameter that is wrong, and for a parameter without any value.
    """
    fleet = environment.fleet
    assert fleet is not None
    name = stack_name(fleet.name, check_client(client))
    _check(own, template)
    clash = next((row for row in environment.stacks if name in {row.key, row.name}), None)
    if clash:
        raise InputError(f"{environment.path}:{clash.line}: the stack {clash.name} has the name of the client {client}")
    given: dict[str, ParameterValue] = {**fleet.defaults, **own}
    made = {ENVIRONMENT_PARAMETER: environment.name, "ClientName": client, "ClusterName": name}
    # ENVIRONMENT_PARAMETER may be a default; the names of OWN never are.
    given = {key: text for key, text in made.items() if template.parameter(key)} | given
    missing = [row.name for row in template.parameters if row.default is None and row.name not in given]
    if missing:
        what = f"the template {fleet.template} needs {', '.join(missing)}"
        raise InputError(f"{what}: write it under fleet.defaults in {environment.path}, or give it with --parameter")
    tags = {FLEET: fleet.name, CLIENT: client, VERSION: version, OWN_PARAMETERS: " ".join(sorted(own))}
    if len(tags[OWN_PARAMETERS]) > LONGEST_TAG:
        raise InputError(f"the names of the parameters of {client} are longer than {LONGEST_TAG} characters")
    return EnvironmentStack(
        key=stack_key(client),
        name=name,
        template=fleet.template,
        parameters=given,
        line=fleet.line,
        lines=fleet.lines,
        allow_replace=fleet.allowed_in(client),
        tags={**environment.tags, **{key: text for key, text in tags.items() if text}},
        protect=environment.protect,
        file=template.path,
    )


def with_clients(environment: Environment, region: str, entries: Iterable[EnvironmentStack]) -> Environment:
    """The environment in that region, with the stacks of clients added."""
    return replace(environment, region=region, stacks=(*environment.stacks, *entries))


def without_repeats(stacks: Iterable[EnvironmentStack]) -> list[EnvironmentStack]:
    """The stacks, with one client for all that have the same template and parameters but for those of its name.

    What lint finds in one holds for the others: a fleet of hundreds of clients is linted in the time of one.
    """
    found: dict[object, EnvironmentStack] = {}
    for row in stacks:
        values = tuple(sorted((name, repr(value)) for name, value in row.parameters.items() if name not in OWN))
        found.setdefault((row.template, values) if CLIENT in row.tags else row.key, row)
    return list(found.values())


def _check(own: Mapping[str, str], template: TemplateSummary) -> None:
    """Raise InputError for each parameter that a client cannot have, with what it may be."""
    found = []
    for name, text in own.items():
        row = template.parameter(name)
        if row is None:
            found.append(f"--parameter {name}: the template {template.name} has no such parameter")
        elif name in OWN:
            found.append(f"--parameter {name}: it is made of the client's name")
        elif row.no_echo:
            # CloudFormation never shows its value again, and an upgrade reads a client's own values from its stack.
            found.append(f"--parameter {name}: a secret (NoEcho) cannot be given for one client")
        elif problem := row.problem(text):
            found.append(f"--parameter {name}: {problem}")
    if found:
        raise InputError("\n".join(found))
