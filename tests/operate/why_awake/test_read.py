"""The whole report over fakes, and what the caller may not read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aurora_cfn.errors import AwsError, SqlError
from aurora_cfn.facts.prices import price_list
from aurora_cfn.model.awake import AwakeReport, PauseState
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.log_event import LogEvent
from aurora_cfn.model.rds_database import CapacityRange, Cluster, DatabaseEvent
from aurora_cfn.model.rows import Column, Database, Rows
from aurora_cfn.operate.why_awake.read import SESSIONS, WhyAwake, with_sessions
from tests.fakes.clock import START, FakeClock
from tests.fakes.observations import FakeAttachments, FakeLogEvents, FakeMetrics
from tests.fakes.rds import FakeDatabases, denied

DATABASE = Database("db-dev", "d", "", identifier="c")
CLUSTER = Cluster(
    "c", "arn", "available", "aurora-postgresql", "17.7", instances=("w",), capacity=CapacityRange(0, 8, 600),
    writer="w", parameter_group="own",
)  # fmt: skip
SINCE = START - timedelta(hours=6)


def usage(capacity: list[float], connections: list[float]) -> FakeMetrics:
    """A point a minute, the last one a minute ago."""

    def line(values: list[float]) -> list[Point]:
        return [Point(START - timedelta(minutes=len(values) - number), value) for number, value in enumerate(values)]

    names = ("ServerlessDatabaseCapacity", "Average"), ("DatabaseConnections", "Maximum")
    metrics = [Metric(name, "db-instance", "w", statistic) for name, statistic in names]  # type: ignore[arg-type]
    return FakeMetrics(dict(zip(metrics, (line(capacity), line(connections)), strict=True)))


def reader(
    metrics: FakeMetrics, attachments: FakeAttachments | None = None, cluster: Cluster = CLUSTER,
    logs: FakeLogEvents | None = None,
) -> WhyAwake:  # fmt: skip
    return WhyAwake(
        FakeDatabases(clusters={"c": cluster}), attachments or FakeAttachments(), metrics, logs or FakeLogEvents(),
        FakeClock(), price_list("eu-west-1"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("capacity", "state", "minutes"),
    [([2.0] * 60, "awake", None), ([0.0] * 30 + [2.0] * 30, "awake", 30), ([2.0] * 10 + [0.0] * 50, "paused", 50),
     ([], "unknown", None)],
)  # fmt: skip
def test_the_state_and_since_when(capacity: list[float], state: PauseState, minutes: int | None) -> None:
    found = reader(usage(capacity, [])).report(DATABASE, SINCE)
    assert (found.state, found.pause_after) == (state, 600)
    assert found.since == (None if minutes is None else START - timedelta(minutes=minutes))


def test_connections_alone_show_since_when_it_is_known_to_be_awake() -> None:
    found = reader(usage([], [1.0] * 20)).report(DATABASE, SINCE)
    assert (found.state, found.since) == ("awake", START - timedelta(minutes=20))


def test_what_is_attached_blocks_and_the_saving_is_computed() -> None:
    attached = FakeAttachments(
        {"c": ["front"]}, parameters={"own": {"rds.logical_replication": "1"}},
        known_events=[DatabaseEvent("w", START - timedelta(hours=1), "Successfully resumed the DB instance.")],
    )  # fmt: skip
    found = reader(usage([2.0] * 120, [1.0] * 120), attached).report(DATABASE, SINCE)
    assert found.blocked
    assert [reason.effect for reason in found.reasons] == ["blocks", "blocks", "resumed"]
    assert found.saved is not None
    assert (found.saved.pauses, found.saved.connections) == (1, 1)
    assert found.saved.acu_hours == pytest.approx(2 * 110 / 60)
    assert found.saved.dollars == pytest.approx(found.saved.acu_hours * 0.14)


def test_what_may_not_be_read_is_a_line_and_not_the_end() -> None:
    trouble = {
        "proxies": denied("DescribeDBProxies"),
        "integrations": AwsError("DescribeIntegrations: unknown", code="InvalidAction"),
    }
    found = reader(usage([2.0], []), FakeAttachments(trouble=trouble)).report(DATABASE, SINCE)
    texts = [reason.text for reason in found.reasons if reason.effect == "not read"]
    assert len(texts) == 2
    assert texts[0].startswith("RDS proxies: DescribeDBProxies: User")
    assert found.state == "awake"
    trouble = {"proxies": AwsError("slow down", code="Throttling")}
    with pytest.raises(AwsError, match="slow down"):
        reader(usage([2.0], []), FakeAttachments(trouble=trouble)).report(DATABASE, SINCE)


def test_the_instance_log_is_read_where_it_is_exported() -> None:
    line = "[INFO] Auto-pause blockers registered since 11:00: continuous backup lag"
    logs = FakeLogEvents({"/aws/rds/cluster/c/instance": [LogEvent("1", START - timedelta(hours=1), "w", line)]})
    found = reader(usage([2.0], []), logs=logs).report(DATABASE, SINCE, instance_log=True)
    assert ["continuous backup lag" in reason.text for reason in found.reasons] == [True]
    found = reader(usage([2.0], [])).report(DATABASE, SINCE, instance_log=True)
    (reason,) = found.reasons
    assert (reason.effect, "EnableCloudwatchLogsExports: [instance]" in reason.text) == ("not read", True)


@pytest.mark.parametrize(
    ("database", "text"),
    [
        (Database("d-dev", "postgres", "", signed=True), "Aurora DSQL has no capacity"),
        (Database("box-dev", "d", "", identifier="box", kind="db-instance"), "an RDS instance does not pause"),
        (replace(DATABASE, identifier="gone"), "gone does not exist any more"),
    ],
)
def test_other_databases_get_an_honest_answer(database: Database, text: str) -> None:
    found = reader(usage([], [])).report(database, SINCE)
    assert text in found.reasons[0].text
    assert not found.blocked


def test_a_cluster_that_cannot_pause_is_shown_what_it_could_save() -> None:
    cluster = replace(CLUSTER, capacity=CapacityRange(0.5, 8))
    found = reader(usage([0.5] * 120, [0.0] * 120), cluster=cluster).report(DATABASE, SINCE)
    assert (found.state, found.blocked, found.pause_after) == ("never", True, 0)
    assert found.saved is not None
    assert found.saved.acu_hours == pytest.approx(0.5 * 115 / 60)


class Sessions:
    """A Data API that answers with these rows, or refuses."""

    def __init__(self, *rows: tuple[str | int, ...], error: SqlError | None = None) -> None:
        self.rows, self.error, self.asked = rows, error, [""]

    def execute(self, database: Database, sql: str, *_: object, **__: object) -> Rows:
        self.asked.append(sql)
        if self.error:
            raise self.error
        return Rows((Column("role"),), self.rows)


REPORT = AwakeReport("s", "c", "awake", START, SINCE)


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([("app", "metabase", 2, 18720, 0), ("dan", "", 1, 5, 1)],
         [("delays", "2 sessions of app (metabase), idle for 5h12m"), ("delays", "1 session of dan, 1 at work")]),
        ([], [("note", "no session is open besides the one that asked")]),
    ],
)  # fmt: skip
def test_sessions(rows: list[tuple[str | int, ...]], texts: list[tuple[str, str]]) -> None:
    api = Sessions(*rows)
    found = with_sessions(REPORT, DATABASE, api)  # type: ignore[arg-type]
    assert [(reason.effect, reason.text) for reason in found.reasons] == texts
    assert api.asked[-1] == SESSIONS["postgresql"]
    refused = Sessions(error=SqlError("permission denied"))
    (reason,) = with_sessions(REPORT, DATABASE, refused).reasons  # type: ignore[arg-type]
    assert (reason.effect, reason.text) == ("not read", "sessions: permission denied")


@pytest.mark.parametrize(("hours", "seconds", "period"), [(24, 2, 60), (1, 0, 60), (25, 0, 300)])
def test_a_day_is_read_by_the_minute(hours: int, seconds: int, period: int) -> None:
    metrics = usage([2.0], [])
    reader(metrics).report(DATABASE, START - timedelta(hours=hours, seconds=seconds))
    assert metrics.periods == [period]
