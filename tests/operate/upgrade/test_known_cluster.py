"""What RDS says of a cluster, put together as a plan; and the wait for a switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from aurora_cfn.errors import AwsError, BusyError, DeployError, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rds_database import Cluster
from aurora_cfn.model.rows import Database
from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradePlan, UpgradeTarget
from aurora_cfn.operate.upgrade.blue_green import LONGEST_WAIT, deployment_name, status_text, until_switched
from aurora_cfn.operate.upgrade.known_cluster import Known, Place, planned, read_known
from aurora_cfn.report.upgrade_plan import upgrade_json, upgrade_lines, upgrade_rows
from aurora_cfn.template.summary import summary_of
from tests.fakes.clock import FakeClock
from tests.fakes.observations import FakeAttachments
from tests.fakes.rds import FakeDatabases, denied
from tests.fakes.upgrades import ARN, FakeBlueGreenDeployments, FakeUpgradeTargets

PG = "aurora-postgresql"
CLUSTER = Cluster("db", f"{ARN}db", "available", PG, "17.7", parameter_group="own")
OFFER = (UpgradeTarget("17.9", major=False), UpgradeTarget("18.3", major=True))
DATABASE = Database("db-dev", "temporal", "", identifier="db", resource="Db")
TODAY = date(2026, 11, 29)
TEMPLATE = summary_of("t", {
    "Parameters": {"V": {"Type": "String"}},
    "Resources": {"Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"EngineVersion": {"Ref": "V"}}}},
})  # fmt: skip
ENTRY = EnvironmentStack("db", "db-dev", "t", {"V": "17.7"}, 3, {"V": 5})
PLACE = Place(Environment("dev", "params/dev.yaml", "eu-west-1", (ENTRY,)), ENTRY, TEMPLATE, "Db")


def read(
    attachments: FakeAttachments, deployments: FakeBlueGreenDeployments | None = None, database: Database = DATABASE
) -> Known:
    targets = FakeUpgradeTargets({(PG, "17.7"): tuple(reversed(OFFER))})
    return read_known(FakeDatabases(clusters={"db": CLUSTER}), attachments, targets, deployments, database)


def test_what_is_attached_is_read_in_one_go() -> None:
    found = read(FakeAttachments({"db": ["door"]}, parameters={"own": {"a": "1"}}), FakeBlueGreenDeployments())
    assert (found.cluster, found.offered, found.notes) == (CLUSTER, OFFER, ())
    assert (found.attached.proxies, found.attached.parameters) == (["door"], {"a": "1"})


def test_what_may_not_be_read_is_a_note_and_other_errors_are_raised() -> None:
    refused = FakeAttachments(trouble={"proxies": denied("DescribeDBProxies")})
    found = read(refused, FakeBlueGreenDeployments(trouble=denied("DescribeBlueGreenDeployments")))
    assert [row.partition(": ")[2].partition(":")[0] for row in found.notes] == [
        "RDS proxies",
        "blue/green deployments",
    ]
    with pytest.raises(AwsError, match="down"):
        read(FakeAttachments(trouble={"proxies": AwsError("down", code="InternalFailure")}))


@pytest.mark.parametrize(
    ("database", "why"),
    [
        (replace(DATABASE, kind="db-instance"), "no cluster of Aurora"),
        (replace(DATABASE, identifier="gone"), "no cluster of Aurora"),
        (replace(DATABASE, identifier="", signed=True), "Aurora DSQL, which has no versions"),
    ],
)
def test_what_is_no_cluster_is_not_upgraded(database: Database, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(FakeAttachments(), database=database)


def plan(target: UpgradeTarget | None, *checks: Inspected) -> UpgradePlan:
    known = read(FakeAttachments())
    return planned(known, PLACE, target, checks, TODAY)


def test_a_plan_without_a_target_says_what_is_offered() -> None:
    found = plan(None)
    assert (found.methods, found.settings, found.due) == ((), (), False)
    assert upgrade_lines(found, 120) == [
        "db: 17.7: no newer minor version is offered",
        "  support     17.7 is a long-term support release; standard support of 17 ends 2030-02-28",
        "  offered     17.9, 18.3 (major)",
    ]


@pytest.mark.parametrize(("written", "noted"), [("17.5", True), ("17.7", False), ("17", False), ("", False)])
def test_a_file_behind_what_runs_is_a_note(written: str, noted: bool) -> None:
    place = replace(PLACE, entry=replace(ENTRY, parameters={"V": written}))
    notes = planned(read(FakeAttachments()), place, None, (), TODAY).notes
    said = "V in line 5 of params/dev.yaml is 17.5, and 17.7 runs: --to 17.7 writes that"
    assert list(notes) == ([said] if noted else [])


def test_a_deployment_that_exists_is_a_note() -> None:
    fake = FakeBlueGreenDeployments()
    fake.create("db-to-18", CLUSTER.arn, version="18.3", parameter_group="", tags={})
    known = read(FakeAttachments(), fake)
    for target in (None, OFFER[1]):
        (note,) = planned(known, PLACE, target, (), TODAY).notes
        assert note.startswith("blue/green deployment db-to-18: PROVISIONING: ")


def test_a_step_from_a_long_term_support_release_is_a_note() -> None:
    assert plan(OFFER[0]).notes == ("17.7 is a long-term support release, and 17.9 is none",)
    assert plan(OFFER[1]).notes == ()


def test_a_plan_as_lines_rows_and_json() -> None:
    found = plan(OFFER[1], Inspected("keys", "warn", "2 tables without a key"))
    lines = upgrade_lines(found, 200)
    assert lines[0] == "db: 17.7 -> 18.3, a major upgrade that is offered"
    assert lines[3].startswith("  in place    ready: minutes without service")
    assert lines[4].startswith("  blue/green  refused: rds.logical_replication = 1 is needed in own")
    assert lines[-4:] == [
        "  checks of the data", "    warn  keys  2 tables without a key", "  params/dev.yaml",
        '    line 5: V: "17.7" -> "18.3"',
    ]  # fmt: skip
    assert [row[2:5] for row in upgrade_rows(found).rows] == [
        ("version", "17.7", ""), ("offered", "17.9", "minor"), ("offered", "18.3", "major"),
        ("method", "in place", "ready"), ("method", "blue/green", "refused"), ("check", "keys", "warn"),
        ("setting", "V", ""),
    ]  # fmt: skip
    assert '"settings": [\n  {\n   "parameter": "V"' in upgrade_json(found)


def test_the_name_and_the_status_of_a_deployment() -> None:
    assert deployment_name("db", "18.3") == "db-to-18-3"
    assert deployment_name("d" * 63, "8.0.mysql_aurora.3.11.0") == f"{'d' * 50}-to-3-11-0"
    fake = FakeBlueGreenDeployments()
    made = fake.create("n", CLUSTER.arn, version="18.3", parameter_group="", tags={})
    assert status_text(made) == "PROVISIONING: RDS makes the green side, which takes from half an hour to hours"


def switching(**given: bool | int) -> tuple[FakeBlueGreenDeployments, Callable[[], BlueGreen], FakeClock, list[str]]:
    fake, clock, shown = FakeBlueGreenDeployments(**given), FakeClock(), []  # type: ignore[arg-type, var-annotated]
    made = fake.create("n", CLUSTER.arn, version="18.3", parameter_group="", tags={})
    fake.provisioned(made.identifier)
    fake.switch(made.identifier, timeout=300)
    return fake, lambda: until_switched(fake, CLUSTER.arn, clock, shown.append), clock, shown


def test_a_switch_is_waited_for() -> None:
    _, wait, clock, shown = switching(reads=3)
    found = wait()
    assert (found.source, found.target) == (f"{CLUSTER.arn}-old1", CLUSTER.arn)
    assert [row.partition(":")[0] for row in shown] == ["SWITCHOVER_IN_PROGRESS", "SWITCHOVER_COMPLETED"]
    assert len(clock.sleeps) == 2


def test_a_switch_that_is_rolled_back_or_does_not_end_or_is_gone() -> None:
    _, wait, _, _ = switching(fails=True)
    with pytest.raises(DeployError, match=r"SWITCHOVER_FAILED.*\(replication lag\)"):
        wait()
    _, wait, clock, _ = switching(reads=10**6)
    with pytest.raises(BusyError, match="does not end"):
        wait()
    assert sum(clock.sleeps) > LONGEST_WAIT
    fake, wait, _, _ = switching()
    fake.kept.clear()
    with pytest.raises(BusyError, match="does not show"):
        wait()
