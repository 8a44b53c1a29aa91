"""Plain HTTP to the running server's own pages."""

from __future__ import annotations

import http.client
import json
from typing import Any

from aurora_cfn.local.keys import Keys
from aurora_cfn.local.record import ServerRecord

PAGES = "/_aurora_cfn"
"""Prefix of the pages that are this program's own, not an AWS API."""


def call(
    record: ServerRecord, method: str, page: str, body: Any = None, timeout: float = 5.0, keys: Keys | None = None
) -> Any:
    """The JSON that the page answers; OSError when it cannot be reached or refuses."""
    headers = {"Authorization": f"Bearer {keys.page_token}"} if keys else {}
    # Not urllib, which would send the request to the proxy that HTTP_PROXY names.
    connection = http.client.HTTPConnection("127.0.0.1", record.port, timeout=timeout)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, f"{PAGES}/{page}", text, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise OSError(said.decode(errors="replace"))
        return json.loads(said)
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def answers(record: ServerRecord) -> bool:
    """Whether the process of the record, and no other that took its port, answers there."""
    try:
        return bool(call(record, "GET", "health", timeout=2.0)["pid"] == record.pid)
    except (OSError, KeyError, TypeError):
        return False
