"""Snapshots before a risky change: which, named how, waited for, and what to do with them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cfn.deploy.snapshots import SnapshotTask, at_risk, restore_commands, snapshot_name
from aurora_cfn.errors import AwsError, BusyError, DeployError
from aurora_cfn.model.change_set import ChangeSet, PropertyChange, ResourceChange
from aurora_cfn.model.rds_database import Cluster, DatabaseSnapshot, EventSource, Instance
from aurora_cfn.model.resource_types import INSTANCE
from tests.fakes.clock import FakeClock
from tests.fakes.rds import FakeSnapshots, denied

CLUSTER = "AWS::RDS::DBCluster"


def change(action: str, replacement: str = "", *names: str, kind: str = CLUSTER, physical: str = "db") -> ChangeSet:
    properties = tuple(PropertyChange("Properties", name) for name in names)
    row = ResourceChange(action, "Cluster", kind, physical, replacement, properties=properties)
    return ChangeSet("arn:set", "set", "arn:stack", "CREATE_COMPLETE", "AVAILABLE", changes=(row,))


def with_detail(replacement: str, recreation: str) -> ChangeSet:
    """A change of which, without a word about the whole, only the detail says whether it replaces."""
    (row,) = change("Modify", replacement).changes
    details = (PropertyChange("Properties", "KmsKeyId", recreation=recreation),)
    return replace(change("Modify"), changes=(replace(row, properties=details),))


def removed(policy: str) -> ChangeSet:
    (row,) = change("Remove").changes
    return replace(change("Remove"), changes=(replace(row, policy_action=policy),))


@pytest.mark.parametrize(
    ("change_set", "risky"),
    [
        (change("Remove"), True),
        (change("Modify", "True", "KmsKeyId"), True),
        (change("Modify", "Conditional", "MasterUsername"), True),
        (change("Modify", "False", "EngineVersion"), True),
        (change("Dynamic"), True),
        (change("Modify", "False", "Engine"), True),
        (change("SyncWithActual", "True", "KmsKeyId"), True),
        (change("SyncWithActual", "Conditional"), True),
        (change("SyncWithActual", "False", "BackupRetentionPeriod"), False),
        (with_detail("", "Always"), True),
        (with_detail("", "Conditionally"), True),
        (with_detail("", "Never"), False),
        (with_detail("False", "Conditionally"), False),
        (removed("Delete"), True),
        (removed("ReplaceAndDelete"), True),
        # CloudFormation itself keeps these, or takes a last snapshot of them.
        (removed("Retain"), False),
        (removed("Snapshot"), False),
        (change("Modify", "False", "BackupRetentionPeriod"), False),
        # What has not been made yet holds nothing.
        (change("Modify", "True", physical=""), False),
        (change("Add", physical=""), False),
        (change("Import"), False),
    ],
)
def test_which_databases_are_at_risk(change_set: ChangeSet, risky: bool) -> None:
    assert at_risk(change_set) == (["db"] if risky else [])
    assert at_risk(change_set, INSTANCE) == []
    rows = tuple(replace(row, type=INSTANCE) for row in change_set.changes)
    assert at_risk(replace(change_set, changes=rows), INSTANCE) == (["db"] if risky else [])


@given(
    st.from_regex(r"[a-z][a-z0-9-]{0,62}", fullmatch=True),
    st.from_regex(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}", fullmatch=True),
)
def test_names_are_what_rds_takes(cluster: str, run: str) -> None:
    name = snapshot_name(cluster, run)
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    assert len(name) <= 63
    assert name.endswith(run.lower())


@given(st.from_regex(r"[a-z][a-z0-9]{39}", fullmatch=True), st.sampled_from(["a", "b2", "c-3"]))
def test_databases_with_the_same_beginning_get_names_of_their_own(start: str, end: str) -> None:
    run = "20261121T082318-0a1b2c3d"
    one, other = snapshot_name(start, run), snapshot_name(f"{start}-{end}", run)
    assert one != other
    assert snapshot_name(start, run) == one
    assert snapshot_name("short", run) == f"short-before-{run.lower()}"


def test_the_command_to_restore_names_everything() -> None:
    commands = restore_commands(DatabaseSnapshot("snap", "arn", "db", "available"), None, "eu-west-1")
    first, second = commands.splitlines()
    for part in ("--snapshot-identifier snap", "--region eu-west-1", "--db-cluster-identifier db-restored"):
        assert part in first
    assert "--db-instance-class db.serverless" in second
    assert "--db-cluster-identifier db-restored" in second


def test_an_instance_is_restored_by_one_command() -> None:
    snapshot = DatabaseSnapshot("snap", "arn", "d" * 60, "available", kind="db-instance")
    assert restore_commands(snapshot, None, "eu-west-1") == (
        f"aws rds restore-db-instance-from-db-snapshot --region eu-west-1 --db-instance-identifier {'d' * 54}-restored "
        "--db-snapshot-identifier snap"
    )


@pytest.mark.parametrize("kind", ["db-cluster", "db-instance"])
def test_the_command_to_restore_keeps_the_network(kind: EventSource) -> None:
    snapshot = DatabaseSnapshot("snap", "arn", "db", "available", kind=kind)
    place: dict[str, Any] = {"subnet_group": "private", "security_groups": ("sg-1", "sg-2")}
    cluster = Cluster("db", "arn", "available", "aurora-mysql", "8.0", **place)
    running = cluster if kind == "db-cluster" else Instance("db", "available", "postgres", "17.6", **place)
    first = restore_commands(snapshot, running, "eu-west-1").splitlines()[0]
    assert "--db-subnet-group-name private --vpc-security-group-ids sg-1 sg-2" in first
    assert ("--engine aurora-mysql" in first) == (kind == "db-cluster")


def taking(**more: object) -> tuple[SnapshotTask, FakeSnapshots, FakeClock, list[str]]:
    clock, lines = FakeClock(), list[str]()
    snapshots = FakeSnapshots(clock, **more)  # type: ignore[arg-type]
    return SnapshotTask(snapshots, clock, lines.append), snapshots, clock, lines


def test_it_waits_until_the_snapshot_can_be_restored_from() -> None:
    one, snapshots, clock, lines = taking()
    found = one.take("db", "snap", {"Project": "x"})
    assert found.status == "available"
    assert 100 <= clock.monotonic() < 115
    assert snapshots.tags["snap"] == {"Project": "x", "aurora-cfn:reason": "before-change"}
    assert lines[0] == "taking the snapshot snap of db"


def test_a_refusal_keeps_operation_and_code_of_aws() -> None:
    class Refusing(FakeSnapshots):
        def create_snapshot(self, *_: object, **__: object) -> DatabaseSnapshot:
            raise denied("CreateDBClusterSnapshot")

    clock = FakeClock()
    with pytest.raises(AwsError, match="nothing was changed") as caught:
        SnapshotTask(Refusing(clock), clock, lambda _: None).take("db", "snap", {})
    assert (caught.value.operation, caught.value.code) == ("CreateDBClusterSnapshot", "AccessDenied")


def test_a_failed_snapshot_stops_everything() -> None:
    one, *_ = taking(fails=True)
    with pytest.raises(DeployError, match="ended in failed: nothing was changed"):
        one.take("db", "snap", {})


def test_how_far_it_is_is_shown_by_tens() -> None:
    one, snapshots, clock, lines = taking()
    steps = iter([9, 10, 19, 20, 20])

    class Slow(FakeSnapshots):
        def snapshot(self, name: str, *, kind: EventSource = "db-cluster") -> DatabaseSnapshot | None:
            found = snapshots.snapshot(name, kind=kind)
            return replace(found, progress=next(steps, 100)) if found else None

    replace(one, snapshots=Slow(clock)).finished(snapshots.create_snapshot("db", "snap", tags={}).identifier)
    assert lines[:2] == ["snapshot snap: 10 %", "snapshot snap: 20 %"]


@pytest.mark.parametrize("kind", ["db-cluster", "db-instance"])
@pytest.mark.parametrize(
    ("status", "minutes", "used"),
    [
        ("creating", 90, True),
        ("creating", None, True),
        ("available", 10, True),
        ("available", 11, False),
        ("available", None, False),
        ("failed", 1, False),
    ],
)
def test_only_a_young_or_unfinished_snapshot_of_a_killed_run_is_used(
    kind: EventSource, status: str, minutes: int | None, used: bool
) -> None:
    one, snapshots, clock, _ = taking()
    created = None if minutes is None else clock.now() - timedelta(minutes=minutes)
    due = clock.monotonic() + (1 if status == "creating" else 0)
    snapshots.fails = status == "failed"
    snapshots.kept["b"] = DatabaseSnapshot("b", "arn", "db", "creating", created=created, kind=kind), due
    assert one.begun("db", ["a", "b"], kind) == ("b" if used else None)
    # One of another database is none of this one, whatever it is called.
    assert one.begun("other", ["a", "b"], kind) is None


def test_a_throttled_question_is_asked_again_and_lost_credentials_are_not() -> None:
    one, snapshots, clock, lines = taking()
    snapshots.trouble = [AwsError("Rate exceeded", code="Throttling")]
    assert one.take("db", "snap", {}).status == "available"
    assert "Rate exceeded (asking again)" in lines
    calm, _, quick, _ = taking()
    calm.take("db", "snap", {})
    assert clock.monotonic() > quick.monotonic(), "it waits longer after a trouble"
    snapshots.trouble = [AwsError("expired", code="ExpiredToken")]
    with pytest.raises(AwsError, match="expired"):
        one.take("db", "snap2", {})


def test_who_leaves_is_shown_that_nothing_was_changed() -> None:
    clock = FakeClock()
    one = SnapshotTask(FakeSnapshots(clock), clock, lambda _: None, stopping=lambda: clock.monotonic() > 20)
    with pytest.raises(BusyError, match="snapshot snap continues by itself"):
        one.take("db", "snap", {})


def test_a_snapshot_that_vanishes_stops_everything() -> None:
    class Vanishing(FakeSnapshots):
        def snapshot(self, name: str, *, kind: EventSource = "db-cluster") -> DatabaseSnapshot | None:
            return None

    clock = FakeClock()
    with pytest.raises(DeployError, match="is gone"):
        SnapshotTask(Vanishing(clock), clock, lambda _: None).take("db", "snap", {})
