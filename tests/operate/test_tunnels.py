"""Tunnels: which ones are meant by a stack, a branch or a client, and how they are listed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aurora_cfn.model.database_tunnel import DatabaseTunnel, read_tunnel
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.ownership import Owner
from aurora_cfn.operate.tunnels import for_programs, listed, meant, named

PLAIN = DatabaseTunnel(
    "dev", "db-dev", "i-0abc", "c.invalid", 5432, 54213, "shop", datetime(2026, 11, 29, 13, 5, 7, tzinfo=UTC),
    key="db", keeper=Owner("0123456789ab", 4711, "99"), plugin=Owner("0123456789ab", 4712),
)  # fmt: skip
BRANCH = replace(PLAIN, stack="db-dev-branch-pr-1", branch="pr-1")
CLIENT = replace(PLAIN, stack="db-dev-acme", key="", client="acme")
OTHER = replace(PLAIN, env="production", stack="db-production")


@pytest.mark.parametrize(
    ("env", "stack", "expected"),
    [
        (None, None, [PLAIN, BRANCH, CLIENT, OTHER]),
        ("dev", None, [PLAIN, BRANCH, CLIENT]),
        (None, "db", [PLAIN, OTHER]),
        ("dev", "db", [PLAIN]),
        ("dev", "db-dev", [PLAIN]),
        ("dev", "db-dev-branch-pr-1", [BRANCH]),
        ("dev", "branch:pr-1", [BRANCH]),
        ("dev", "branch:", []),
        ("dev", "client:acme", [CLIENT]),
        ("dev", "pr-1", []),
    ],
)
def test_which_tunnels_are_meant(env: str | None, stack: str | None, expected: list[DatabaseTunnel]) -> None:
    assert meant([PLAIN, BRANCH, CLIENT, OTHER], env, stack) == expected


@pytest.mark.parametrize("row", [PLAIN, BRANCH, replace(CLIENT, keeper=None, plugin=None)])
def test_a_record_gives_the_same_tunnel(row: DatabaseTunnel) -> None:
    assert read_tunnel(json.loads(json.dumps(row.record()))) == row


@pytest.mark.parametrize(
    ("stack", "expected"),
    [("db-dev", ("db", "")), ("db-dev-branch-pr-1", ("db", "pr-1")), ("db-dev-r1", ("", "")), ("x-dev", ("", ""))],
)
def test_the_key_and_the_branch_of_a_stack(stack: str, expected: tuple[str, str]) -> None:
    stacks = (EnvironmentStack("network", "network-dev", "n", {}, 1), EnvironmentStack("db", "db-dev", "t", {}, 1))
    assert named(Environment("dev", "params/dev.yaml", "eu-west-1", stacks), stack) == expected


def test_a_tunnel_as_row_and_for_programs() -> None:
    assert listed([CLIENT]).rows == (
        ("dev", "db-dev-acme", None, "acme", 54213, 4711, "2026-11-29 13:05:07Z", "c.invalid:5432", "i-0abc"),
    )
    found = for_programs(replace(PLAIN, url="postgresql://127.0.0.1:54213/shop"))
    assert (found["address"], found["port"], found["url"]) == ("127.0.0.1", 54213, "postgresql://127.0.0.1:54213/shop")
    assert json.dumps(found)


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("postgresql", "PGHOST=c.invalid PGHOSTADDR=127.0.0.1 PGPORT=54213 PGDATABASE=shop"),
        ("mysql", "MYSQL_HOST=127.0.0.1 MYSQL_TCP_PORT=54213"),
    ],
)
def test_the_variables_of_clients(engine: str, expected: str) -> None:
    assert replace(PLAIN, engine=engine).variables == expected  # type: ignore[arg-type] # the table has both
