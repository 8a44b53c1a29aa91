"""An endpoint that takes a call and never answers: what is waited for is said, and the wait ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aurora_cfn.aws.cloudformation import AwsCloudFormation
from aurora_cfn.aws.session import Connection, Session
from aurora_cfn.aws.timeouts import Timeouts
from aurora_cfn.errors import AwsError
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation
from tests.scripted.endpoint import Endpoint, serving


@contextmanager
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """Address of a server that accepts every connection and sends nothing; the connections."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", taken
        for one in taken:
            one.close()


def place(url: str, timeouts: Timeouts) -> Session:
    return Session(Connection("eu-west-1", None, url, ("test", "test")), timeouts=timeouts)


def test_a_late_answer_is_named_and_the_call_is_given_up_after_two_attempts() -> None:
    said: list[str] = []
    with silent() as (url, taken), pytest.raises(AwsError) as caught:
        AwsCloudFormation(place(url, Timeouts(said.append, late=0.05, answer=0.3))).stack("db")
    assert caught.value.unanswered
    assert "took the call and did not answer" in str(caught.value)
    assert len(taken) == 2
    host = url.removeprefix("http://")
    assert (
        said == [f"waiting for an answer to cloudformation DescribeStacks from {host}; it is given up after 0.3 s"] * 2
    )


def test_an_answer_in_time_is_not_named() -> None:
    said: list[str] = []
    with serving(Endpoint(FakeCloudFormation(FakeClock()))) as endpoint:
        found = AwsCloudFormation(place(endpoint.url, Timeouts(said.append, late=60))).stack("db")
    timers = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
    assert (found, said, [one for one in timers if not one.finished.is_set()]) == (None, [], [])


def test_a_statement_has_the_seconds_of_the_data_api() -> None:
    session = place("http://127.0.0.1:1", Timeouts(answer=1))
    seconds: dict[str, Any] = {name: session.client(name).meta.config for name in ("rds-data", "rds")}
    assert {name: config.read_timeout for name, config in seconds.items()} == {"rds-data": 60, "rds": 1}


def test_a_call_without_an_answer_takes_about_a_minute_at_most() -> None:
    assert Timeouts().answer * Timeouts().attempts <= 60
