"""What monitoring promises: the metrics that matter, alarms that name a remedy, a topic that takes them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from aurora_cfn.blueprints.aurora_serverless_postgres import BLUEPRINT as CLUSTER
from aurora_cfn.blueprints.monitoring import BLUEPRINT
from aurora_cfn.blueprints.rds_postgres import BLUEPRINT as INSTANCE
from aurora_cfn.environment import load
from aurora_cfn.errors import InputError
from aurora_cfn.render import summaries, template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
ALARMS = {name: entry for name, entry in RESOURCES.items() if entry["Type"] == "AWS::CloudWatch::Alarm"}
DEFAULTS = {row.name: row.default_text or "database" for row in BLUEPRINT.parameters}


def dashboard() -> dict[str, Any]:
    text, _ = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    return dict(json.loads(re.sub(r"\$\{([A-Za-z:]+)\}", lambda match: DEFAULTS.get(match[1], match[1]), text)))


def test_the_dashboard_shows_the_five_metrics_and_what_the_alarms_watch() -> None:
    widgets = [widget["properties"] for widget in dashboard()["widgets"] if widget["type"] == "metric"]
    shown = {metric[1] for widget in widgets for metric in widget["metrics"]}
    five = {
        "ServerlessDatabaseCapacity", "DatabaseConnections", "CPUUtilization", "FreeableMemory", "NetworkThroughput",
    }  # fmt: skip
    assert five <= shown
    assert {alarm["Properties"]["MetricName"] for alarm in ALARMS.values()} <= shown


def test_the_dashboard_draws_the_limits_as_numbers_and_does_not_overlap_itself() -> None:
    widgets = dashboard()["widgets"]
    drawn = {
        line["value"]
        for widget in widgets
        for line in widget["properties"].get("annotations", {}).get("horizontal", [])
    }
    assert drawn == {90, 500, 80, 0.02, 1000}
    cells = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize(
    ("alarm", "metric", "condition"),
    [
        ("CapacityAlarm", "ACUUtilization", "IsCluster"),
        ("ConnectionsAlarm", "DatabaseConnections", None),
        ("CpuAlarm", "CPUUtilization", None),
        ("FreeMemoryAlarm", "FreeableMemory", None),
        ("DeadlocksAlarm", "Deadlocks", "IsCluster"),
        ("ReplicaLagAlarm", "AuroraReplicaLagMaximum", "IsCluster"),
        ("NeverPausingAlarm", "ServerlessDatabaseCapacity", "ExpectsPause"),
        ("FreeStorageAlarm", "FreeStorageSpace", "IsInstance"),
    ],
)
def test_there_is_an_alarm_for(alarm: str, metric: str, condition: str | None) -> None:
    entry = ALARMS[alarm]
    assert (entry["Properties"]["MetricName"], entry.get("Condition")) == (metric, condition)


def test_every_alarm_shows_the_topic_both_ways_and_says_what_to_do() -> None:
    for entry in ALARMS.values():
        properties = entry["Properties"]
        assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": "Topic"}]
        assert re.match(r"\$\{TargetName\}: .+: .+", properties["AlarmDescription"]["Fn::Sub"])
        assert properties["TreatMissingData"] == "notBreaching"


def test_never_pausing_is_judged_within_the_week_that_cloudwatch_looks_back() -> None:
    row = BLUEPRINT.parameter("HoursAwake")
    assert row is not None
    assert row.high is not None
    assert row.high * ALARMS["NeverPausingAlarm"]["Properties"]["Period"] <= 7 * 24 * 3600


def test_other_alarms_are_judged_within_the_day_that_cloudwatch_looks_back_in_minutes() -> None:
    row = BLUEPRINT.parameter("Periods")
    assert row is not None
    assert row.high is not None
    assert row.high * 300 <= 24 * 3600


def test_sizes_are_bytes() -> None:
    sizes = TEMPLATE["Mappings"]["Bytes"]
    assert sizes["Megabytes"]["256"] == "268435456"
    assert sizes["Gigabytes"]["2"] == "2147483648"
    for name, column in (("FreeMemoryMegabytes", "Megabytes"), ("FreeStorageGigabytes", "Gigabytes")):
        row = BLUEPRINT.parameter(name)
        assert row is not None
        assert set(row.allowed) == set(sizes[column])


def test_the_topic_has_a_key_that_cloudwatch_may_use() -> None:
    statements = RESOURCES["TopicKey"]["Properties"]["KeyPolicy"]["Statement"]
    services = {str(row["Principal"].get("Service")): set(row["Action"]) for row in statements}
    assert services["cloudwatch.amazonaws.com"] == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert RESOURCES["Topic"]["Properties"]["KmsMasterKeyId"] == {"Ref": "TopicKey"}
    assert RESOURCES["TopicKey"]["Properties"]["EnableKeyRotation"] is True


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("AlarmEmail", ["", "night.watch@example.com"], ["x", "a@b", "a b@example.com", "a@example.com,b@example.com"]),
        ("DeadlocksPerSecond", ["0", "0.5"], ["-1", "x"]),
        ("TargetName", ["dev-auroracluster"], ["", "Dev", "a--b"]),
    ],
)
def test_parameters_have_their_bounds(name: str, good: list[str], bad: list[str]) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []


def loaded(database: str, reference: str, settings: str) -> list[str]:
    text = (
        f"region: eu-west-1\nstacks:\n  db: {{template: {database}, parameters: {{{settings}}}}}\n"
        f"  watch:\n    template: monitoring\n"
        f"    parameters: {{TargetName: {{output: db.{reference}}}, ExpectPause: true}}\n"
    )
    known = summaries((CLUSTER, INSTANCE, BLUEPRINT))
    return [finding.message for finding in load(text, "params/dev.yaml", "dev", known).warnings]


def test_expecting_a_pause_of_a_cluster_that_cannot_is_warned_of() -> None:
    assert loaded("aurora-serverless-postgres", "ClusterName", "") == []
    (warning,) = loaded("aurora-serverless-postgres", "ClusterName", "AutoPause: false")
    assert "NeverPausing will always be on" in warning


def test_an_instance_is_not_watched_as_a_cluster() -> None:
    with pytest.raises(InputError, match="TargetName is an instance"):
        loaded("rds-postgres", "InstanceName", "")


def test_the_page_of_the_dashboard_is_in_the_console_of_the_partition() -> None:
    value = TEMPLATE["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"]
    assert value[0] == "https://${AWS::Region}.${Console}/cloudwatch/home#dashboards/dashboard/${Dashboard}"
    elsewhere = {"Fn::If": ["InGovCloud", "console.amazonaws-us-gov.com", "console.aws.amazon.com"]}
    assert value[1] == {"Console": {"Fn::If": ["InChina", "console.amazonaws.cn", elsewhere]}}
