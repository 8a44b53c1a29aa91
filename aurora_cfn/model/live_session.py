"""A live session on AWS: a stub replaces the code of functions for a time, and sends their events to a laptop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

PREFIX = "aurora-cfn-live"
"""The beginning of the names of everything that a session makes."""
QUEUE_ACTIONS = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
"""What a function does with the queues of a session."""


def unqualified(arn: str) -> str:
    """The ARN of a function without a version or an alias: a session has all of them."""
    return ":".join(arn.split(":")[:7])


@dataclass(frozen=True, slots=True)
class FunctionState:
    """What a function runs: `sha256` of its zip in Base64, `revision` of its code and configuration."""

    name: str
    arn: str
    runtime: str
    handler: str
    role: str
    sha256: str
    revision: str
    variables: Mapping[str, str] = field(default_factory=dict)
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    vpc: str = ""


@dataclass(frozen=True, slots=True)
class CodePlace:
    """The zip in a bucket that a stack deploys a function with."""

    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session: `functions` have the digest of the stub by the function's name; AWS itself ends it at `until`.

    `owner` is the process of the command, as text of `Owner.suffix`.
    """

    name: str
    who: str
    until: datetime
    functions: Mapping[str, str]
    owner: str = ""


@dataclass(frozen=True, slots=True)
class RelayPlace:
    """The addresses of a session's queues."""

    requests: str
    replies: tuple[str, ...]
