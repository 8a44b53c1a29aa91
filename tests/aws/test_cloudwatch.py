"""CloudWatch as it answers for the ports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aurora_cfn.aws.cloudwatch import AwsLogEvents, AwsMetrics
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database_metrics import Metric, Point
from aurora_cfn.model.log_event import LogEvent, LogPage
from tests.aws.observations_contract import keep_log_events, keep_metrics
from tests.aws.stubs import session, stubbed
from tests.fakes.observations import FakeLogEvents, FakeMetrics

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_the_fake_keeps_to_the_contract() -> None:
    texts = enumerate(("one", "two", "three"))
    events = [LogEvent(str(second), NOON + timedelta(seconds=second), "w", text) for second, text in texts]
    keep_log_events(FakeLogEvents({"/toy/log": events}), NOON)
    points = [Point(NOON, 2), Point(NOON + timedelta(minutes=2), 4)]
    keep_metrics(FakeMetrics({Metric("DatabaseConnections", "db-instance", "toy", "Maximum"): points}), NOON)


def test_pages_of_a_log_group_also_empty_ones() -> None:
    place, millis = session(), int(NOON.timestamp() * 1000)
    asked = {"logGroupName": "/g", "startTime": millis}
    row = {"eventId": "7", "timestamp": millis, "logStreamName": "w", "message": "hello", "ingestionTime": millis}
    with stubbed(place, "logs") as stub:
        stub.add_response("filter_log_events", {"events": [], "nextToken": "n"}, asked)
        stub.add_response("filter_log_events", {"events": [row]}, {**asked, "nextToken": "n"})
        assert AwsLogEvents(place).log_page("/g", since=NOON) == LogPage((), "n")
        found = AwsLogEvents(place).log_page("/g", since=NOON, token="n")
    assert found == LogPage((LogEvent("7", NOON, "w", "hello"),), "")


def test_no_group_is_none_and_a_refusal_is_an_error() -> None:
    place = session()
    with stubbed(place, "logs") as stub:
        stub.add_client_error("filter_log_events", "ResourceNotFoundException", "no group", 400)
        stub.add_client_error("filter_log_events", "AccessDeniedException", "not you", 400)
        assert AwsLogEvents(place).log_page("/g", since=NOON) is None
        with pytest.raises(AwsError, match="not you") as refused:
            AwsLogEvents(place).log_page("/g", since=NOON)
    assert refused.value.denied


def test_points_of_all_pages_with_the_dimension_of_the_kind() -> None:
    place, hour = session(), timedelta(hours=1)
    metrics = [Metric("CPUUtilization", "db-instance", "w"), Metric("VolumeBytesUsed", "db-cluster", "c", "Maximum")]

    def query(number: int, name: str, dimension: str, value: str, statistic: str) -> dict[str, object]:
        named = {"Namespace": "AWS/RDS", "MetricName": name, "Dimensions": [{"Name": dimension, "Value": value}]}
        return {"Id": f"m{number}", "MetricStat": {"Metric": named, "Period": 300, "Stat": statistic}}

    asked = {
        "MetricDataQueries": [
            query(0, "CPUUtilization", "DBInstanceIdentifier", "w", "Average"),
            query(1, "VolumeBytesUsed", "DBClusterIdentifier", "c", "Maximum"),
        ],
        "StartTime": NOON, "EndTime": NOON + hour, "ScanBy": "TimestampAscending",
    }  # fmt: skip
    pages: list[dict[str, Any]] = [
        {"MetricDataResults": [{"Id": "m0", "Timestamps": [NOON], "Values": [1.0]}], "NextToken": "n"},
        {"MetricDataResults": [{"Id": "m1", "Timestamps": [NOON], "Values": [7.0]},
                               {"Id": "m0", "Timestamps": [NOON + hour], "Values": [2.0]}]},
    ]  # fmt: skip
    with stubbed(place, "cloudwatch") as stub:
        stub.add_response("get_metric_data", pages[0], asked)
        stub.add_response("get_metric_data", pages[1], {**asked, "NextToken": "n"})
        found = AwsMetrics(place).metric_points(metrics, since=NOON, until=NOON + hour, period=300)
    assert found == [[Point(NOON, 1.0), Point(NOON + hour, 2.0)], [Point(NOON, 7.0)]]
