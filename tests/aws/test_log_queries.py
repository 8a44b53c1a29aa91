"""Queries of CloudWatch Logs Insights as AWS answers for the port."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aurora_cfn.aws.cloudwatch import AwsLogQueries
from aurora_cfn.model.log_event import LogQuery
from tests.aws.stubs import session, stubbed

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_a_query_is_started_read_with_all_pages_and_stopped() -> None:
    place, seconds = session(), int(NOON.timestamp())
    with stubbed(place, "logs") as stub:
        stub.add_response(
            "start_query", {"queryId": "q1"},
            {"logGroupName": "/g", "queryString": "fields @message", "startTime": seconds - 3600, "endTime": seconds},
        )  # fmt: skip
        row = [{"field": "n", "value": "1"}, {"field": "@ptr", "value": "x"}]
        stub.add_response("get_query_results", {"status": "Complete", "results": [row], "nextToken": "t"},
                          {"queryId": "q1"})  # fmt: skip
        stub.add_response("get_query_results",
                          {"status": "Complete", "results": [row], "statistics": {"bytesScanned": 7.0}},
                          {"queryId": "q1", "nextToken": "t"})  # fmt: skip
        stub.add_response("stop_query", {"success": True}, {"queryId": "q1"})
        queries = AwsLogQueries(place)
        assert queries.start_log_query("/g", "fields @message", since=NOON - timedelta(hours=1), until=NOON) == "q1"
        assert queries.log_query("q1") == LogQuery("Complete", ({"n": "1"}, {"n": "1"}), 7.0)
        queries.stop_log_query("q1")
