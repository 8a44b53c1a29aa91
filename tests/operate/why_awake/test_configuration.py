"""What in a configuration keeps a cluster from pausing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.model.rds_database import CapacityRange, Cluster, Instance
from aurora_cfn.operate.attached import Attached
from aurora_cfn.operate.why_awake.configuration import configuration_reasons

CLUSTER = Cluster(
    "c", "arn", "available", "aurora-postgresql", "17.7", instances=("w",), capacity=CapacityRange(0, 8, 300),
    writer="w", parameter_group="own",
)  # fmt: skip


def member(name: str, size: str = "db.serverless", tier: int = 1) -> Instance:
    return Instance(name, "available", "aurora-postgresql", "17.7", cluster="c", size=size, tier=tier)


WRITER = member("w")


@pytest.mark.parametrize(
    ("cluster", "members", "attached", "found"),
    [
        (CLUSTER, [WRITER], Attached(), []),
        (replace(CLUSTER, capacity=CapacityRange(0.5, 8)), [WRITER], Attached(),
         [("blocks", "MinCapacity is 0.5 ACU")]),
        (replace(CLUSTER, capacity=None), [], Attached(), [("note", "no Serverless v2 capacity")]),
        (CLUSTER, [WRITER], Attached(proxies=("p", "q")), [("blocks", "RDS Proxy p "), ("blocks", "RDS Proxy q ")]),
        (CLUSTER, [WRITER], Attached(parameters={"rds.logical_replication": "1"}),
         [("blocks", "rds.logical_replication = 1 keeps the writer and readers of promotion tier 0 and 1 awake")]),
        (CLUSTER, [WRITER], Attached(parameters={"rds.logical_replication": "0", "binlog_format": "OFF"}), []),
        (CLUSTER, [WRITER], Attached(parameters={"binlog_format": "ROW"}), [("blocks", "binlog_format = ROW")]),
        (CLUSTER, [WRITER], Attached(integrations=("sales",)), [("blocks", "zero-ETL integration sales")]),
        (replace(CLUSTER, activity_stream=True), [WRITER], Attached(), [("blocks", "activity stream")]),
        (CLUSTER, [WRITER], Attached(global_cluster=("world", False)), [("blocks", "all instances of a secondary")]),
        # Known from the cluster, where global databases may not be described.
        (replace(CLUSTER, global_cluster="world"), [WRITER], Attached(), [("blocks", "global database world keeps")]),
        (CLUSTER, [WRITER, member("r", "db.r7g.large", 15)], Attached(),
         [("blocks", "r (db.r7g.large) does not pause"), ("note", "not pause before every reader")]),
        (CLUSTER, [WRITER, member("r", tier=1)], Attached(), [("note", "r of promotion tier 0 or 1")]),
        (CLUSTER, [WRITER, member("r", tier=2)], Attached(), [("note", "not pause before every reader")]),
        (CLUSTER, [WRITER], Attached(parameters={"rds.babelfish_status": "on"}), [("note", "T-SQL port")]),
        (CLUSTER, [WRITER], Attached(blue_green=("next",)), [("note", "blue/green deployment next replicates")]),
        (CLUSTER, [WRITER], Attached(maintenance=("system-update",)), [("note", "maintenance waits: system-update")]),
        # Only provisioned instances: nothing serverless is kept awake by them.
        (replace(CLUSTER, capacity=None), [member("w", "db.r7g.large")], Attached(), [("note", "do not pause")]),
    ],
)  # fmt: skip
def test_each_blocker_is_named(
    cluster: Cluster, members: list[Instance], attached: Attached, found: list[tuple[str, str]]
) -> None:
    reasons = configuration_reasons(cluster, members, attached)
    assert [reason.effect for reason in reasons] == [effect for effect, _ in found]
    for reason, (_, text) in zip(reasons, found, strict=True):
        assert text in reason.text
    assert all(reason.remedy for reason in reasons if reason.effect == "blocks")
