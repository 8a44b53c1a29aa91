"""Credentials over a long run: who is asked for a code, where and how often, and what is looked up anew."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.credentials import ASK_BEFORE, TRIES, FoundCredentials, RenewingCredentials, renewal
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.deploy.main_thread import MainThreadQueue
from aurora_cfn.errors import AwsError
from tests.cli.test_identity import CONFIG, DEVICE
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving

CODE = "123456"
OVER = (None, {"Error": {"Code": "ExpiredToken"}})


class Person:
    """Answers questions for a code; `asked` holds them with the thread that asked."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, profile: str, device: str) -> str:
        self.asked.append((profile, device, threading.current_thread().name))
        return self.codes.pop(0)


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """STS and CloudFormation on loopback, and the configuration of a person who has nothing else."""
    (tmp_path / "config").write_text(CONFIG)
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        endpoint.tokens.codes = {CODE}
        for name, value in {
            "HOME": str(tmp_path),
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
            "AWS_ENDPOINT_URL_STS": endpoint.url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        yield endpoint


def opened(endpoint: Endpoint, person: Person, profile: str = "coded") -> Session:
    return Session(Connection("eu-west-1", profile, endpoint.url), person)


def test_a_code_is_asked_for_once_and_goes_to_sts(aws: Endpoint) -> None:
    person = Person(CODE)
    session = opened(aws, person)
    for service in ("cloudformation", "rds", "sts"):
        session.client(service)
    assert person.asked == []
    for _ in range(3):
        assert AwsCloudFormation(session).stack("absent") is None
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert person.asked == [("coded", DEVICE, "MainThread")]
    assert [(row["SerialNumber"], row["TokenCode"]) for row in aws.tokens.asked] == [(DEVICE, CODE)]


def test_the_code_of_a_role_under_a_role_is_asked_for_too(aws: Endpoint) -> None:
    person = Person(CODE)
    assert AwsCloudFormation(opened(aws, person, "over-coded")).stack("absent") is None
    assert person.asked == [("over-coded", DEVICE, "MainThread")]
    assert aws.tokens.keys("AssumeRole") == ["AKIAPEOPLE", "ASIA1"]
    assert aws.tokens.keys("DescribeStacks") == ["ASIA2"]


def test_a_wrong_code_is_aws_s_refusal_and_the_next_call_asks_again(aws: Endpoint) -> None:
    person = Person("000000", CODE)
    cloudformation = AwsCloudFormation(opened(aws, person))
    with pytest.raises(
        AwsError, match=r"^AssumeRole: MultiFactorAuthentication failed .*run the same command"
    ) as caught:
        cloudformation.stack("absent")
    assert (caught.value.operation, caught.value.code) == ("AssumeRole", "AccessDenied")
    assert "000000" not in str(caught.value)
    assert cloudformation.stack("absent") is None


def test_threads_have_the_main_thread_ask_and_it_may_call_aws_itself_meanwhile(aws: Endpoint) -> None:
    person, calls = Person(CODE), MainThreadQueue()
    session = opened(aws, person)
    cloudformation = AwsCloudFormation(session)
    done: list[object] = []

    def carry(work: Callable[[], Any]) -> Any:
        return work() if threading.current_thread() is threading.main_thread() else calls.call(work)

    def work() -> None:
        done.append(cloudformation.stack("absent"))

    with session.asking_on(carry):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        # They all wait for this thread, which needs the same credentials before it looks at what they want.
        assert cloudformation.stack("absent") is None
        while any(thread.is_alive() for thread in threads):
            calls.serve(0.01)
    assert done == [None] * 4
    assert person.asked == [("coded", DEVICE, "MainThread")]
    assert len(aws.tokens.asked) == 1


def test_a_session_that_aws_ends_is_asked_for_anew_in_the_main_thread(aws: Endpoint) -> None:
    person, calls = Person(CODE, CODE), MainThreadQueue()
    session = opened(aws, person)
    cloudformation = AwsCloudFormation(session)
    assert cloudformation.stack("absent") is None
    aws.tokens.over.add("ASIA1")
    with session.asking_on(calls.call):
        thread = threading.Thread(target=cloudformation.stack, args=("absent",))
        thread.start()
        while thread.is_alive():
            calls.serve(0.01)
    assert [name for *_, name in person.asked] == ["MainThread"] * 2
    assert aws.tokens.keys("DescribeStacks") == ["ASIA1", "ASIA1", "ASIA2"]


class Hour:
    """Credentials of a source that gives others every hour of a clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, tzinfo=UTC)
        self.given = 0

    def found(self, *, asks: bool) -> FoundCredentials:
        end = self.now + timedelta(hours=1)
        first = self._next()["access_key"]
        made = RefreshableCredentials(first, "s", "t", end, self._next, "fake", time_fetcher=lambda: self.now)
        return FoundCredentials(made, "fake", asks)

    def _next(self) -> dict[str, str]:
        self.given += 1
        end = (self.now + timedelta(hours=1)).isoformat()
        return {"access_key": f"K{self.given}", "secret_key": "s", "token": "t", "expiry_time": end}


@pytest.mark.parametrize(
    ("asks", "left", "key"),
    [
        (False, 16 * 60, "K1"),
        (False, 14 * 60, "K2"),
        (True, 14 * 60, "K1"),
        (True, ASK_BEFORE + 1, "K1"),
        (True, ASK_BEFORE - 1, "K2"),
        (True, -60, "K2"),
    ],
)
def test_a_person_is_asked_as_late_as_possible(asks: bool, left: int, key: str) -> None:
    hour = Hour()
    living = RenewingCredentials(lambda: hour.found(asks=asks))
    assert _key(living) == "K1"
    hour.now += timedelta(seconds=3600 - left)
    assert _key(living) == key
    assert _key(living) == key


def test_other_credentials_are_tried_as_often_as_others_are_found_and_no_more() -> None:
    sources = ["A", "B", "B"]
    living = RenewingCredentials(lambda: FoundCredentials(Credentials(sources.pop(0), "s")))
    retry = renewal(living)
    assert _key(living) == "A"
    assert retry(attempts=1, response=(None, {"Error": {"Code": "AccessDenied"}})) is None
    assert retry(attempts=1, response=None) is None
    assert retry(attempts=TRIES, response=OVER) is None
    assert retry(attempts=1, response=OVER) == 0.0
    assert _key(living) == "B"
    assert retry(attempts=2, response=OVER) is None
    assert sources == []


class Ended(Credentials):
    """Credentials whose source says that they are over."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        raise self.error


OVER_ERRORS: list[Exception] = [
    SSOTokenLoadError(error_msg="no token"),
    UnauthorizedSSOTokenError(),
    TokenRetrievalError(provider="sso", error_msg="Token has expired and refresh failed"),
    ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, "AssumeRole"),
    RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
]


