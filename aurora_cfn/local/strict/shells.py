"""A stack that waits for its first change set is one stack: each further one joins it, and all are listed by its ARN.

ministack 1.5.33 makes a new stack for every change set of type CREATE, forgets the one before when it refuses one,
lists by name only, and does not tell which change set a stack took last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SHELL = "REVIEW_IN_PROGRESS"


def install() -> None:
    """Wrap the actions."""
    from ministack.services.cloudformation import handlers

    wrapped = {"CreateChangeSet": _joining, "ListChangeSets": _by_arn_too, "DescribeStacks": _with_change_set}
    for name, wrap in wrapped.items():
        handlers._ACTION_HANDLERS[name] = wrap(handlers._ACTION_HANDLERS[name])


def _joining(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        from ministack.services.cloudformation import _stacks

        shell = _found(parameters)
        if shell is None or shell["StackStatus"] != SHELL:
            return inner(parameters)
        name, before = shell["StackName"], shell["StackId"]
        status, headers, body = inner(parameters)
        after = _stacks.setdefault(name, shell)["StackId"]
        if after == before:
            return status, headers, body
        _join(name, before, after)
        return status, headers, body.replace(after.encode(), before.encode())

    return action


def _join(name: str, before: str, after: str) -> None:
    """Give the stack of that name the ARN that it had before."""
    from ministack.services.cloudformation import _change_sets, _stack_events, _stacks

    _stacks[name]["StackId"] = before
    _stack_events.pop(after, None)
    for row in _change_sets.values():
        if row["StackId"] == after:
            row["StackId"] = before


def _by_arn_too(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        stack = _found(parameters)
        if stack is None:
            return inner(parameters)
        _forget(stack)
        return inner({**parameters, "StackName": [stack["StackName"]]})

    return action


def _with_change_set(inner: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def action(parameters: Any) -> Any:
        status, headers, body = inner(parameters)
        for stack, change_set in _executed().items():
            told = f"<StackId>{stack}</StackId>".encode()
            body = body.replace(told, told + f"<ChangeSetId>{change_set}</ChangeSetId>".encode())
        return status, headers, body

    return action


def _executed() -> dict[str, str]:
    """ARN of the stack to that of the change set that was executed on it last; their ARNs need no escaping."""
    from ministack.services.cloudformation import _change_sets

    rows = sorted(_change_sets.values(), key=lambda row: str(row["CreationTime"]))
    return {row["StackId"]: row["ChangeSetId"] for row in rows if row["ExecutionStatus"].startswith("EXECUTE")}


def _forget(stack: dict[str, Any]) -> None:
    """Drop the change sets of stacks of that name that are gone: they went with their stack."""
    from ministack.services.cloudformation import _change_sets

    gone = [
        arn
        for arn, row in _change_sets.items()
        if row["StackName"] == stack["StackName"] and row["StackId"] != stack["StackId"]
    ]
    for arn in gone:
        del _change_sets[arn]


def _found(parameters: Any) -> dict[str, Any] | None:
    from ministack.services.cloudformation import handlers, helpers

    stack: dict[str, Any] | None = handlers._resolve_stack(helpers._p(parameters, "StackName"))
    return stack
