"""Refusals of whole requests, in CloudFormation's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

WORDS = (
    (rb"Export (\S+) is imported by stack ([^<]+)", rb"Export \1 cannot be deleted as it is in use by \2"),
    (
        rb"Stack \[([^\]]+)\] is in (\S+) state and cannot be updated",
        b"Stack:%s is in \\2 state and can not be updated.",
    ),
)


def install() -> None:
    """Wrap the answers of the actions that change stacks."""
    from ministack.services.cloudformation import handlers

    for name in ("DeleteStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet"):
        handlers._ACTION_HANDLERS[name] = _worded(handlers._ACTION_HANDLERS[name])


def _worded(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        status, headers, body = inner(parameters)
        return (status, headers, reworded(body)) if status >= 400 else (status, headers, body)

    return action


def reworded(body: bytes) -> bytes:
    """The body of a refusal with ministack's sentences replaced."""
    imported, updating = WORDS
    body = re.sub(*imported, body)
    match = re.search(updating[0], body)
    if match is None:
        return body
    return re.sub(updating[0], updating[1].replace(b"%s", _stack_id(match[1])), body)


def _stack_id(name: bytes) -> bytes:
    from ministack.services.cloudformation import _stacks

    stack = _stacks.get(name.decode()) or {}
    return str(stack.get("StackId", name.decode())).encode()
