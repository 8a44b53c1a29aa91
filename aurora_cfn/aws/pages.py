"""Rows of AWS's answers, on one page or on several, and tags as most services take them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar

from aurora_cfn.aws.errors import translated

Read = TypeVar("Read")


def every_row(client: Any, method: str, key: str, read: Callable[[Any], Read], /, **asked: Any) -> list[Read]:
    """What `read` makes of each row under `key`, on all pages of the client's method. Raises AwsError."""
    with translated(client.meta.method_to_api_mapping[method]):
        pages = client.get_paginator(method).paginate(**asked)
        return [read(row) for page in pages for row in page.get(key) or ()]


def first_row(
    client: Any, method: str, key: str, read: Callable[[Any], Read], absent: Collection[str], /, **asked: Any
) -> Read | None:
    """What `read` makes of the first row under `key`; None without one, and where AWS answers a code of `absent`."""
    with translated(client.meta.method_to_api_mapping[method], absent=absent):
        rows = getattr(client, method)(**asked).get(key)
        return read(rows[0]) if rows else None
    return None


def every_page(
    client: Any, method: str, read: Callable[[Any], Read], /, *, token: str = "NextToken", **asked: Any
) -> Iterator[Read]:
    """What `read` makes of each page, read when it is asked for; for methods that botocore has no paginator for.

    `token` is the key of the next page's token, in answers and requests. Raises AwsError.
    """
    more: dict[str, str] = {}
    while True:
        with translated(client.meta.method_to_api_mapping[method]):
            answer = getattr(client, method)(**asked, **more)
            found = read(answer)
        yield found
        if not answer.get(token):
            return
        more = {token: answer[token]}


def tag_rows(tags: Mapping[str, str]) -> Any:
    """The tags as rows with Key and Value."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
