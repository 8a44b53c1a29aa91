"""The policy of a command with `--client`: the one client's stack, or its login in a pool, and what finds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module

import click

from aurora_cfn.aws.permissions import LOGIN_OF_CLIENT, OF_CLIENT
from aurora_cfn.cli.command_list import COMMANDS
from aurora_cfn.cli.runs.fleet_policy import ANY, any_client, fleet_of
from aurora_cfn.cli.runs.least_policy import LeastPolicy
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_names import check_client, stack_name
from aurora_cfn.iam.fleet_scope import of_client, of_pool_login
from aurora_cfn.iam.scope import Scope
from aurora_cfn.model.environment import Fleet

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


def client_policy(target: Target, name: str, client: str) -> LeastPolicy:
    """The policies of the command for that client. Raises UsageError or InputError where it has no `--client`."""
    module = import_module(f"aurora_cfn.cli.commands.{COMMANDS[name][0]}") if name in COMMANDS else None
    if module is None or not any(row.name == "client" for row in module.command.params):
        raise click.UsageError(f"permissions {name}: the command has no --client")
    fleet, path = fleet_of(target), target.environment.path
    if fleet.accounts:
        raise InputError(f"{path}: the clients of its fleet are AWS accounts, which --client does not reach")
    if client != ANY:
        check_client(client)
    if fleet.pool and name == "recover":
        raise InputError(f"{path}: recover would change the stack that clients of a pool share: leave out --client")
    pool = fleet.pool.stack if fleet.pool else ""
    entries = [row for row in target.environment.stacks if row.key == pool] or [any_client(target, client)]
    limits = ClientLimits(fleet, client, bool(pool) and name in LOGINS)
    return LeastPolicy(target.with_environment(replace(target.environment, stacks=tuple(entries))), client=limits)
