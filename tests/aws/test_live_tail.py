"""A Live Tail session as CloudWatch Logs sends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aurora_cfn.aws.live_tail import AwsLiveTail
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.errors import AwsError
from aurora_cfn.model.log_event import LiveUpdate, LogEvent
from tests.fakes.event_stream import session
from tests.sql.fake_aws import FakeAws, fake_aws

AT = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


@pytest.fixture
def aws() -> Iterator[FakeAws]:
    with fake_aws() as made:
        yield made


def tail(aws: FakeAws, region: str = "eu-west-1") -> AwsLiveTail:
    return AwsLiveTail(Session(Connection(region, endpoint_url=aws.url, keys=("test", "test"))), "123456789012")


@pytest.mark.parametrize(("region", "name"), [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov")])
def test_a_session_of_a_group_by_its_arn_until_it_times_out(aws: FakeAws, region: str, name: str) -> None:
    aws.json["StartLiveTail"] = [session([("w", "one"), ("r", "two")], [], "SessionTimeoutException")]
    first, second = tail(aws, region).live_updates("/g/postgresql")
    assert first == LiveUpdate((LogEvent("", AT, "w", "one"), LogEvent("", AT, "r", "two")))
    assert second == LiveUpdate()
    arn = f"arn:{name}:logs:{region}:123456789012:log-group:/g/postgresql"
    assert aws.asked == [("StartLiveTail", {"logGroupIdentifiers": [arn]})]


def test_a_sample_is_marked(aws: FakeAws) -> None:
    aws.json["StartLiveTail"] = [session([("w", "one")], sampled=True)]
    assert next(tail(aws).live_updates("/g")).sampled


@pytest.mark.parametrize(
    ("answer", "message", "unanswered"),
    [
        (session([("w", "one")], "SessionStreamingException"), r"over \(SessionStreamingException\)", False),
        (session([("w", "one")]), "session broke: the stream ended", True),
        (session([("w", "one")])[:-3] + b"???", "session broke: Checksum", True),
        (("AccessDeniedException", "not you"), "not you", False),
        (("ResourceNotFoundException", "no group"), "no group", False),
    ],
)
def test_a_session_that_breaks_or_is_refused(
    aws: FakeAws, answer: bytes | tuple[str, str], message: str, unanswered: bool
) -> None:
    aws.json["StartLiveTail"] = [answer]
    with pytest.raises(AwsError, match=message) as raised:
        list(tail(aws).live_updates("/g"))
    assert raised.value.unanswered == unanswered


def test_a_connection_that_breaks_within_an_event_is_an_error(aws: FakeAws) -> None:
    aws.json["StartLiveTail"] = [session([("w", "one")])]
    aws.cut = 5
    with pytest.raises(AwsError, match="session broke") as raised:
        list(tail(aws).live_updates("/g"))
    assert raised.value.unanswered


def test_closing_the_generator_ends_the_session(aws: FakeAws) -> None:
    aws.json["StartLiveTail"] = [session([("w", "one")], [("w", "two")])]
    updates = tail(aws).live_updates("/g")
    next(updates)
    updates.close()
    assert list(updates) == []
