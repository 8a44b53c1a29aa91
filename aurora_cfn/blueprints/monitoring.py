"""Monitoring of one database: a dashboard, and alarms that can send a mail.

It takes plain values and no exports, so that the database can be replaced while it is watched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from troposphere import AWSObject, GetAtt, If, Output, Ref, Sub
from troposphere.cloudwatch import Dashboard

from aurora_cfn.blueprint import blueprint_of, exported
from aurora_cfn.blueprints.monitoring_alarms import NAMESPACE, WATCHES, alarms, dimension, sizes
from aurora_cfn.blueprints.monitoring_parameters import PARAMETERS
from aurora_cfn.blueprints.monitoring_topic import TOPIC, notification_resources
from aurora_cfn.blueprints.unrendered import checks_of

_ALARM_ARN = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AWS::StackName}-"
_BARE = "<number>"
_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3  # three charts fill the 24 columns of a dashboard's grid


@dataclass(frozen=True, slots=True)
class Chart:
    """Metrics drawn together; `limit` is the parameter whose value is drawn as a line."""

    title: str
    metrics: tuple[tuple[str, str], ...]
    limit: str = ""


CHARTS: Final = (
    Chart("Capacity (ACU)", (("ServerlessDatabaseCapacity", "Average"), ("ServerlessDatabaseCapacity", "Maximum"))),
    Chart("Capacity (% of the maximum)", (("ACUUtilization", "Maximum"),), "CapacityPercent"),
    Chart("Connections", (("DatabaseConnections", "Maximum"),), "Connections"),
    Chart("CPU (%)", (("CPUUtilization", "Average"), ("CPUUtilization", "Maximum")), "CpuPercent"),
    Chart("Free memory (bytes)", (("FreeableMemory", "Minimum"),)),
    Chart(
        "Network (bytes a second)",
        (
            ("NetworkThroughput", "Average"),
            ("NetworkReceiveThroughput", "Average"),
            ("NetworkTransmitThroughput", "Average"),
        ),
    ),
    Chart("Deadlocks (a second)", (("Deadlocks", "Average"),), "DeadlocksPerSecond"),
    Chart("Replica lag (ms)", (("AuroraReplicaLagMaximum", "Maximum"),), "ReplicaLagMilliseconds"),
    Chart("Storage (bytes)", (("FreeStorageSpace", "Minimum"), ("VolumeBytesUsed", "Maximum"))),
)


def dashboard_body() -> str:
    """Text for Fn::Sub; `${Dimension}` is left to the caller."""
    widgets = [_alarm_states(), *(_widget(place, chart) for place, chart in enumerate(CHARTS))]
    text = json.dumps({"start": "-PT24H", "periodOverride": "inherit", "widgets": widgets}, indent=2)
    return re.sub(f'"{_BARE}([^"]+)"', r"\1", text)


def _alarm_states() -> dict[str, Any]:
    always = [f"{_ALARM_ARN}{watch.name}" for watch in WATCHES if not watch.condition]
    properties = {"title": "Alarms of ${TargetName}", "alarms": always}
    return {"type": "alarm", "x": 0, "y": 0, "width": _WIDTH * _COLUMNS, "height": 2, "properties": properties}


def _widget(place: int, chart: Chart) -> dict[str, Any]:
    row, column = divmod(place, _COLUMNS)
    properties: dict[str, Any] = {
        "title": chart.title,
        "region": "${AWS::Region}",
        "view": "timeSeries",
        "period": 300,
        "metrics": _metrics(chart.metrics),
    }
    if chart.limit:
        line = {"label": "alarm", "value": f"{_BARE}${{{chart.limit}}}"}
        properties["annotations"] = {"horizontal": [line]}
    place_of = {"x": column * _WIDTH, "y": 2 + row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
    return {"type": "metric", **place_of, "properties": properties}


def _metrics(metrics: Sequence[tuple[str, str]]) -> list[list[Any]]:
    return [
        [NAMESPACE, metric, "${Dimension}", "${TargetName}", {"stat": statistic, "label": f"{metric} ({statistic})"}]
        for metric, statistic in metrics
    ]


def resources() -> Sequence[AWSObject]:
    """The topic for messages, the alarms, and the dashboard."""
    dashboard = Dashboard(
        "Dashboard",
        DashboardName=Ref("AWS::StackName"),
        DashboardBody=Sub(dashboard_body(), Dimension=dimension()),
    )
    return [*notification_resources(), *alarms(), dashboard]


def outputs() -> Sequence[Output]:
    """Where to look, and where to subscribe."""
    page = "https://${AWS::Region}.${Console}/cloudwatch/home#dashboards/dashboard/${Dashboard}"
    elsewhere = If("InGovCloud", "console.amazonaws-us-gov.com", "console.aws.amazon.com")
    console = If("InChina", "console.amazonaws.cn", elsewhere)
    return [
        exported("StackName", "Name of this stack", Ref("AWS::StackName")),
        exported("DashboardName", "Name of the dashboard", Ref("Dashboard")),
        exported("DashboardUrl", "Page of the dashboard in the console", Sub(page, Console=console)),
        exported("TopicArn", "Topic that the alarms send to", Ref(TOPIC)),
        exported("TopicKeyArn", "Key that encrypts the topic", GetAtt("TopicKey", "Arn")),
    ]


BLUEPRINT = blueprint_of(
    PARAMETERS,
    name="monitoring",
    description="Dashboard and alarms of one Aurora cluster or RDS instance, and an encrypted topic for the messages",
    resources=resources,
    outputs=outputs,
    checks=checks_of("monitoring"),
    mappings=sizes(),
)
