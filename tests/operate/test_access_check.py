"""The path from a cluster to an open session, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.model.database_role import Proxy, RoleState
from aurora_cfn.model.rds_database import Endpoint
from aurora_cfn.operate.access.path_check import PathCheck, as_table
from tests.fakes.rds import denied
from tests.sql.fakes import DATABASE

ARN = "arn:aws:rds:eu-west-1:123456789012:cluster:c"
READER = RoleState("dbadmin", there=True, login=True, iam=True)
PROXY = Proxy("pool", "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-1", ("s1",))
UNREACHABLE, PAM = AwsError("no route", code="Unreachable"), AwsError("PAM", code="28000")
Answer = TypeVar("Answer")


def check(
    *,
    iam: bool = True,
    keys: frozenset[str] | AwsError | None = frozenset({"username", "password"}),
    users: Mapping[str, str | AwsError] = {},
    session: str | AwsError = "reporter",
) -> PathCheck:
    endpoint = Endpoint(iam=iam, resource_id="cluster-ABC")
    return PathCheck(
        DATABASE, ARN, endpoint, lambda _: answered(keys), lambda secret: answered(users[secret]),
        lambda _: answered(session),
    )  # fmt: skip


def answered(value: Answer | AwsError) -> Answer:
    if isinstance(value, AwsError):
        raise value
    return value


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (check(), {"IAM authentication": "ok", "master secret": "ok"}),
        (check(iam=False), {"IAM authentication": "missing", "master secret": "ok"}),
        (check(keys=None), {"IAM authentication": "ok", "master secret": "missing"}),
        (check(keys=frozenset({"username"})), {"IAM authentication": "ok", "master secret": "missing"}),
        (check(keys=denied("GetSecretValue")), {"IAM authentication": "ok", "master secret": "missing"}),
    ],
)
def test_what_every_role_needs(found: PathCheck, wanted: Mapping[str, str]) -> None:
    assert {row.what: row.state for row in found.of_database()} == wanted


def test_the_property_to_set_is_named() -> None:
    (row, _) = check(iam=False).of_database()
    assert "set EnableIAMDatabaseAuthentication: true on the database in the template of aurora-dev" in row.detail


ROLES: dict[str, tuple[PathCheck, RoleState, list[Proxy], dict[str, str]]] = {
    "all there": (check(), READER, [], {"role reporter": "ok", "session": "ok"}),
    "no role": (check(), RoleState("dbadmin"), [], {"role reporter": "missing"}),
    "no login": (check(), replace(READER, login=False), [], {"role reporter": "missing"}),
    "no rds_iam": (check(), replace(READER, iam=False), [], {"role reporter": "missing"}),
    "IAM is off": (check(iam=False), READER, [], {"role reporter": "ok"}),
    "refused": (check(session=PAM), READER, [], {"role reporter": "ok", "session": "missing"}),
    "no network": (check(session=UNREACHABLE), READER, [], {"role reporter": "ok", "session": "unknown"}),
    "a proxy that knows it": (check(users={"s1": "reporter"}), READER, [PROXY],
                              {"role reporter": "ok", "proxy pool": "ok", "session": "ok"}),
    "a proxy of others": (check(users={"s1": "dbadmin"}), READER, [PROXY],
                          {"role reporter": "ok", "proxy pool": "unknown", "session": "ok"}),
    "a closed secret": (check(users={"s1": denied("GetSecretValue")}), READER, [PROXY],
                        {"role reporter": "ok", "proxy pool": "unknown", "session": "ok"}),
    "a proxy by IAM": (check(), READER, [replace(PROXY, any_role=True)],
                       {"role reporter": "ok", "proxy pool": "ok", "session": "ok"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_what_one_role_needs(name: str) -> None:
    found, state, proxies, wanted = ROLES[name]
    assert {row.what: row.state for row in found.of_role("reporter", state, proxies)} == wanted


@pytest.mark.parametrize(
    ("user", "wanted"),
    [("reporter", "ok"), ("other", "missing"), (denied("GetSecretValue"), "unknown")],
)
def test_a_role_with_a_password_needs_its_secret(user: str | AwsError, wanted: str) -> None:
    rows = [*check(users={"s": user}).of_role("reporter", replace(READER, iam=False), [], secret="s")]
    assert [(row.what, row.state) for row in rows] == [("role reporter", "ok"), ("its secret", wanted)]


def test_the_policies_of_the_database_and_of_the_proxy() -> None:
    refused = check(session=PAM, users={"s1": "reporter"})
    rows = as_table([*refused.of_role("reporter", READER, [PROXY])]).rows
    assert [str(row[2]).rpartition(":dbuser:")[2] for row in rows[1:]] == ["prx-1/reporter", "cluster-ABC/reporter"]
