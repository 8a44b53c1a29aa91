"""What a database holds that a change endangers: which changes count, how it is said, and that nothing stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.deploy.before_change import (
    age_text,
    data_at_risk,
    endangers,
    size_and_backups,
    size_text,
    with_snapshot_notes,
)
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange
from aurora_cfn.model.plan import StackPlan
from aurora_cfn.model.rds_database import DatabaseSize
from aurora_cfn.model.stack import Stack
from tests.deploy.toys import FakeRun, changed, stack
from tests.fakes.rds import FakeHoldings

CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
GIB = 2**30


def change(kind: str = CLUSTER, action: str = "Remove", *names: str, replacement: str = "False") -> ResourceChange:
    details = tuple(PropertyChange("Properties", name) for name in names)
    return ResourceChange(action, "DB", kind, "db-1", replacement=replacement, properties=details)


@pytest.mark.parametrize(
    "row",
    [
        change(),
        change(INSTANCE),
        change(CLUSTER, "Dynamic"),
        change(CLUSTER, "Modify", "DatabaseName", replacement="True"),
        change(CLUSTER, "Modify", "StorageEncrypted", replacement="Conditional"),
        change(CLUSTER, "Modify", "EngineVersion"),
        change(CLUSTER, "Modify", "Engine"),
        change(INSTANCE, "Modify", "EngineVersion"),
    ],
)
def test_a_database_that_may_go_or_become_another_is_at_stake(row: ResourceChange) -> None:
    assert endangers(row)


@pytest.mark.parametrize(
    "row",
    [
        change(CLUSTER, "Add"),
        change(CLUSTER, "Modify", "BackupRetentionPeriod"),
        change("AWS::SNS::Topic"),
        replace(change(), physical_id=""),
        change(CLUSTER, "Import"),
    ],
)
def test_anything_else_is_not(row: ResourceChange) -> None:
    assert not endangers(row)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, "size unknown"),
        (0, "0 bytes of data"),
        (1023, "1023 bytes of data"),
        (1024, "1.0 KiB of data"),
        (int(12.4 * GIB), "12.4 GiB of data"),
        (5000 * 1024 * GIB, "5000.0 TiB of data"),
    ],
)
def test_sizes(size: int | None, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"),
     (172_800, "2 days"), (31_536_000, "365 days")],
)  # fmt: skip
def test_ages(seconds: int, text: str) -> None:
    assert age_text(timedelta(seconds=seconds)) == text


def test_all_that_is_known_is_said() -> None:
    now = FakeRun().clock.now()
    whole = DatabaseSize("db-1", 3 * GIB, True, now - timedelta(minutes=5), "rds:db-1-night", now - timedelta(hours=9))
    assert size_and_backups(whole, now) == (
        "3.0 GiB of data, deletion protection on, restorable to 5 min ago, newest snapshot rds:db-1-night (9 h old)"
    )


def test_a_gap_is_named_and_no_snapshot_is_not_claimed_without_looking() -> None:
    now = FakeRun().clock.now()
    assert size_and_backups(DatabaseSize("db-1"), now) == "size unknown, deletion protection off, no snapshot"
    for action in ("rds:DescribeDBClusterSnapshots", "rds:DescribeDBSnapshots"):
        unseen = DatabaseSize("db-1", refused_calls=(action,))
        assert size_and_backups(unseen, now) == f"size unknown, deletion protection off, {action} is refused"


def plan(*changes: ResourceChange, creates: bool = False) -> StackPlan:
    status = "REVIEW_IN_PROGRESS" if creates else "UPDATE_COMPLETE"
    before = Stack("arn:aws:cloudformation:eu-west-1:123456789012:stack/db-dev/1", "db-dev", status)
    change_set = ChangeSet("arn:cs", "cs", before.arn, "CREATE_COMPLETE", "AVAILABLE", changes=changes)
    return StackPlan(stack(), {}, before, change_set)


def test_each_database_has_its_line_before_the_approval() -> None:
    fake = FakeRun()
    holdings = FakeHoldings({"db-1": DatabaseSize("db-1", GIB, True)}, {"i-1": DatabaseSize("i-1", 2 * GIB)})
    context = changed(fake.context(), sizes=holdings)
    rows = (change(), replace(change(INSTANCE), logical_id="Own", physical_id="i-1"), change(INSTANCE))
    found = data_at_risk(context, plan(*rows))
    assert found == (
        "DB is db-1: 1.0 GiB of data, deletion protection on, no snapshot",
        "Own is i-1: 2.0 GiB of data, deletion protection off, no snapshot",
    )
    assert with_snapshot_notes(context, plan(*rows)).notes[:2] == found


def test_a_refusal_is_shown_and_is_not_in_the_way() -> None:
    refused = FakeHoldings(trouble=AwsError("DescribeDBClusters: no (AccessDenied)", code="AccessDenied"))
    found = data_at_risk(changed(FakeRun().context(), sizes=refused), plan(change()))
    assert found == ("DB (db-1): its size and backups are not known: DescribeDBClusters: no (AccessDenied)",)


def test_no_one_is_asked_about_a_new_stack_or_without_a_change() -> None:
    context = changed(FakeRun().context(), sizes=FakeHoldings(trouble=AwsError("asked")))
    assert data_at_risk(context, plan(change(), creates=True)) == ()
    assert data_at_risk(context, replace(plan(), change_set=None)) == ()
    assert data_at_risk(context, plan(change(CLUSTER, "Modify", "Tags"))) == ()
    assert data_at_risk(FakeRun().context(), plan(change())) == ()
