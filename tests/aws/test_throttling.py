"""Calls that AWS refuses because there are too many are sent again; others are not."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.errors import ATTEMPTS, LONGEST, retry_once, retry_throttled
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving


def refused(code: str) -> tuple[Any, dict[str, Any]]:
    return None, {"Error": {"Code": code}}


@pytest.mark.parametrize(
    ("attempts", "response", "seconds"),
    [
        (3, refused("Throttling"), 1.0),
        (5, refused("RequestLimitExceeded"), 4.0),
        (ATTEMPTS - 1, refused("ThrottlingException"), LONGEST),
        (ATTEMPTS, refused("Throttling"), None),
        (3, refused("ValidationError"), None),
        (3, (None, {}), None),
        (3, None, None),
    ],
)
def test_only_throttled_calls_are_waited_for(attempts: int, response: Any, seconds: float | None) -> None:
    assert retry_throttled(lambda: 1.0)(attempts=attempts, response=response) == seconds


def test_in_haste_only_a_lost_connection_is_tried_again_and_only_once() -> None:
    lost = ConnectionError("closed")
    assert retry_once(attempts=1, caught_exception=lost, response=None) == 0
    assert retry_once(attempts=2, caught_exception=lost, response=None) is None
    assert retry_once(attempts=1, caught_exception=None, response=refused("Throttling")) is None


@pytest.mark.slow
def test_more_refusals_than_botocore_retries_are_retried() -> None:
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        endpoint.refusals["DescribeStacks"] = [("Throttling", "Rate exceeded")] * 4
        session = Session(Connection("eu-west-1", None, endpoint.url, ("test", "test")))
        assert AwsCloudFormation(session).stack("absent") is None
        assert endpoint.actions == ["DescribeStacks"] * 5


def test_a_hasty_client_gives_up_soon_and_says_that_it_was_too_often() -> None:
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        endpoint.refusals["DescribeStacks"] = [("Throttling", "Rate exceeded")] * 9
        session = Session(Connection("eu-west-1", None, endpoint.url, ("test", "test")))
        with pytest.raises(AwsError) as caught:
            AwsCloudFormation(session.short_timeouts).stack("absent")
    assert caught.value.throttled
    assert len(endpoint.actions) == 1
    assert session.short_timeouts.client("cloudformation") is session.short_timeouts.client("cloudformation")
    assert session.short_timeouts.client("cloudformation") is not session.client("cloudformation")
