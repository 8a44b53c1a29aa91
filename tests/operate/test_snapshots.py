"""Names, accounts, owners and keys of snapshots: what is refused before RDS is asked, and what RDS decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from aurora_cfn.errors import AuroraCfnError, GuardError, InputError
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.rds_database import DatabaseSnapshot, EventSource
from aurora_cfn.model.rows import Database
from aurora_cfn.operate import snapshots
from tests.fakes.clock import FakeClock
from tests.fakes.rds import FakeSnapshots

NOW = datetime(2026, 11, 28, 14, 2, 11, tzinfo=UTC)
PLAIN = DatabaseSnapshot("before", "arn:before", "orders", "available", created=NOW)
ENCRYPTED = replace(PLAIN, encrypted=True, key="arn:key")
MINE = Ownership("shop", "production")
ORDERS = Database("db-production", "orders", "", resource="DBCluster", identifier="orders")


@dataclass
class Keys:
    """The port EncryptionKeys with one answer."""

    answer: bool | None
    asked: list[str] = field(default_factory=list)

    def made_by_aws(self, key: str) -> bool | None:
        self.asked.append(key)
        return self.answer


@pytest.mark.parametrize(
    ("name", "kind", "taken"),
    [
        ("before-launch", "db-cluster", True),
        ("b", "db-cluster", True),
        ("B2-c", "db-cluster", True),
        ("a" * 63, "db-cluster", True),
        ("a" * 64, "db-cluster", False),
        ("a" * 64, "db-instance", True),
        ("2-launch", "db-cluster", False),
        ("a--b", "db-cluster", False),
        ("a-", "db-cluster", False),
        ("a_b", "db-cluster", False),
        ("rds:orders", "db-cluster", False),
        ("", "db-cluster", False),
    ],
)
def test_a_name_that_rds_would_refuse_is_refused_before_the_call(name: str, kind: EventSource, taken: bool) -> None:
    if taken:
        snapshots.check_name(name, kind)
        return
    with pytest.raises(InputError, match="single hyphens"):
        snapshots.check_name(name, kind)


def test_a_name_of_the_database_and_the_time_is_always_valid() -> None:
    assert snapshots.timed_name("orders", NOW) == "orders-2026-11-28-140211"
    long = snapshots.timed_name("o" * 63, NOW)
    snapshots.check_name(long, "db-cluster")
    assert long.endswith("-2026-11-28-140211")


@pytest.mark.parametrize(
    ("accounts", "removing", "error"),
    [
        (["210987654321"], False, None),
        (["210987654321", "12"], False, InputError),
        (["all"], False, GuardError),
        (["all"], True, None),
        (["absent"], True, InputError),
    ],
)
def test_accounts(accounts: list[str], removing: bool, error: type[AuroraCfnError] | None) -> None:
    if error is None:
        snapshots.check_accounts(accounts, removing=removing)
        return
    with pytest.raises(error):
        snapshots.check_accounts(accounts, removing=removing)


@pytest.mark.parametrize(
    ("tags", "database", "ours"),
    [
        ({}, "orders", True),
        ({}, "payroll", False),
        (MINE.tags, "gone", True),
        (Ownership("shop", "dev").tags, "gone", False),
        (Ownership("other", "production").tags, "gone", False),
    ],
)
def test_whose_snapshot_it_is(tags: dict[str, str], database: str, ours: bool) -> None:
    found = replace(PLAIN, database=database, tags=tags)
    if ours:
        snapshots.check_ours(found, MINE, ["orders"])
        return
    with pytest.raises(GuardError, match=f"a snapshot of {database}, which is not of project shop"):
        snapshots.check_ours(found, MINE, ["orders"])


@pytest.mark.parametrize(
    ("snapshot", "by_aws", "shared"),
    [
        (PLAIN, True, True),
        (ENCRYPTED, False, True),
        (ENCRYPTED, True, False),
        # Who may not read the key has RDS's answer.
        (ENCRYPTED, None, True),
    ],
)
def test_what_is_encrypted_with_the_key_of_aws_cannot_be_shared(
    snapshot: DatabaseSnapshot, by_aws: bool | None, shared: bool
) -> None:
    keys = Keys(by_aws)
    if shared:
        snapshots.check_shareable(snapshot, keys)
    else:
        with pytest.raises(InputError, match=r"Copy it to a key of your own.*--kms-key KEY"):
            snapshots.check_shareable(snapshot, keys)
    assert keys.asked == ([snapshot.key] if snapshot.key else [])


@pytest.mark.parametrize(
    ("snapshot", "key", "taken"),
    [
        (PLAIN, "", True),
        (PLAIN, "alias/own", False),
        (replace(PLAIN, kind="db-instance"), "alias/own", True),
        (ENCRYPTED, "alias/own", True),
    ],
)
def test_a_copy_of_an_aurora_snapshot_cannot_become_encrypted(
    snapshot: DatabaseSnapshot, key: str, taken: bool
) -> None:
    if taken:
        snapshots.check_copy(snapshot, key)
        return
    with pytest.raises(InputError, match="is not encrypted"):
        snapshots.check_copy(snapshot, key)


def test_an_automated_snapshot_is_only_copied() -> None:
    snapshots.check_manual(PLAIN, "deleted")
    with pytest.raises(InputError, match="cannot be deleted: RDS deletes it by itself; copy it first"):
        snapshots.check_manual(replace(PLAIN, type="automated"), "deleted")


def test_advice_only_where_a_key_is_needed() -> None:
    assert snapshots.sharing_advice(PLAIN, ["210987654321"]) == ""
    assert snapshots.sharing_advice(ENCRYPTED, []) == ""
    said = snapshots.sharing_advice(ENCRYPTED, ["210987654321"])
    assert said.startswith("210987654321 also needs the key")
    assert "arn:key" in said


def test_a_snapshot_is_found_by_its_name_alone() -> None:
    port = FakeSnapshots(FakeClock())
    port.create_snapshot("orders", "one", tags={})
    port.create_snapshot("stock", "two", tags={}, kind="db-instance")
    assert [snapshots.find_snapshot(port, name).database for name in ("one", "two")] == ["orders", "stock"]
    with pytest.raises(InputError, match="there is no snapshot three"):
        snapshots.find_snapshot(port, "three")
    with pytest.raises(InputError, match="the name of the snapshot is empty"):
        snapshots.find_snapshot(port, "")


def test_a_dsql_cluster_has_no_snapshots_in_rds() -> None:
    assert snapshots.kind_of(ORDERS) == "db-cluster"
    assert snapshots.kind_of(replace(ORDERS, kind="db-instance")) == "db-instance"
    with pytest.raises(InputError, match="AWS Backup does"):
        snapshots.kind_of(replace(ORDERS, signed=True, identifier=""))
