"""Stack policies: an update of a protected resource is denied. With a policy, what it does not allow is denied."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any


def install() -> None:
    """Check each resource that an update touches."""
    from ministack.services.cloudformation import provisioners, stacks

    inner = stacks._update_resource

    def update(kind: str, physical: str, old: Any, new: Any, stack: str, logical: str = "", *more: Any) -> Any:
        if old != new:
            action = "Replace" if provisioners._replacing_change(kind, old, new) else "Modify"
            refuse(stack, action, logical, kind)
        return inner(kind, physical, old, new, stack, logical, *more)

    stacks._update_resource = update


def refuse(stack_name: str, action: str, logical_id: str, kind: str) -> None:
    """Raise ValueError in CloudFormation's words when the stack's policy denies the action."""
    from ministack.services.cloudformation import _stacks

    stack = _stacks.get(stack_name) or {}
    if stack.get("StackStatus") != "UPDATE_IN_PROGRESS" or not stack.get("_stack_policy"):
        return
    denied = denial(json.loads(stack["_stack_policy"]), f"Update:{action}", logical_id, kind)
    if denied:
        raise ValueError(denied)


def denial(policy: dict[str, Any], action: str, logical_id: str, kind: str) -> str | None:
    """Why the policy denies the action on the resource, or None."""
    statements = policy.get("Statement") or []
    statements = [statements] if isinstance(statements, dict) else statements
    matching = [
        (number, row)
        for number, row in enumerate(statements, 1)
        if _acts(row, action) and _covers(row, f"LogicalResourceId/{logical_id}") and _holds(row, kind)
    ]
    denying = next((number for number, row in matching if row.get("Effect") == "Deny"), None)
    where = f"does not allow [{action}] for resource [LogicalResourceId/{logical_id}]"
    if denying:
        return f"Action denied by stack policy: Statement [#{denying}] {where}"
    if not any(row.get("Effect") == "Allow" for _, row in matching):
        return f"Action denied by stack policy: no statement allows [{action}] for [LogicalResourceId/{logical_id}]"
    return None


def _acts(row: dict[str, Any], action: str) -> bool:
    if "NotAction" in row:
        return not any(fnmatchcase(action, each) for each in _listed(row["NotAction"]))
    return any(fnmatchcase(action, each) for each in _listed(row.get("Action")))


def _covers(row: dict[str, Any], resource: str) -> bool:
    if "NotResource" in row:
        return not any(fnmatchcase(resource, each) for each in _listed(row["NotResource"]))
    return any(fnmatchcase(resource, each) for each in _listed(row.get("Resource", "*")))


def _holds(row: dict[str, Any], kind: str) -> bool:
    conditions = row.get("Condition") or {}
    for operator, wanted in conditions.items():
        kinds = _listed(wanted.get("ResourceType"))
        hit = any(fnmatchcase(kind, each) if operator == "StringLike" else kind == each for each in kinds)
        if not hit:
            return False
    return True


def _listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)
