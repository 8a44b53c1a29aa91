"""An environment: the content of one params file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from aurora_cfn.model.finding import Finding
from aurora_cfn.model.value import Value

if TYPE_CHECKING:
    from aurora_cfn.model.fleet_accounts import FleetAccounts


@dataclass(frozen=True, slots=True)
class StackRef:
    """`{stack: network}`: the real name of another stack of this environment."""

    stack: str


@dataclass(frozen=True, slots=True)
class OutputRef:
    """`{output: network.VpcId}`: an output of another stack of this environment, known once it is deployed."""

    stack: str
    output: str


@dataclass(frozen=True, slots=True)
class SsmRef:
    """`{ssm: /path}`: the value of an SSM parameter, read just before the stack is deployed."""

    name: str


@dataclass(frozen=True, slots=True)
class EnvRef:
    """`{env: NAME}`: the value of an environment variable of the command."""

    name: str


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list with outputs of other stacks: CloudFormation takes its items with commas between them."""

    items: tuple[str | OutputRef, ...]


Reference: TypeAlias = StackRef | OutputRef | SsmRef | EnvRef | ListRef
ParameterValue: TypeAlias = str | Reference
"""A parameter's value as CloudFormation takes it (always text), or a reference to it."""


def flat(values: Iterable[ParameterValue]) -> Iterator[ParameterValue]:
    """The values, with the items of lists in their place."""
    for value in values:
        yield from value.items if isinstance(value, ListRef) else (value,)


@dataclass(frozen=True, slots=True)
class AllowedReplacement:
    """An `allow_replace` entry: the resource may be replaced up to and including the day `until` (`YYYY-MM-DD`).

    One of a fleet counts in the stacks of all clients, or with `client` in that of one.
    """

    logical_id: str
    until: str
    reason: str
    line: int = 1
    client: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentStack:
    """One entry under `stacks`: which template, under which name, with which parameters.

    `lines` has the line of each parameter by its name, and of `depends_on` under that name; `after` are the keys in
    `depends_on`. `tags` and `protect` are the stack's own where given, else the environment's. `file` is empty where
    the template's file is not known. `after_deploy` are the words of the command to run after the stack. Of a
    `disposable` stack nothing is kept when it is deleted, whatever the template says: no final snapshot either.
    `handlers` is the folder with the code of its functions, empty where they run the handlers that are shipped.
    """

    key: str
    name: str
    template: str
    parameters: Mapping[str, ParameterValue]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    allow_replace: tuple[AllowedReplacement, ...] = ()
    after: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    stack_policy: Mapping[str, Value] | None = None
    file: str = ""
    after_deploy: tuple[str, ...] = ()
    disposable: bool = False
    handlers: str = ""

    @property
    def template_file(self) -> str:
        """Path of the template's file."""
        return self.file or f"templates/{self.template}.yaml"

    def with_names(self, stack: Callable[[str], EnvironmentStack | None]) -> dict[str, ParameterValue]:
        """The parameters, with the names of the stacks that `stack` has under the keys that they refer to."""
        found: dict[str, ParameterValue] = {}
        for name, value in self.parameters.items():
            other = stack(value.stack) if isinstance(value, StackRef) else None
            found[name] = other.name if other else value
        return found

    def depends_on(self) -> frozenset[str]:
        """Keys of the stacks that must be deployed before this one."""
        values = flat(self.parameters.values())
        return frozenset(self.after) | {value.stack for value in values if isinstance(value, StackRef | OutputRef)}


@dataclass(frozen=True, slots=True)
class Pool:
    """The section `fleet.pool`: each client is a database and a role in the cluster of the stack with that key.

    `migrations` is the folder of the SQL files that every client's database gets; empty for none.
    """

    stack: str
    connection_limit: int = 20
    migrations: str = ""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The section `fleet`: one stack `NAME-CLIENT` of the template for each client, in one of the regions.

    `defaults` are the parameters that all clients have; `lines` has the line of each in the file. With a `pool` there
    is no template: clients share a cluster. With `accounts` each client is an AWS account, and all of them are one
    StackSet `NAME`.
    """

    name: str
    template: str
    regions: tuple[str, ...]
    defaults: Mapping[str, ParameterValue] = field(default_factory=dict)
    max_clients_per_region: int = 35
    line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)
    pool: Pool | None = None
    accounts: FleetAccounts | None = None
    allow_replace: tuple[AllowedReplacement, ...] = ()

    def allowed_in(self, *names: str) -> tuple[AllowedReplacement, ...]:
        """The lines of `allow_replace` for the client that goes by these names."""
        return tuple(row for row in self.allow_replace if not row.client or row.client in names)


@dataclass(frozen=True, slots=True)
class Environment:
    """A whole params file, checked; stacks are in the order of the file.

    `project` is None where the file does not name it. See `project.identity`. `live`: `dev` may replace the code of
    functions in AWS for a time. `aliases` are other names of stacks: `client:acme` for the one that a client of a
    pool shares.
    `warnings` are values that work but are probably not intended, such as a proxy beside a database that should pause;
    `unused` are values that have no effect beside another, of severity info.
    """

    name: str
    path: str
    region: str
    stacks: tuple[EnvironmentStack, ...]
    account: str | None = None
    project: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    endpoint: Literal["aws", "local"] = "aws"
    profile: str | None = None
    role_arn: str | None = None
    permissions_boundary: str | None = None
    bucket: str | None = None
    notification_arns: tuple[str, ...] = ()
    express: bool = False
    live: bool = False
    fleet: Fleet | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()
    unused: tuple[Finding, ...] = ()
    _by_key: Mapping[str, EnvironmentStack] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {stack.key: stack for stack in self.stacks})

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates of the stacks and of the fleet, each once, in the order of the file."""
        of_clients = [self.fleet.template] if self.fleet and self.fleet.template else []
        return tuple(dict.fromkeys([*(stack.template for stack in self.stacks), *of_clients]))

    def stack(self, key: str) -> EnvironmentStack | None:
        """The stack under that key."""
        return self._by_key.get(key)

    def entry(self, key: str) -> EnvironmentStack:
        """The stack under a key that it is known to have."""
        return self._by_key[key]

    def meant(self, name: str) -> str:
        """The name of the stack that an alias stands for; any other name as it is."""
        return self.aliases.get(name, name)
