"""Clients of AWS by service and region, and what AWS refuses as one exception."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

Clients = Callable[[str, str], Any]
"""The client of a service in a region: `clients("rds", "eu-west-1")`."""
SECONDS = 8
"""For a connection and for an answer: a request of the API has 29 seconds for several calls."""


class RefusedError(Exception):
    """AWS refused a call; `code` is the code of its error."""

    def __init__(self, code: str, message: str) -> None:
        """Take code and message of the answer."""
        self.code = code
        super().__init__(message)

    @property
    def throttled(self) -> bool:
        """Whether the same call may succeed later."""
        return "Throttl" in self.code or "TooManyRequests" in self.code or "RequestLimitExceeded" in self.code


@contextmanager
def refusals() -> Iterator[None]:
    """A block whose ClientErrors become RefusedError."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        found = error.response.get("Error", {})
        raise RefusedError(str(found.get("Code", "")), str(found.get("Message", ""))) from error


@lru_cache
def client(service: str, region: str) -> Any:
    """The client, made once in a warm function."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=SECONDS, read_timeout=SECONDS, retries={"mode": "standard", "total_max_attempts": 3}
    )
    session: Any = boto3
    return session.client(service, region_name=region, config=config)
