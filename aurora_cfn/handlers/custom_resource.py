"""A custom resource: do the work, then send the outcome to the ResponseURL on which CloudFormation waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from ssl import SSLError
from typing import Any
from urllib.request import Request, urlopen

from pg8000.native import DatabaseError

from .connection import UnavailableError
from .log import described, record, sentence

# For the answer to CloudFormation, which waits for it until ServiceTimeout.
SECONDS = 20
LONGEST = 900
"""Most characters of a reason; CloudFormation refuses an answer of more than 4096 bytes (user guide)."""


class ReportedError(Exception):
    """A failure whose message is shown in the stack's events."""


def respond(
    event: Mapping[str, Any],
    context: Any,
    work: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    send: Callable[[str, bytes], None] | None = None,
) -> dict[str, Any]:
    """Run `work` with the event and send the outcome to CloudFormation; the outcome.

    The reason of a failure has the database's message, because a rollback deletes the log groups; of other exceptions
    only the type and the name of the log group. Without a ResponseURL (invoked by hand) nothing is sent.
    """
    # The id never changes: CloudFormation deletes the resource of an id that an update changes.
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
    except Exception as error:  # without an answer CloudFormation would wait until the ServiceTimeout
        record("ERROR", "the custom resource failed", **described(error))
        where = getattr(context, "log_group_name", "its log group")
        return {"Status": "FAILED", "Reason": f"{type(error).__name__}: see {where}"}


def _put(url: str, body: bytes) -> None:
    # The URL is signed for a request with an empty content type; urllib would set another one.
    request = Request(url, data=body, method="PUT", headers={"Content-Type": "", "Content-Length": str(len(body))})
    with urlopen(request, timeout=SECONDS) as answer:
        answer.read()
