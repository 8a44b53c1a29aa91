"""What prevents an upgrade in place and by a blue/green deployment, and what does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.model.inspection import Inspected
from aurora_cfn.model.rds_database import Cluster, Endpoint
from aurora_cfn.model.upgrade_plan import BlueGreen, UpgradeTarget
from aurora_cfn.operate.attached import Attached
from aurora_cfn.operate.upgrade.database_checks import CHECKS, blocked
from aurora_cfn.operate.upgrade.methods import UpgradeState, blue_green, default_group, in_place, methods

CLUSTER = Cluster("db", "arn:db", "available", "aurora-postgresql", "17.7", parameter_group="own")
READY = UpgradeState(CLUSTER, Attached(parameters={"rds.logical_replication": "1"}))
MINOR, MAJOR = UpgradeTarget("17.9", major=False), UpgradeTarget("18.3", major=True)


def of(**changed: Any) -> UpgradeState:
    return replace(READY, cluster=replace(CLUSTER, **changed))


def attached(**given: Any) -> UpgradeState:
    return replace(READY, attached=replace(READY.attached, **given))


def test_a_plain_cluster_is_ready_for_both() -> None:
    for target in (MINOR, MAJOR):
        assert [row.ready for row in methods(target, READY)] == [True, True]
    assert in_place(MAJOR, READY).notes[-1] == "new parameter group of the family aurora-postgresql18"
    assert "sessions end" in in_place(MINOR, READY).interruption


@pytest.mark.parametrize(
    ("found", "place", "green"),
    [
        (of(mode="serverless"), "Serverless v1", "Serverless v1"),
        (of(status="upgrading"), "the cluster is upgrading", "the cluster is upgrading"),
        (of(global_cluster="world"), "global database world", "global database world"),
        (attached(global_cluster=("world", False)), "global database world", "global database world"),
        (of(endpoint=Endpoint(secret_arn="arn:secret")), "", "RDS manages its master password"),
        (of(replicas=("arn:r",)), "", "replica in another region"),
        (of(replica_of="arn:r"), "", "replica in another region"),
        (of(version="17.3"), "", "17.3 has none: upgrade in place to 17.4"),
        (attached(integrations=["sales"]), "", "zero-ETL integration sales"),
        (attached(parameters={}), "", "rds.logical_replication = 1 is needed in own"),
        (replace(READY, local=True), "", "the emulator has no blue/green deployments"),
        (replace(READY, deployment=BlueGreen("b", "to-18", "arn:db", status="AVAILABLE")), "--abandon it", ""),
        (replace(READY, deployment=BlueGreen("b", "to-18", "arn:db", status="SWITCHOVER_COMPLETED")), "", ""),
        (replace(READY, family_faults=["Family of G is x"]), "Family of G is x", ""),
        (replace(READY, checks=[Inspected("prepared", "bad", "two prepared")]), "two prepared", ""),
        (replace(READY, checks=[Inspected("publishing", "bad", "publishes")]), "", "publishes"),
        (replace(READY, checks=[Inspected("keys", "warn", "no key")]), "", ""),
        # Since 2026-04 a proxy follows the switch.
        (attached(proxies=["door"]), "", ""),
    ],
)
def test_what_prevents_each_method(found: UpgradeState, place: str, green: str) -> None:
    for text, method in ((place, in_place(MAJOR, found)), (green, blue_green(found))):
        assert method.ready == (not text)
        assert text in "; ".join(method.refusals)


def test_a_minor_upgrade_needs_neither_families_nor_data() -> None:
    found = replace(READY, family_faults=["f"], checks=[Inspected("slots", "bad", "one slot")])
    assert in_place(MINOR, found).ready


def test_mysql_needs_the_binary_log() -> None:
    mysql = of(engine="aurora-mysql", version="8.0.mysql_aurora.3.10.4")
    assert "binlog_format = ROW is needed" in blue_green(mysql).refusals[0]
    assert blue_green(replace(mysql, attached=Attached(parameters={"binlog_format": "MIXED"}))).ready


def test_the_group_of_rds_for_a_version() -> None:
    assert default_group("aurora-postgresql", "18.3") == "default.aurora-postgresql18"
    assert default_group("aurora-mysql", "8.4.mysql_aurora.8.4.7") == "default.aurora-mysql8.4"
    assert default_group("aurora-postgresql", "99.1") == ""


def test_names_of_checks_are_different_and_only_bad_ones_prevent() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    rows = [Inspected(name, "warn", name) for name in names]
    assert [*blocked(rows, "in place"), *blocked(rows, "blue/green")] == []
