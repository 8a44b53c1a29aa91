"""Answers that AWS gives in pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from aurora_cfn.aws.errors import translated

Read = TypeVar("Read")


def every_row(client: Any, method: str, key: str, read: Callable[[Any], Read], /, **asked: Any) -> list[Read]:
    """What `read` makes of each row under `key`, on all pages of the client's method. Raises AwsError."""
    with translated(client.meta.method_to_api_mapping[method]):
        pages = client.get_paginator(method).paginate(**asked)
        return [read(row) for page in pages for row in page.get(key) or ()]
