"""Performance Insights as it answers for the port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aurora_cfn.aws.performance_insights import AwsDatabaseLoad
from aurora_cfn.errors import AwsError
from aurora_cfn.model.database_metrics import LoadPart, Point
from aurora_cfn.ports.observations import DatabaseLoad
from tests.aws.stubs import session, stubbed
from tests.fakes.observations import FakeDatabaseLoad

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR, FIVE = timedelta(hours=1), timedelta(minutes=5)
ASKED: dict[str, Any] = {
    "ServiceType": "RDS", "Identifier": "db-1", "StartTime": NOON, "EndTime": NOON + HOUR, "PeriodInSeconds": 300,
    "PeriodAlignment": "START_TIME",
    "MetricQueries": [
        {"Metric": "db.load.avg", "GroupBy": {"Group": group, "Limit": 10}}
        for group in ("db.wait_event", "db.sql_tokenized")
    ],
}  # fmt: skip
WAIT = {"db.wait_event.name": "IO:DataFileRead", "db.wait_event.type": "IO"}


def statement(id_: str, text: str = "select 1 where ?") -> dict[str, str]:
    return {"db.sql_tokenized.id": id_, "db.sql_tokenized.statement": text}


def series(dimensions: dict[str, str] | None, *values: float) -> dict[str, Any]:
    key = {"Metric": "db.load.avg", **({"Dimensions": dimensions} if dimensions else {})}
    return {
        "Key": key,
        "DataPoints": [{"Timestamp": NOON + n * FIVE, "Value": value} for n, value in enumerate(values)],
    }


def points(*values: float) -> tuple[Point, ...]:
    return tuple(Point(NOON + n * FIVE, value) for n, value in enumerate(values))


EXPECTED = [
    LoadPart("total", "", points(2, 1)),
    LoadPart("wait", "IO:DataFileRead", points(1.5, 0.5)),
    LoadPart("statement", "select 1 where ?", points(1)),
    LoadPart("statement", "select 1 where ?", points(0.25)),
]


def keep_load(port: DatabaseLoad) -> None:
    assert port.active_sessions("db-1", since=NOON, until=NOON + HOUR, period=300) == EXPECTED


def test_the_fake_keeps_to_the_contract() -> None:
    keep_load(FakeDatabaseLoad({"db-1": EXPECTED}))


def test_all_pages_with_the_total_once_and_statements_by_their_id() -> None:
    place, missing = session(), float("nan")
    pages: list[dict[str, Any]] = [
        {"MetricList": [series(None, 2, 1), series(WAIT, 1.5)], "NextToken": "n"},
        # Each group comes with the total; a series can continue, and a period without data is NaN.
        {"MetricList": [series(None, 2, 1), series(WAIT, missing, 0.5), series(statement("a"), 1, missing),
                        series(statement("b"), 0.25)]},
    ]  # fmt: skip
    with stubbed(place, "pi") as stub:
        stub.add_response("get_resource_metrics", pages[0], ASKED)
        stub.add_response("get_resource_metrics", pages[1], {**ASKED, "NextToken": "n"})
        keep_load(AwsDatabaseLoad(place))


def test_nothing_measured_and_a_refusal() -> None:
    place = session()
    with stubbed(place, "pi") as stub:
        stub.add_response("get_resource_metrics", {"MetricList": []}, ASKED)
        stub.add_client_error("get_resource_metrics", "NotAuthorizedException", "not you", 400)
        assert AwsDatabaseLoad(place).active_sessions("db-1", since=NOON, until=NOON + HOUR, period=300) == []
        with pytest.raises(AwsError, match="not you") as refused:
            AwsDatabaseLoad(place).active_sessions("db-1", since=NOON, until=NOON + HOUR, period=300)
    assert refused.value.denied
