"""The fleet of an environment: its version, its clients, and the target of each region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, cached_property

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.ssm import SsmClaims
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.readiness import checked_account
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_entry import client_entry, version_of, with_clients
from aurora_cfn.fleet.directory import Directory
from aurora_cfn.model.environment import EnvironmentStack, Fleet
from aurora_cfn.model.fleet_client import FleetClient
from aurora_cfn.ports.fleet import RegionPorts


class FleetRun:
    """The fleet of one environment; `region` is that of the command line, None without one."""

    def __init__(self, env: str, aws: AwsOptions) -> None:
        """Read the environment. Raises InputError without a fleet, or for a region that the fleet does not have."""
        # The claims are in the region of the params file, also those of clients in other regions.
        self.target = read_target(env, replace(aws, region=None))
        self.region = aws.region
        if self.region is not None and self.region not in self.fleet.regions:
            known = ", ".join(self.fleet.regions)
            raise InputError(f"--region {self.region}: the fleet {self.fleet.name} has the regions {known}")
        self.in_region = cache(self.target.in_region)

    @property
    def fleet(self) -> Fleet:
        """The section `fleet` of the params file."""
        environment = self.target.environment
        if environment.fleet is None:
            raise InputError(f"{environment.path} has no section `fleet`; see: aurora-cfn docs fleet#what-do-i-write")
        if environment.fleet.accounts is not None:
            what = f"{environment.path}: the clients of its fleet are AWS accounts"
            raise InputError(f"{what}: use `aurora-cfn fleet deploy|status|delete --env {environment.name}`")
        return environment.fleet

    @cached_property
    def version(self) -> str:
        """The version of the template and the defaults in this worktree."""
        return version_of(self.fleet, self.template)

    @cached_property
    def template(self) -> str:
        """The text of the fleet's template in this worktree."""
        return self.target.templates.text(self.fleet.template)

    @cached_property
    def directory(self) -> Directory:
        """The clients; the first call of the command is that for the account."""
        checked_account(self.target)
        return Directory(self.fleet, self.target.owner, SsmClaims(self.target.session), self._ports)

    def clients(self) -> tuple[FleetClient, ...]:
        """The clients in all regions, or in the one of the command line."""
        return self.directory.clients(self.region)

    def entry(self, client: str, own: dict[str, str]) -> EnvironmentStack:
        """The client's stack as it should be. Raises InputError."""
        environment = self.target.environment
        return client_entry(environment, client, self.target.templates[self.fleet.template], own, self.version)

    def with_entries(self, region: str, entries: Iterable[EnvironmentStack]) -> Target:
        """The target of the region with these stacks of clients among those of the environment."""
        there = self.in_region(region)
        return there.with_environment(with_clients(self.target.environment, region, entries))

    def one(self, name: str) -> FleetClient:
        """The client of that name. Raises InputError without a claim; with `--region` its stack there is enough."""
        if self.region is None:
            return self.directory.client(name)
        found = [row for row in self.clients() if row.name == name and row.region == self.region]
        if not found:
            raise InputError(f"the fleet {self.fleet.name} has no client {name} in {self.region}")
        return found[0]

    def _ports(self, region: str) -> RegionPorts:
        target = self.in_region(region)
        return RegionPorts(AwsCloudFormation(target.session), target.databases)
