"""Drift: waited for with a cap, sorted into what counts and what does not."""

from __future__ import annotations

import pytest

from aurora_cfn.deploy.drift import ASKED, Detection
from aurora_cfn.errors import AwsError, BusyError
from aurora_cfn.model.resource_drift import DriftedProperty, DriftReport, ResourceDrift
from aurora_cfn.model.stack import Stack
from tests.fakes.clock import FakeClock
from tests.fakes.drift import FakeDrifts

STACK = Stack("arn:stack", "db-dev", "UPDATE_COMPLETE")


def row(status: str = "MODIFIED", *properties: DriftedProperty, kind: str = "AWS::RDS::DBCluster") -> ResourceDrift:
    return ResourceDrift("Cluster", "db", kind, status, properties)


def found(*rows: ResourceDrift, ignore: tuple[str, ...] = (), reason: str = "") -> DriftReport:
    clock = FakeClock()
    return Detection(FakeDrifts(clock, list(rows), reason=reason), clock).run("db", STACK, ignore)


COUNTS = DriftedProperty("/BackupRetentionPeriod", "30", "7")
NESTED = DriftedProperty("/ServerlessV2ScalingConfiguration/MaxCapacity", "8", "16")
NOISE = DriftedProperty("/EngineVersion", "17", "17.5")


def test_what_counts_and_what_does_not_are_distinguished() -> None:
    report = found(row("MODIFIED", COUNTS, NOISE))
    assert [one.path for one in report.drifted[0].properties] == ["/BackupRetentionPeriod"]
    assert [(one.path, one.why) for one in report.ignored] == [
        ("/EngineVersion", "a version that names only the major follows minor upgrades")
    ]
    assert report.resources == 1


def test_only_noise_is_no_drift() -> None:
    assert found(row("MODIFIED", NOISE)).drifted == ()


@pytest.mark.parametrize("status", ["IN_SYNC", "NOT_CHECKED", "UNSUPPORTED", "UNKNOWN"])
def test_what_is_not_drifted_is_not_counted(status: str) -> None:
    report = found(row(status))
    assert report.drifted == ()
    assert len(report.blind) == (status != "IN_SYNC")


def test_a_deleted_resource_counts() -> None:
    assert found(row("DELETED")).drifted[0].status == "DELETED"


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ("Cluster", 0),
        ("Cluster/BackupRetentionPeriod", 0),
        ("Cluster/Backup", 1),
        ("Cluste", 1),
        ("Cluster/Other", 1),
    ],
)
def test_what_a_person_ignores(ignore: str, left: int) -> None:
    report = found(row("MODIFIED", COUNTS), ignore=(ignore,))
    assert len(report.drifted) == left
    assert [one.why for one in report.ignored] == [ASKED] * (1 - left)


def test_a_property_is_ignored_with_all_that_is_in_it() -> None:
    assert found(row("MODIFIED", NESTED), ignore=("Cluster/ServerlessV2ScalingConfiguration",)).drifted == ()


def test_a_deleted_resource_is_ignored_only_by_its_name() -> None:
    assert found(row("DELETED"), ignore=("Cluster",)).drifted == ()
    assert found(row("DELETED"), ignore=("Cluster/Port",)).drifted != ()


def test_an_incomplete_detection_says_why_and_one_that_saw_nothing_is_an_error() -> None:
    assert found(row(), reason="Failed to detect drift on [Writer]").reason == "Failed to detect drift on [Writer]"
    with pytest.raises(AwsError, match="drift cannot be detected: no access"):
        found(reason="no access")


def test_the_waiting_has_an_end() -> None:
    clock = FakeClock()
    drifts = FakeDrifts(clock, seconds=10_000)
    with pytest.raises(BusyError, match="still being detected"):
        Detection(drifts, clock, limit=60).run("db", STACK)
    assert 60 <= clock.monotonic() <= 75
    with pytest.raises(BusyError):
        Detection(drifts, clock, stopping=lambda: True).run("db", STACK)
