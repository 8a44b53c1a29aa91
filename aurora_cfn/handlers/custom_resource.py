"""A custom resource's side of the talk with CloudFormation: do the work, then put the outcome where it waits for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from ssl import SSLError
from typing import Any
from urllib.request import Request, urlopen

from pg8000.native import DatabaseError

from .connection import UnavailableError
from .log import described, record, sentence

SECONDS = 20
LONGEST = 900
"""Characters of a reason; CloudFormation cuts an answer of more than 4096 bytes off by failing it."""


class ReportedError(Exception):
    """A failure whose message is for whoever deploys the stack."""


def settled(
    event: Mapping[str, Any],
    context: Any,
    work: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    send: Callable[[str, bytes], None] | None = None,
) -> dict[str, Any]:
    """Run `work` with the event and tell CloudFormation how it went.

    A failure of the database is told in its words, because the log groups go when the stack is rolled back; of any
    other failure only the type and the log are told. Called by hand, without a ResponseURL, nothing is sent and the
    outcome is only given back.
    """
    answer = {
        "PhysicalResourceId": event.get("PhysicalResourceId") or f"{event.get('LogicalResourceId', 'by-hand')}",
        "StackId": event.get("StackId", ""),
        "RequestId": event.get("RequestId", ""),
        "LogicalResourceId": event.get("LogicalResourceId", ""),
        **_outcome(event, context, work),
    }
    record("INFO", "settled", request=event.get("RequestType", ""), status=answer["Status"])
    if event.get("ResponseURL"):
        (send or _put)(str(event["ResponseURL"]), json.dumps(answer).encode())
    return answer


def _outcome(
    event: Mapping[str, Any], context: Any, work: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> dict[str, Any]:
    try:
        return {"Status": "SUCCESS", "Data": dict(work(event))}
    except (ReportedError, DatabaseError, UnavailableError, SSLError) as error:
        record("ERROR", "the custom resource failed", **described(error))
        reason = str(error) if isinstance(error, ReportedError) else sentence(error)
        return {"Status": "FAILED", "Reason": reason[:LONGEST]}
    except Exception as error:  # whatever it is, CloudFormation must hear of it, or it waits until its time is over
        record("ERROR", "the custom resource failed", **described(error))
        where = getattr(context, "log_group_name", "its log group")
        return {"Status": "FAILED", "Reason": f"{type(error).__name__}: see {where}"}


def _put(url: str, body: bytes) -> None:
    # The address is signed for a request without a content type; urllib would set one.
    request = Request(url, data=body, method="PUT", headers={"Content-Type": "", "Content-Length": str(len(body))})
    with urlopen(request, timeout=SECONDS) as answer:
        answer.read()
