"""Calls that AWS refuses because there are too many are sent again; others are not."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.throttling import ATTEMPTS, LONGEST, patience
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
    assert patience(lambda: 1.0)(attempts=attempts, response=response) == seconds


@pytest.mark.slow
def test_more_refusals_than_botocore_bears_are_borne() -> None:
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        endpoint.refusals["DescribeStacks"] = [("Throttling", "Rate exceeded")] * 4
        session = Session(Connection("eu-west-1", None, endpoint.url, ("test", "test")))
        assert AwsCloudFormation(session).stack("nobody") is None
        assert endpoint.actions == ["DescribeStacks"] * 5
