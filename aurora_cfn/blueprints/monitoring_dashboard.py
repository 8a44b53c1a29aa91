"""The dashboard of a database, as the JSON that CloudWatch takes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from aurora_cfn.blueprints.monitoring_alarms import NAMESPACE, WATCHES

_ALARM_ARN = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AWS::StackName}-"
_BARE = "<number>"
_WIDTH, _HEIGHT, _COLUMNS = 8, 6, 3


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
