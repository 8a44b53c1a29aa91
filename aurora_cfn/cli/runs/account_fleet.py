"""The fleet of an environment whose clients are AWS accounts: its StackSet as it should be, and as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

from aurora_cfn.aws.stack_sets import AwsStackSets
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.readiness import checked_account, checked_files, desired_stacks
from aurora_cfn.cli.runs.stack_parameters import KnownStacks, StackParameters
from aurora_cfn.cli.runs.target import read_target
from aurora_cfn.cli.runs.upload import Code
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.context import Choices
from aurora_cfn.errors import GuardError, InputError
from aurora_cfn.fleet.client_rows import instance_rows
from aurora_cfn.fleet.set_definition import client_entry, client_values, set_definition, shared_entry
from aurora_cfn.fleet.set_operation import running
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.fleet_accounts import AccountClient, FleetAccounts
from aurora_cfn.model.ownership import ownership_of
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.rows import Rows
from aurora_cfn.model.stack_set import SetDefinition, StackInstance, StackSet

READERS = 8
"""Instances that are described at once: the list of them has no overrides."""


class AccountFleet:
    """The section `fleet.accounts` of one environment, and the StackSet of its name."""

    def __init__(self, env: str, aws: AwsOptions) -> None:
        """Read the environment. Raises InputError where its fleet is not one of accounts."""
        self.target = read_target(env, aws)
        environment = self.target.environment
        if environment.fleet is None or environment.fleet.accounts is None:
            page = "aurora-cfn docs fleet#a-client-is-an-aws-account"
            what = f"{environment.path} has no section `fleet.accounts`: see: {page}"
            raise InputError(f"{what}; `aurora-cfn clients` makes databases in one account")
        self.fleet: Fleet = environment.fleet
        self.accounts: FleetAccounts = environment.fleet.accounts
        self.template = self.target.templates[self.fleet.template]

    @cached_property
    def port(self) -> AwsStackSets:
        """The port; the first call of the command is that for the account."""
        checked_account(self.target)
        return AwsStackSets(self.target.session, self.accounts.call_as)

    def overrides(self, client: AccountClient) -> Mapping[str, str]:
        """The parameters that the client has of its own."""
        return client_values(client, self.template)

    def desired(self) -> tuple[DesiredStack, SetDefinition]:
        """The stack of all clients, and the StackSet as it should be, once its files have passed the checks.

        Raises InputError for values; ends the command for lint errors.
        """
        shared = shared_entry(self.target.environment, self.template)
        clients = [client_entry(shared, client, self.template) for client in self.accounts.clients]
        texts = checked_files(self.target, clients, Choices())
        code = Code(self.target, ())
        desired = desired_stacks(self.target, (shared,), texts, code)[shared.key]
        known = KnownStacks(self.target.environment, self.target.cloudformation)
        values = StackParameters(self.target, known, code).of(desired)
        text = texts[shared.template]
        whole = set_definition(shared, self.accounts, self.template, text, values, self.target.owner)
        return desired, whole

    def current(self) -> StackSet | None:
        """The StackSet as it is. Raises GuardError for one of another project or environment."""
        found = self.port.stack_set(self.fleet.name)
        ours = self.target.owner
        if found is not None and ours.project and ownership_of(found.tags) != ours:
            whose = ownership_of(found.tags) or "another owner: it has no tag of a project"
            raise GuardError(f"the StackSet {found.name} belongs to {whose}; here it is {ours}. Nothing was changed")
        return found

    def instances(self) -> tuple[StackInstance, ...]:
        """The stack instances with their overrides."""
        rows = self.port.stack_instances(self.fleet.name)
        with ThreadPoolExecutor(READERS) as pool:
            found = list(pool.map(lambda row: self.port.stack_instance(self.fleet.name, *row.place), rows))
        return tuple(found)

    def rows(self) -> Rows:
        """The instances as rows; what runs is said beside them."""
        exists = self.current() is not None
        instances: Sequence[StackInstance] = self.port.stack_instances(self.fleet.name) if exists else ()
        for operation in running(self.port, self.fleet.name) if exists else ():
            info(f"{self.fleet.name}: {operation.action.lower()} is {operation.status.lower()} ({operation.id})")
        return instance_rows(instances, self.accounts)
