"""What stands for a function's code during a live session on AWS: it sends events to a queue, and waits for answers.

It is alone in its zip, under the name of the function's own module, with `live.json` beside it. The person's machine
acknowledges an event, or answers it at once; if it does neither, the caller gets an error within 4 seconds.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
import uuid
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ACK_SECONDS = 3.0
"""How long a session may be silent; receiving waits for whole seconds, so an error comes a second later at most."""
PART = 240_000
"""Characters of a message: 256 KiB is the limit of queues that were not raised to 1 MiB."""
SPARE_SECONDS = 0.5
"""Before the function's timeout, for its own error."""
ENVIRONMENT = uuid.uuid4().hex
"""This execution environment: answers in its reply queue that are for another one are given back."""


class LiveSessionError(Exception):
    """The session does not answer."""


def handler(event: Any, context: Any) -> Any:
    """The answer of the session. Raises the handler's own error by its type's name, and LiveSessionError."""
    place, message_id = _place(), uuid.uuid4().hex
    deadline = time.time() + context.get_remaining_time_in_millis() / 1000 - SPARE_SECONDS
    message = {
        "event": event,
        "arn": context.invoked_function_arn,
        "request_id": context.aws_request_id,
        "trace_id": os.environ.get("_X_AMZN_TRACE_ID"),
        "deadline": deadline,
        "to": ENVIRONMENT,
        "reply": place["replies"][zlib.crc32(ENVIRONMENT.encode()) % len(place["replies"])],
        "credentials": _credentials() if place["as_function"] else None,
    }
    try:
        for body in packed(message_id, ENVIRONMENT, message):
            _sqs().send_message(QueueUrl=place["requests"], MessageBody=body)
        answer = awaited(_sqs(), message["reply"], message_id, deadline)
    except Exception as error:
        if not isinstance(error, LiveSessionError):
            error = LiveSessionError(f"its queue cannot be used: {type(error).__name__}: {error}")
        return _failed(
            event, f"{place['who']} runs this function from a folder, and does not answer ({error}). {place['remedy']}"
        )
    if answer.get("log"):
        sys.stdout.write(f"{answer['log']}\n")
    if answer["error"]:
        shape = answer["body"]
        raise type(str(shape.get("errorType", "Error")), (Exception,), {})(shape.get("errorMessage", ""))
    return answer["body"]


def __getattr__(name: str) -> Any:
    """The handler by any name, as the function's configuration chooses it."""
    if name.startswith("__"):
        raise AttributeError(name)
    return handler


def packed(message_id: str, to: str, message: Mapping[str, Any]) -> Iterator[str]:
    """The bodies of the messages that carry it, in parts of at most `PART` characters."""
    data = base64.b64encode(zlib.compress(json.dumps(message).encode())).decode()
    parts = [data[at : at + PART] for at in range(0, len(data), PART)]
    for number, part in enumerate(parts):
        yield json.dumps({"id": message_id, "to": to, "part": number, "of": len(parts), "data": part})


def unpacked(parts: Mapping[int, str]) -> dict[str, Any]:
    """The message of all its parts."""
    data = "".join(parts[number] for number in sorted(parts))
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(data)))
    return found


def awaited(
    sqs: Any, queue: str, message_id: str, deadline: float, now: Callable[[], float] = time.time
) -> dict[str, Any]:
    """The answer. Raises LiveSessionError if the session is silent for 3 seconds, or has no answer in time."""
    parts: dict[int, str] = {}
    until = min(deadline, now() + ACK_SECONDS)
    while now() < until:
        wait = max(1, min(20, int(until - now())))
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
        mine = []
        # All of them before an answer is returned: a message that is not given back is invisible for 30 seconds.
        for row in found.get("Messages", ()):
            body, handle = json.loads(row["Body"]), row["ReceiptHandle"]
            if body["to"] == ENVIRONMENT:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
                mine.append(body)
            else:
                sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
                time.sleep(0.02)  # so that the environment that it is for is next
        for body in mine:
            if body["id"] != message_id:
                continue  # the answer to an event that was given up
            until = deadline
            parts |= {body["part"]: body["data"]} if "part" in body else {}
            if parts and len(parts) == body.get("of"):
                return unpacked(parts)
    raise LiveSessionError("no word of it in time" if until != deadline else "no answer before the timeout")


def _failed(event: Any, text: str) -> Any:
    """The error as the answer of an API, whose caller would read `Internal Server Error` instead; else raised."""
    if isinstance(event, dict) and ("httpMethod" in event or "http" in (event.get("requestContext") or {})):
        body = json.dumps({"error": text})
        return {"statusCode": 502, "headers": {"content-type": "application/json"}, "body": body}
    raise LiveSessionError(text)


@cache
def _place() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("live.json").read_text())
    return found


@cache
def _sqs() -> Any:
    import boto3
    from botocore.config import Config

    # A subnet without a path to SQS is an error in seconds, not after the timeout of the function.
    return boto3.client("sqs", config=Config(connect_timeout=2, read_timeout=25, retries={"max_attempts": 1}))


def _credentials() -> dict[str, str]:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return {name: os.environ[name] for name in names if name in os.environ}
