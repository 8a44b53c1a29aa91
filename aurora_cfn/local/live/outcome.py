"""What the runner gives back for an invocation, and the errors that Lambda itself answers with.

Shapes: Lambda developer guide, "Understanding retry behavior" and "Lambda quotas" (read 2026-11); the messages of
timeouts and exits are those that Invoke returns.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

LARGEST_ANSWER = 6_291_556
"""Bytes of a synchronous answer: 6 MB and the room for the envelope (message of Function.ResponseSizeTooLarge)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer of the handler or the error, and what was logged."""

    body: Any
    error: bool = False
    log: str = ""

    def wire(self) -> bytes:
        """As JSON."""
        return json.dumps(asdict(self)).encode()


def answered(text: str, log: str) -> Outcome:
    """The result of a handler, which is JSON text; an error if it is too large for Lambda."""
    size = len(text.encode())
    if size > LARGEST_ANSWER:
        what = f"Response payload size exceeded maximum allowed payload size ({LARGEST_ANSWER} bytes)."
        return failed({"errorMessage": what, "errorType": "Function.ResponseSizeTooLarge"}, log)
    return Outcome(json.loads(text), log=log)


def failed(shape: dict[str, Any], log: str) -> Outcome:
    """An error of the handler, already in Lambda's shape."""
    return Outcome(shape, error=True, log=log)


def timed_out(request_id: str, seconds: float, log: str) -> Outcome:
    """The function did not answer within its timeout."""
    what = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return failed({"errorMessage": what, "errorType": "Sandbox.Timedout"}, log)


def exited(request_id: str, why: str, log: str) -> Outcome:
    """The process of the function ended; `why` is Lambda's sentence for the exit code."""
    return failed({"errorMessage": f"RequestId: {request_id} Error: {why}", "errorType": "Runtime.ExitError"}, log)
