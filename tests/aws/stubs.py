"""boto3 clients that answer from a list and check what they are asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.stub import Stubber

from aurora_cfn.aws.session import Connection, Session


def session() -> Session:
    """A session that reaches nothing."""
    return Session(Connection(region="eu-west-1", endpoint_url="http://127.0.0.1:1", keys=("test", "test")))


@contextmanager
def stubbed(place: Session, service: str) -> Iterator[Stubber]:
    """The client's stub; at the end everything that was put into it must have been asked."""
    client: Any = place.client(service)
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()
