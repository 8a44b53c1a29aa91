"""What a fleet adds to policies: a stack that stands for those of its clients, and the limits of one client."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aurora_cfn.aws.permissions import LOGIN_OF_CLIENT, OF_CLIENT
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.environment.keys import ENVIRONMENT_PARAMETER
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_state import stack_name
from aurora_cfn.fleet.set_definition import shared_entry
from aurora_cfn.iam.fleet_scope import of_client, of_pool_login
from aurora_cfn.iam.scope import Scope
from aurora_cfn.model.environment import EnvironmentStack, Fleet, ParameterValue

CLIENTS = "clients"
FLEET = "fleet"
"""The commands: for clients in one account, and for clients that are accounts."""
ANY = "*"
LOGINS = frozenset({"connect", "run", "sql"})
"""Commands that log in to the database of a client of a pool as the client itself."""


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The client that a policy is for, `*` for any of the fleet, and whether the command logs in as it."""

    fleet: Fleet
    client: str
    login: bool

    @property
    def actions(self) -> frozenset[str]:
        """The actions besides those of the command."""
        # A client is found by its own name; the names of others are for those who may work on any.
        found = set(OF_CLIENT) - (set() if self.client == ANY else {"ssm:GetParametersByPath"})
        return frozenset(found | (set(LOGIN_OF_CLIENT) if self.login else set()))

    def narrowed(self, scope: Scope) -> Scope:
        """The scope of the command, limited to the client."""
        scope = of_client(scope, self.fleet, self.client)
        return of_pool_login(scope, stack_name(self.fleet.name, self.client)) if self.login else scope


def fleet_of(target: Target) -> Fleet:
    """The fleet of the environment. Raises InputError without one."""
    if target.environment.fleet is None:
        raise InputError(
            f"{target.environment.path} has no section `fleet`; see: aurora-cfn docs fleet#what-do-i-write"
        )
    return target.environment.fleet


def fleet_target(target: Target) -> Target:
    """The target with the stack `FLEET-*` of any client. The clients of a pool have no stacks."""
    fleet, environment = fleet_of(target), target.environment
    if fleet.accounts:
        raise InputError(f"{environment.path}: the clients of its fleet are AWS accounts: `permissions {FLEET}`")
    if fleet.pool:
        return target
    return target.with_environment(replace(environment, stacks=(*environment.stacks, any_client(target, ANY))))


def any_client(target: Target, client: str) -> EnvironmentStack:
    """The stack of the client, whose name may be a pattern; a parameter of its own is not known."""
    fleet = fleet_of(target)
    name, template = f"{fleet.name}-{client}", target.templates[fleet.template]
    made = {ENVIRONMENT_PARAMETER: target.environment.name, "ClientName": client, "ClusterName": name}
    given: dict[str, ParameterValue] = {key: text for key, text in made.items() if template.parameter(key)}
    return EnvironmentStack(name, name, fleet.template, {**given, **fleet.defaults}, fleet.line, file=template.path)


def client_stacks(target: Target) -> list[str]:
    """The stacks that `clients` works on: that of any client, or the pool's."""
    fleet = fleet_of(target)
    key = fleet.pool.stack if fleet.pool else f"{fleet.name}-{ANY}"
    return [row.name for row in target.environment.stacks if row.key == key]


def accounts_target(target: Target) -> Target:
    """The target with the stack of the fleet's accounts alone. Raises InputError for a fleet without accounts."""
    fleet, environment = fleet_of(target), target.environment
    if fleet.accounts is None:
        raise InputError(f"{environment.path} has no section `fleet.accounts`: its clients are those of `clients`")
    entry = shared_entry(environment, target.templates[fleet.template])
    return target.with_environment(replace(environment, stacks=(entry,)))


def administration_role(target: Target) -> str:
    """The role that the caller passes to StackSets; empty where StackSets takes the role of its default name."""
    accounts = fleet_of(target).accounts
    return accounts.administration_role if accounts else ""
