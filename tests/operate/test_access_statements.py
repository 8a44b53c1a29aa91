"""The statements that grant and drop roles, on every engine, and the policies beside them."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.model.database_role import Grant, RoleState
from aurora_cfn.model.rows import Database
from aurora_cfn.operate.access import dsql_roles, least_policy, mysql_roles, postgres_roles
from aurora_cfn.operate.access.role_password import new_password, verifier
from aurora_cfn.operate.access.roles import check_name, check_touchable, roles_of
from aurora_cfn.sqltext import quoting
from tests.sql.fakes import DATABASE, FakeDataApi

NEW, THERE = RoleState("dbadmin"), RoleState("dbadmin", there=True, login=True)
PRINCIPAL = "arn:aws:iam::123456789012:role/reports"
OWNERS = {"public": ["dbadmin"]}
WRITING = "insert, update, delete, truncate, references, trigger"


def shown(steps: Any) -> list[str]:
    return [str(step).removesuffix(";") for step in steps]


POSTGRES: dict[str, tuple[Grant, RoleState, list[str]]] = {
    "a reader by token": (Grant("r"), NEW, [
        'create role "r" login', 'grant rds_iam to "r"', 'alter role "r" set default_transaction_read_only = on',
        'grant connect on database "d""b" to "r"', 'grant usage on schema "public" to "r"',
        'grant select on all tables in schema "public" to "r"',
        'grant select on all sequences in schema "public" to "r"',
        'alter default privileges for role "dbadmin" in schema "public" grant select on tables to "r"',
        'alter default privileges for role "dbadmin" in schema "public" grant select on sequences to "r"',
    ]),
    "a writer that was there": (Grant("r", read_only=False), THERE, [
        'alter role "r" login password null', 'grant rds_iam to "r"',
        'alter role "r" reset default_transaction_read_only', 'grant connect on database "d""b" to "r"',
        'grant usage on schema "public" to "r"',
        'grant select, insert, update, delete on all tables in schema "public" to "r"',
        'grant select, usage on all sequences in schema "public" to "r"',
        'alter default privileges for role "dbadmin" in schema "public" '
        'grant select, insert, update, delete on tables to "r"',
        'alter default privileges for role "dbadmin" in schema "public" grant select, usage on sequences to "r"',
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", POSTGRES)
def test_grants_of_postgresql(name: str) -> None:
    grant, state, wanted = POSTGRES[name]
    assert shown(postgres_roles.grant_steps(grant, 'd"b', state, OWNERS)) == wanted


def test_a_reader_that_was_there_loses_what_it_could_write() -> None:
    found = shown(postgres_roles.grant_steps(Grant("r"), "d", THERE, {"s": ["dbadmin", "app"]}))
    assert {
        'revoke create on schema "s" from "r"', f'revoke {WRITING} on all tables in schema "s" from "r"',
        'revoke usage, update on all sequences in schema "s" from "r"',
        f'alter default privileges for role "app" in schema "s" revoke {WRITING} on tables from "r"',
        'alter default privileges for role "app" in schema "s" grant select on tables to "r"',
    } <= set(found)  # fmt: skip
    # A privilege is taken before the one that stays is given.
    assert found.index(f'revoke {WRITING} on all tables in schema "s" from "r"') < found.index(
        'grant select on all tables in schema "s" to "r"'
    )


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (NEW, ["create role \"r\" login password '****'"]),
        (THERE, ["alter role \"r\" login password '****'"]),
        (RoleState("dbadmin", there=True, login=True, iam=True),
         ['revoke rds_iam from "r"', "alter role \"r\" login password '****'"]),
    ],
)  # fmt: skip
def test_a_password_is_neither_sent_nor_shown(state: RoleState, first: list[str]) -> None:
    steps = postgres_roles.grant_steps(Grant("r", iam=False, password="hunter22"), "d", state, OWNERS)
    assert shown(steps)[: len(first)] == first
    assert not [step for step in steps if "hunter22" in step.sql or "hunter22" in repr(step)]


def test_the_verifier_is_what_postgresql_stores() -> None:
    # Password, salt and iterations of the example in RFC 7677.
    salt = "W22ZaJ0SNY7soEsUEjb6gQ=="
    keys = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    assert verifier("pencil", b64decode(salt)) == f"SCRAM-SHA-256$4096:{salt}${keys}"
    assert verifier("pencil") != verifier("pencil")
    assert len(new_password()) == 32
    assert new_password() != new_password()


@pytest.mark.parametrize(
    ("reassign_to", "last", "wanted"),
    [
        ("", True, ['grant "r" to current_user', 'drop owned by "r"', 'drop role "r"']),
        ("x", False, ['grant "r" to current_user', 'reassign owned by "r" to "x"', 'drop owned by "r"']),
    ],
)
def test_drops_of_postgresql(reassign_to: str, last: bool, wanted: list[str]) -> None:
    assert shown(postgres_roles.drop_steps("r", reassign_to, last=last)) == wanted


MYSQL: dict[str, tuple[Grant, RoleState, bool, list[str]]] = {
    "a reader by token": (Grant("r"), NEW, False, [
        "create user 'r'@'%' identified with AWSAuthenticationPlugin as 'RDS' require ssl",
        "grant select, show view on `a\\_b`.* to 'r'@'%'",
    ]),
    "a writer with a password": (Grant("r", read_only=False, iam=False, password="hunter22"), NEW, False, [
        "create user 'r'@'%' identified by ****",
        "grant select, show view, insert, update, delete, execute on `a\\_b`.* to 'r'@'%'",
    ]),
    "a reader that could write": (Grant("r"), THERE, True, [
        "alter user 'r'@'%' identified with AWSAuthenticationPlugin as 'RDS' require ssl",
        "revoke all privileges on `a\\_b`.* from 'r'@'%'", "grant select, show view on `a\\_b`.* to 'r'@'%'",
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", MYSQL)
def test_grants_of_mysql(name: str) -> None:
    grant, state, granted, wanted = MYSQL[name]
    assert shown(mysql_roles.grant_steps(grant, "a_b", state, granted=granted)) == wanted


DSQL: dict[str, tuple[Grant, RoleState, list[str]]] = {
    "a reader": (Grant("r", principal=PRINCIPAL), RoleState("admin"), [
        'create role "r" with login', f"aws iam grant \"r\" to '{PRINCIPAL}'",
        'grant usage on schema "public" to "r"', 'grant select on all tables in schema "public" to "r"',
    ]),
    "a second principal": (
        Grant("r", principal=PRINCIPAL), RoleState("admin", there=True, principals=("arn:other",)), [
            f"aws iam grant \"r\" to '{PRINCIPAL}'", 'revoke create on schema "public" from "r"',
            'revoke insert, update, delete on all tables in schema "public" from "r"',
            'grant usage on schema "public" to "r"', 'grant select on all tables in schema "public" to "r"',
        ]),
    "a writer that is mapped": (
        Grant("r", read_only=False, principal=PRINCIPAL), RoleState("admin", there=True, principals=(PRINCIPAL,)), [
            'grant usage on schema "public" to "r"',
            'grant select, insert, update, delete on all tables in schema "public" to "r"',
        ]),
}  # fmt: skip


@pytest.mark.parametrize("name", DSQL)
def test_grants_of_dsql(name: str) -> None:
    grant, state, wanted = DSQL[name]
    assert shown(dsql_roles.grant_steps(grant, state)) == wanted


def test_drops_of_dsql() -> None:
    assert shown(dsql_roles.drop_steps("r", ["s"])) == [
        'revoke all on all tables in schema "s" from "r"', 'revoke all on schema "s" from "r"', 'drop role "r"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "text", "wanted"),
    [
        (quoting.identifier, 'a"b', '"a""b"'), (quoting.literal, "a'b", "'a''b'"),
        (quoting.mysql_literal, "a'b\\", "'a''b\\\\'"), (quoting.mysql_pattern, "a_b%`c", "`a\\_b\\%``c`"),
    ],
)  # fmt: skip
def test_quotes(call: Any, text: str, wanted: str) -> None:
    assert call(text) == wanted


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("reporter", ""), ("Jane.Doe@x", ""), ("a*", "no name for a role"), ("", "no name"), ('a"b', "no name"),
        ("x" * 64, "too long"), ("pg_monitor", "role of the engine"), ("rdsadmin", "role of the engine"),
        ("public", "role of the engine"),
    ],
)  # fmt: skip
def test_names_that_may_be_granted(role: str, said: str) -> None:
    roles = roles_of(FakeDataApi(), DATABASE)
    if not said:
        check_name(roles, role)
        return
    with pytest.raises(InputError, match=said):
        check_name(roles, role)


def test_the_master_user_and_administrators_are_left_alone() -> None:
    check_touchable(THERE, "reporter")
    for state, role in ((NEW, "dbadmin"), (RoleState("dbadmin", there=True, administrator=True), "boss")):
        with pytest.raises(InputError):
            check_touchable(state, role)


CLUSTER = "arn:aws-cn:rds:cn-north-1:123456789012:cluster:c"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:aurora-cfn/c/r-abcdef"


def test_the_policies_name_exactly_one_thing() -> None:
    (token,) = least_policy.token_policy(CLUSTER, "cluster-ABC", "r")["Statement"]
    assert token["Resource"] == "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:cluster-ABC/r"
    (dsql,) = least_policy.dsql_policy("arn:aws:dsql:eu-west-1:1:cluster/x")["Statement"]
    assert (dsql["Action"], dsql["Resource"]) == (["dsql:DbConnect"], "arn:aws:dsql:eu-west-1:1:cluster/x")
    read, use = least_policy.secret_policy(SECRET, DATABASE)["Statement"]
    assert (read["Resource"], use["Resource"]) == (SECRET, DATABASE.cluster_arn)
    assert len(least_policy.secret_policy(SECRET, Database("s", "d", ""))["Statement"]) == 1


@pytest.mark.parametrize(
    ("principal", "said"),
    [
        (PRINCIPAL, "reports is FunctionRole of api-dev: write the statement"),
        ("arn:aws:iam::123456789012:role/path/other", "put-role-policy --role-name other --policy-name connect-r"),
        ("arn:aws:iam::123456789012:user/jane", "put-user-policy --user-name jane"),
    ],
)
def test_where_the_policy_goes(principal: str, said: str) -> None:
    least_policy.check_principal(principal)
    assert said in least_policy.attach_advice(principal, "r", {"reports": "FunctionRole of api-dev"})


@pytest.mark.parametrize("text", ["reports", "arn:aws:iam::1:role/x", "arn:aws:sts::123456789012:assumed-role/x/y"])
def test_what_is_no_principal(text: str) -> None:
    with pytest.raises(InputError, match="not the ARN of an IAM role or user"):
        least_policy.check_principal(text)