@pytest.mark.parametrize("error", OVER_ERRORS, ids=lambda error: type(error).__name__)
def test_a_source_that_has_ended_is_looked_up_anew_once(error: Exception) -> None:
    sources: list[Credentials] = [Ended(error), Credentials("B", "s")]
    living = RenewingCredentials(lambda: FoundCredentials(sources.pop(0)))
    assert _key(living) == "B"
    sources = [Ended(error), Ended(error), Credentials("C", "s")]
    living = RenewingCredentials(lambda: FoundCredentials(sources.pop(0)))
    with pytest.raises(AwsError) as caught, translated("DescribeStacks"):
        living.get_frozen_credentials()
    assert "expired: log in again" in str(caught.value)
    assert caught.value.unauthenticated
    assert len(sources) == 1


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole"),
        ConnectTimeoutError(endpoint_url="https://sts.eu-west-1.amazonaws.com"),
        CredentialRetrievalError(provider="custom-process", error_msg="denied"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_troubles_of_a_source_are_shown_as_they_are(error: Exception) -> None:
    sources: list[Credentials] = [Ended(error)]
    living = RenewingCredentials(lambda: FoundCredentials(sources.pop(0)))
    with pytest.raises(AwsError) as caught, translated("DescribeStacks"):
        living.get_frozen_credentials()
    assert "expired" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_one_thread_has_found_is_used_by_those_that_failed_with_the_old() -> None:
    sources = ["A", "B"]
    living = RenewingCredentials(lambda: FoundCredentials(Credentials(sources.pop(0), "s")))
    signed, go = threading.Barrier(2), threading.Event()
    renewed: list[bool] = []

    def late() -> None:
        _key(living)
        signed.wait()
        go.wait()
        renewed.append(living.renewed())

    thread = threading.Thread(target=late)
    thread.start()
    _key(living)
    signed.wait()
    assert living.renewed()
    go.set()
    thread.join()
    assert renewed == [True]
    assert _key(living) == "B"


def _key(living: RenewingCredentials) -> str:
    frozen = living.get_frozen_credentials()
    assert frozen is not None
    return str(frozen.access_key)
