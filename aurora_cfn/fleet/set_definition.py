"""The StackSet of a fleet of accounts as it should be, from the params file: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aurora_cfn.deploy.desired import capabilities
from aurora_cfn.environment.fleet_accounts import CLIENT_PARAMETER, filled_in
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.fleet_client import CLIENT
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack_set import SetDefinition
from aurora_cfn.packaging import uploads_files
from aurora_cfn.template.summary import TemplateSummary


def shared_entry(environment: Environment, template: TemplateSummary) -> EnvironmentStack:
    """The fleet's stack with the parameters that all clients have. Raises InputError where it has packaged code."""
    fleet = environment.fleet
    assert fleet is not None
    entry = EnvironmentStack(
        key="fleet",
        name=fleet.name,
        template=fleet.template,
        parameters={**filled_in(template, fleet.name, environment.name), **fleet.defaults},
        line=fleet.line,
        lines=fleet.lines,
        tags=environment.tags,
        file=template.path,
    )
    if uploads_files(entry, template):
        what = f"{environment.path}:{fleet.line}: the template {template.name} has code or files of this machine"
        why = "which the accounts of clients cannot read from the bucket of this one"
        raise InputError(f"{what}, {why}: choose a template without functions for fleet.accounts")
    return entry


def client_values(client: AccountClient, template: TemplateSummary) -> dict[str, str]:
    """The parameters that the client overrides."""
    made = {CLIENT_PARAMETER: client.name} if template.parameter(CLIENT_PARAMETER) else {}
    return {**made, **client.parameters}


def client_entry(shared: EnvironmentStack, client: AccountClient, template: TemplateSummary) -> EnvironmentStack:
    """The stack of one client, for lint; the tag lets alike clients be linted once."""
    values = {**shared.parameters, **client_values(client, template)}
    return replace(
        shared, key=client.name, parameters=values, line=client.line, tags={**shared.tags, CLIENT: client.name}
    )


def set_definition(
    entry: EnvironmentStack,
    accounts: FleetAccounts,
    template: TemplateSummary,
    text: str,
    values: Mapping[str, str],
    owner: Ownership,
) -> SetDefinition:
    """The definition; `values` are the resolved parameters of all clients.

    Raises InputError where accounts that join a unit would have no value of their own.
    """
    # CloudFormation wants a value of every parameter here, also of one that each client overrides.
    needed = [row.name for row in template.parameters if row.default is None and row.name not in values]
    if needed and accounts.automatic:
        what = f"accounts that join a unit get no overrides, and the template needs {', '.join(needed)}"
        raise InputError(f"{what}: write it under fleet.defaults, or leave out auto_deployment")
    first = client_values(accounts.clients[0], template)
    return SetDefinition(
        name=entry.name,
        template=text,
        parameters={**values, **{name: first[name] for name in needed}},
        tags={**entry.tags, **owner.tags},
        capabilities=capabilities(template.template),
        description=f"{template.name} of aurora-cfn for the clients of the fleet {entry.name}",
        permissions=accounts.permissions,
        administration_role=accounts.administration_role,
        execution_role=accounts.execution_role,
        automatic=accounts.automatic,
        retain_on_removal=accounts.retain_on_removal,
    )
