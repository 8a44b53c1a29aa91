"""CloudWatch as it answers for the ports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aurora_cfn.aws.cloudwatch import AwsLogEvents
from aurora_cfn.errors import AwsError
from aurora_cfn.model.log_event import LogEvent, LogPage
from tests.aws.observations_contract import keep_log_events
from tests.aws.stubs import session, stubbed
from tests.fakes.observations import FakeLogEvents

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_the_fake_keeps_to_the_contract() -> None:
    texts = enumerate(("one", "two", "three"))
    events = [LogEvent(str(second), NOON + timedelta(seconds=second), "w", text) for second, text in texts]
    keep_log_events(FakeLogEvents({"/toy/log": events}), NOON)


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
