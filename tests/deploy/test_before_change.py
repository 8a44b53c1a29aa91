"""A snapshot as a step of the plan: announced, taken after the approval, before anything changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aurora_cfn.deploy.context import Context
from aurora_cfn.errors import AwsError
from aurora_cfn.model.change_set import ChangeSetRequest, PropertyChange, ResourceChange
from aurora_cfn.model.rds_database import Cluster, DatabaseSnapshot, EventSource, Instance
from tests.deploy.toys import FakeRun, changed, stack
from tests.fakes.cloudformation import FakeCloudFormation, _Kept
from tests.fakes.rds import FakeDatabases, FakeSnapshots, denied


class Upgrading(FakeCloudFormation):
    """Every update of this CloudFormation upgrades the context of each cluster."""

    def _changes(self, request: ChangeSetRequest, kept: _Kept) -> list[ResourceChange]:
        detail = (PropertyChange("Properties", "EngineVersion"),)
        rows: Sequence[ResourceChange] = super()._changes(request, kept)
        return [replace(row, properties=detail) if row.action == "Modify" else row for row in rows]


@pytest.fixture
def fake() -> FakeRun:
    made = FakeRun()
    made.cfn = Upgrading(made.clock)
    assert made.deploy(Size="1").outcome == "created"
    made.plans.clear()
    return made


def context(fake: FakeRun, snapshots: FakeSnapshots) -> Context:
    running = Cluster("db-dev-cluster", "arn", "available", "aurora-mysql", "8.0")
    return changed(fake.context(), snapshots=snapshots, databases=FakeDatabases(clusters={"db-dev-cluster": running}))


def test_the_snapshot_is_announced_and_taken_before_the_change(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock)
    before = fake.clock.monotonic()
    result = fake.deploy(context=context(fake, snapshots), Size="2")
    assert result.outcome == "updated", result.cause
    assert fake.plans[0].notes == ("a snapshot of the cluster db-dev-cluster is taken first",)
    assert list(snapshots.kept) == ["db-dev-cluster-before-run1"]
    began = min(event.at for event in result.events)
    assert (began - fake.clock.now()).total_seconds() + fake.clock.monotonic() >= before + snapshots.seconds
    way_back = next(line for line in fake.listener.lines if "to restore" in line)
    assert "--engine aurora-mysql" in way_back
    assert "--snapshot-identifier db-dev-cluster-before-run1" in way_back


def test_declined_takes_none(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock)
    fake.answer = False
    assert fake.deploy(context=context(fake, snapshots), Size="2").outcome == "declined"
    assert snapshots.kept == {}


def test_a_failed_snapshot_changes_nothing(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock, fails=True)
    result = fake.deploy(context=context(fake, snapshots), Size="2")
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert fake.cfn.count("ExecuteChangeSet") == 1
    assert fake.cfn.change_sets("db-dev") == []


def test_a_refused_snapshot_changes_nothing_and_says_why(fake: FakeRun) -> None:
    class Refusing(FakeSnapshots):
        def create_snapshot(
            self, database: str, name: str, *, tags: object, kind: EventSource = "db-cluster"
        ) -> DatabaseSnapshot:
            raise AwsError("CreateDBClusterSnapshot: quota (SnapshotQuotaExceeded)", code="SnapshotQuotaExceeded")

    result = fake.deploy(context=context(fake, Refusing(fake.clock)), Size="2")
    assert (result.outcome, result.exit_code) == ("refused", 4)
    assert "SnapshotQuotaExceeded" in result.cause
    assert "nothing was changed (--no-snapshot continues without)" in result.cause
    assert fake.cfn.count("ExecuteChangeSet") == 1


def test_leaving_while_it_is_taken_changes_nothing(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock)
    leaving = changed(context(fake, snapshots), stopping=lambda: bool(snapshots.kept))
    result = fake.deploy(context=leaving, Size="2")
    assert result.exit_code == 7
    assert fake.cfn.count("ExecuteChangeSet") == 1


def test_without_the_port_or_without_risk_nothing_is_announced(fake: FakeRun) -> None:
    assert fake.deploy(Size="2").outcome == "updated"
    assert fake.plans[0].notes == ()
    calm = FakeRun()
    snapshots = FakeSnapshots(calm.clock)
    assert calm.deploy(stack(), context=context(calm, snapshots)).outcome == "created"
    assert calm.deploy(stack(), context=context(calm, snapshots), Size="3").outcome == "updated"
    assert snapshots.kept == {}


@pytest.mark.parametrize(
    ("cluster", "noted"),
    [("", ["db-dev-cluster", "db-dev-writer"]), ("db-dev-cluster", ["db-dev-cluster"]), (None, ["db-dev-cluster"])],
)
def test_an_instance_that_stands_alone_has_a_snapshot_of_its_own(
    fake: FakeRun, cluster: str | None, noted: list[str]
) -> None:
    snapshots = FakeSnapshots(fake.clock)
    one = context(fake, snapshots)
    if cluster is not None:
        found = Instance("db-dev-writer", "available", "postgres", "17.5", cluster=cluster)
        one.rds.databases.instances["db-dev-writer"] = found  # type: ignore[union-attr]
    assert fake.deploy(context=one, Size="2").outcome == "updated"
    assert [note.split()[-4] for note in fake.plans[0].notes] == noted
    assert list(snapshots.kept) == [f"{name}-before-run1" for name in noted]
    ways = [line for line in fake.listener.lines if "restore-db-instance-from-db-snapshot" in line]
    assert len(ways) == len(noted) - 1


def test_an_instance_that_no_one_may_ask_about_gets_none_and_that_is_said(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock)
    one = context(fake, snapshots)
    one.rds.databases.trouble["DescribeDBInstances"] = denied("DescribeDBInstances")  # type: ignore[union-attr]
    assert fake.deploy(context=one, Size="2").outcome == "updated"
    assert list(snapshots.kept) == ["db-dev-cluster-before-run1"]
    said = [
        line for line in fake.listener.lines if "no snapshot of db-dev-writer, of which nothing can be read" in line
    ]
    assert said


def test_a_cluster_that_cannot_be_described_is_changed_with_a_shorter_way_back(fake: FakeRun) -> None:
    snapshots = FakeSnapshots(fake.clock)
    one = context(fake, snapshots)
    one.rds.databases.trouble["DescribeDBClusters"] = denied("DescribeDBClusters")  # type: ignore[union-attr]
    assert fake.deploy(context=one, Size="2").outcome == "updated"
    (way_back,) = [line for line in fake.listener.lines if "to restore" in line]
    assert "--snapshot-identifier db-dev-cluster-before-run1" in way_back
