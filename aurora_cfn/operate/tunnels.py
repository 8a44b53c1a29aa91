"""Tunnels to databases: which ones are meant, as rows, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aurora_cfn.model.database_copy import BRANCH_PREFIX
from aurora_cfn.model.database_tunnel import DatabaseTunnel
from aurora_cfn.model.environment import Environment
from aurora_cfn.model.resource_types import BRANCH, CLIENT
from aurora_cfn.model.rows import Column, Rows
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
    columns = tuple(Column(name, "int4" if name in {"port", "pid"} else "text") for name in COLUMNS)
    return Rows(columns, tuple(_row(row) for row in found))


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
