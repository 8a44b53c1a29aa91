"""Tunnels to databases: which ones are meant, as rows, for programs, and the command line of session-manager-plugin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aurora_cfn.model.database_copy import BRANCH_PREFIX
from aurora_cfn.model.database_tunnel import FORWARDING, DatabaseTunnel, ForwardingSession, PortForwarding
from aurora_cfn.model.environment import Environment
from aurora_cfn.model.resource_types import BRANCH, CLIENT
from aurora_cfn.model.rows import Rows
from aurora_cfn.operate.snapshots import listed_time

COLUMNS = ("env", "stack", "branch", "client", "port", "pid", "since", "to", "via")


def named(environment: Environment, stack: str) -> tuple[str, str]:
    """The key in the params file of the stack with that name in AWS, and the branch that it is; empty where it is none.

    Of a branch it is the key of the original.
    """
    for row in environment.stacks:
        if stack == row.name:
            return row.key, ""
        if stack.startswith(f"{row.name}-{BRANCH_PREFIX}"):
            return row.key, stack.removeprefix(f"{row.name}-{BRANCH_PREFIX}")
    return "", ""


def meant(found: Iterable[DatabaseTunnel], env: str | None, stack: str | None) -> list[DatabaseTunnel]:
    """Those of the environment, and of the stack (key or name), `branch:NAME` or `client:NAME`; all without."""
    return [row for row in found if env in {None, row.env} and (stack is None or _is(row, stack))]


def _is(row: DatabaseTunnel, stack: str) -> bool:
    if stack.startswith((BRANCH, CLIENT)):
        return stack in {f"{BRANCH}{row.branch}" if row.branch else "", f"{CLIENT}{row.client}" if row.client else ""}
    return stack == row.stack or (stack == row.key and not row.branch)


def listed(found: Sequence[DatabaseTunnel]) -> Rows:
    """A row for each tunnel."""
    return Rows.of(COLUMNS, map(_row, found), port="int4", pid="int4")


def for_programs(row: DatabaseTunnel) -> dict[str, Any]:
    """What a program needs to connect and to know of the tunnel, for JSON."""
    values = dict(zip(COLUMNS, _row(row), strict=True))
    return {"address": "127.0.0.1", "port": row.port, "url": row.url, "database": row.name} | values


def _row(row: DatabaseTunnel) -> tuple[str | int | None, ...]:
    pid = row.keeper.process if row.keeper else None
    return (
        row.env, row.stack, row.branch or None, row.client or None, row.port, pid, listed_time(row.since),
        f"{row.host}:{row.host_port}", row.via,
    )  # fmt: skip


PLUGIN = "session-manager-plugin"
RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"
READY = "Waiting for connections"
"""What the plugin prints when the local port accepts connections."""
INSTALL = (
    "install the Session Manager plugin: "
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
)
_OLDEST = (1, 2, 497, 1)
"""Older versions take the session's token as an argument, where every user of the machine could read it."""


def plugin_words(wanted: PortForwarding, region: str, profile: str, endpoint: str) -> list[str]:
    """The arguments; the session itself is in the environment (`plugin_environment`)."""
    asked = {
        "Target": wanted.target,
        "DocumentName": FORWARDING,
        "Parameters": wanted.parameters,
    }
    return [RESPONSE, region, "StartSession", profile, json.dumps(asked), endpoint]


def plugin_environment(session: ForwardingSession) -> Mapping[str, str]:
    """The variable that holds the answer of StartSession, with its token."""
    answer = {"SessionId": session.identifier, "TokenValue": session.token, "StreamUrl": session.url}
    return {RESPONSE: json.dumps(answer)}


def is_too_old(version: str) -> bool:
    """Whether that version of the plugin would need the token on its command line; False for an unknown version."""
    numbers = tuple(map(int, re.findall(r"\d+", version)))
    # An unknown version passes: a plugin that is built from source prints none.
    return bool(numbers) and numbers < _OLDEST
