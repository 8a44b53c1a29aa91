"""Clients of a pool: the statements that make and drop them, what an interruption leaves, and which pools there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.errors import InputError, SqlError
from aurora_cfn.fleet import pool_sql
from aurora_cfn.fleet.migrations import migrate, pool_version, read_migrations
from aurora_cfn.fleet.pool import PoolCluster
from aurora_cfn.fleet.pool_state import check_pool, joined_clients, pool_state
from aurora_cfn.model.database_role import SecretState
from aurora_cfn.model.environment import Fleet, Pool
from aurora_cfn.model.fleet_client import PoolDatabase
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.rows import Cell, Column, Database, Rows
from tests.fakes.clock import FakeClock
from tests.fakes.passwords import FakeSecrets
from tests.fakes.rds import FakeDatabases
from tests.fleet.toys import OWNER
from tests.sql.fakes import FakeDataApi

HERE, THERE = "eu-west-1", "eu-central-1"
FLEET = Fleet("clientdb", "", (HERE,), pool=Pool("pool", 3))
SHARED = Database("pool-dev", "app", "arn:master", "arn:cluster", identifier="pool")
ACME = PoolDatabase("acme", "clientdb-acme", there=True)
SECRET = "aurora-cfn/pool/clientdb-acme"
NOTHING = Rows((), ())


def rows(*cells: tuple[Cell, ...], names: str = "x") -> Rows:
    return Rows(tuple(Column(name, "text") for name in names.split()), cells)


def cluster(api: FakeDataApi, secrets: FakeSecrets | None = None) -> PoolCluster:
    kept = secrets or FakeSecrets(FakeClock(), FakeDatabases())
    return PoolCluster(api, SHARED, kept, lambda arn: f"kept-in-{arn}", FLEET, OWNER, {"Project": "x"})


def said(api: FakeDataApi) -> list[str]:
    """The first words of each statement."""
    return [" ".join(sql.split()[:4]) for sql, _ in api.asked]


MAKE = [
    'create role "clientdb-acme" nologin',
    'grant "clientdb-acme" to current_user',
    'comment on role "clientdb-acme"',
]
LOGIN = ['alter role "clientdb-acme" login']
CREATE = ['create database "clientdb-acme" owner']
CLOSE = ["select datname::text from pg_database", "revoke connect, temporary on"]


@pytest.mark.parametrize(
    ("known", "secret", "wanted", "made"),
    [
        (None, False, ["begin", *MAKE, "commit", *LOGIN, *CREATE, *CLOSE], True),
        # Interrupted after the secret, after the role, and with a secret that was deleted by hand.
        (None, True, ["begin", *MAKE, "commit", *LOGIN, *CREATE, *CLOSE], False),
        (replace(ACME, there=False), True, [*LOGIN, *CREATE, *CLOSE], False),
        (ACME, False, [*LOGIN, *CLOSE], True),
    ],
)
def test_a_client_gets_what_it_lacks(known: PoolDatabase | None, secret: bool, wanted: list[str], made: bool) -> None:
    secrets = FakeSecrets(FakeClock(), FakeDatabases())
    if secret:
        secrets.kept[SECRET] = SecretState(SECRET, "v1")
    before = sum(word != "begin" and word != "commit" for word in wanted) - 2
    api = FakeDataApi(*[NOTHING] * before, rows(("clientdb-acme",)))
    cluster(api, secrets).create("acme", known)
    assert said(api) == wanted
    assert secrets.calls == ([f"create {SECRET}"] if made else [])
    # Neither the password nor anything but its verifier is in a statement, and so in no log of the server.
    (login,) = (sql for sql, _ in api.asked if " login password " in sql)
    assert "'SCRAM-SHA-256$4096:" in login
    assert "kept-in-" not in login


def test_a_client_is_dropped_with_what_it_may_do_elsewhere() -> None:
    secrets = FakeSecrets(FakeClock(), FakeDatabases(), {SECRET: SecretState(SECRET, "v1")})
    owned = rows(("other", "a", "objects in database other"), names="database kind what")
    api = FakeDataApi(NOTHING, NOTHING, owned, rows((0,)))
    cluster(api, secrets).drop("acme", ACME)
    role = '"clientdb-acme"'
    assert said(api) == [
        f"alter role {role} nologin", "drop database if exists",
        "select coalesce(d.datname::text, '') as", "select count(*) as sessions",
        f"grant {role} to current_user", f"drop owned by {role}",
        f"grant {role} to current_user", f"drop owned by {role}", f"drop role {role}",
    ]  # fmt: skip
    assert secrets.calls == [f"delete {SECRET}"]


def test_clients_of_other_fleets_and_owners_are_not_listed() -> None:
    mine = pool_sql.comment(OWNER, "clientdb", "acme", "v1")
    others = [pool_sql.comment(OWNER, "other", "acme", ""), pool_sql.comment(Ownership("x", "y"), "clientdb", "a", "")]
    names = "name comment there size limit sessions"
    listed = rows(*[("n", text, True, 7, 3, 0) for text in (mine, *others, '{"aurora-cfn"')], names=names)
    assert cluster(FakeDataApi(listed)).databases() == (PoolDatabase("acme", "n", True, "v1", 7, 0, 3),)


def test_a_name_that_is_taken_by_others_is_refused() -> None:
    with pytest.raises(InputError, match="a role or a database clientdb-acme that is no client of clientdb"):
        cluster(FakeDataApi(rows((True,)), NOTHING)).refuse_taken("acme")
    with pytest.raises(InputError, match="the secret aurora-cfn/pool/clientdb-acme is missing: `clients create acme`"):
        cluster(FakeDataApi()).login("acme")


def test_a_name_that_is_free_or_of_the_fleets_own_client_is_taken_up() -> None:
    mine = pool_sql.comment(OWNER, "clientdb", "acme", "v1")
    listed = rows(("clientdb-acme", mine, True, 7, 3, 0), names="name comment there size limit sessions")
    cluster(FakeDataApi(rows((False,)), NOTHING)).refuse_taken("acme")
    cluster(FakeDataApi(rows((True,)), listed)).refuse_taken("acme")


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "7", '"aurora-cfn"', '{"aurora-cfn": "acme"}', '{"aurora-cfn": []}']
)
def test_a_comment_of_another_hand_is_none_of_ours(text: str) -> None:
    assert pool_sql.read_comment(text, OWNER, "clientdb") is None


def test_claims_are_listed_beside_databases() -> None:
    found = joined_clients(
        {"acme": HERE, "half": HERE, "killed": HERE, "moved": THERE, "unread": "us-east-1"},
        {HERE: [ACME, PoolDatabase("half", "h", there=False), PoolDatabase("lost", "l", there=True)],
         THERE: [], "eu-west-2": [PoolDatabase("moved", "m", there=True)]},
        {"us-east-1"},
    )  # fmt: skip
    assert [(row.name, row.region, pool_state(row)) for row in found] == [
        ("acme", HERE, "ready"), ("half", HERE, "incomplete"), ("killed", HERE, "claimed"),
        ("lost", HERE, "unclaimed"), ("moved", THERE, "claimed"), ("moved", "eu-west-2", "elsewhere"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"signed": True}, "is Aurora DSQL, whose clusters have one database each"),
        ({"engine": "mysql"}, "has the engine mysql: pools are made on PostgreSQL"),
        ({"cluster_arn": ""}, "has no Data API, which the clients of a pool are made through"),
    ],
)
def test_a_cluster_that_can_be_no_pool_is_refused(change: dict[str, object], said: str) -> None:
    assert check_pool(SHARED) is SHARED
    with pytest.raises(InputError, match=f"fleet.pool: pool-dev {said}"):
        check_pool(replace(SHARED, **change))  # type: ignore[arg-type] # fields of three types


FILES = {"m/002.sql": "select 2; select 3", "m/001.sql": "select 1"}


def test_each_migration_runs_once_in_a_transaction_with_its_line_in_the_ledger() -> None:
    migrations = read_migrations(FILES)
    done = rows(("001.sql", migrations[0].digest), names="name digest")
    api = FakeDataApi(NOTHING, done, done, NOTHING, done)
    assert migrate(api, SHARED, migrations) == 1
    assert [sql.split()[0] for sql, _ in api.asked] == [
        "create", "select", "select", "begin", "select", "select", "select", "select", "insert", "commit",
    ]  # fmt: skip
    assert {transaction for sql, transaction in api.asked[4:]} == {"t1"}
    assert migrate(FakeDataApi(), SHARED, ()) == 0


def test_a_migration_that_fails_is_rolled_back_and_one_that_was_changed_is_refused() -> None:
    migrations = read_migrations(FILES)
    none = rows(names="name digest")
    api = FakeDataApi(NOTHING, none, NOTHING, none, SqlError("ERROR: no"))
    with pytest.raises(SqlError, match=r"at m/001\.sql:1"):
        migrate(api, SHARED, migrations)
    assert api.asked[-1][0] == "rollback"
    with pytest.raises(InputError, match=r"m/001\.sql was changed after it ran here"):
        migrate(FakeDataApi(NOTHING, rows(("001.sql", "other"), names="name digest")), SHARED, migrations)


def test_the_version_is_that_of_files_and_limit() -> None:
    migrations = read_migrations(FILES)
    assert pool_version(migrations, 3) == pool_version(read_migrations(dict(reversed(FILES.items()))), 3)
    others = {pool_version(migrations, 4), pool_version(migrations[:1], 3), pool_version((), 3)}
    assert pool_version(migrations, 3) not in others
    assert len(others) == 3
