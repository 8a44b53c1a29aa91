"""An environment: what one params file asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


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
    """`{env: NAME}`: the value of a variable of the shell that runs the command."""

    name: str


Reference: TypeAlias = StackRef | OutputRef | SsmRef | EnvRef
ParameterValue: TypeAlias = str | Reference
"""A parameter as CloudFormation takes it (always text), or where it will come from."""


@dataclass(frozen=True, slots=True)
class AllowedReplacement:
    """A dated line in the params file that lets one named resource be replaced, until the day it ends."""

    logical_id: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True)
class EnvironmentStack:
    """One entry under `stacks`: which template, under which name, with which parameters."""

    key: str
    name: str
    template: str
    parameters: Mapping[str, ParameterValue]
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)
    allow_replace: tuple[AllowedReplacement, ...] = ()

    def depends_on(self) -> frozenset[str]:
        """Keys of the stacks that must be deployed before this one."""
        values = self.parameters.values()
        return frozenset(value.stack for value in values if isinstance(value, StackRef | OutputRef))


@dataclass(frozen=True, slots=True)
class Environment:
    """A whole params file, checked: stacks are in the order of the file."""

    name: str
    path: str
    region: str
    stacks: tuple[EnvironmentStack, ...]
    account: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    endpoint: Literal["aws", "local"] = "aws"
    profile: str | None = None
    role_arn: str | None = None
    bucket: str | None = None
    notification_arns: tuple[str, ...] = ()
    express: bool = False
