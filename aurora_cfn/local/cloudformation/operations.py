"""What CloudFormation does while it works on a stack: event reasons, exports in use, stack policies, going forward."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from typing import Any

from ministack.services.cloudformation import _exports, _stack_events, _stacks, handlers, provisioners, stacks

from aurora_cfn.local.cloudformation.records import Record, change_set_of, stack_by_arn, stack_of
from aurora_cfn.local.replacing import Inner, everywhere, replace, replace_actions
from aurora_cfn.model.stack import stack_name_of

NO_EXPORT = re.compile(r"Export '(.+)' not found")
FAILED = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
UPDATABLE = "UPDATE_ROLLBACK_COMPLETE"
"""The state in which ministack 1.5.33 accepts an update."""


def install() -> None:
    """Wrap what records events, resolves outputs, updates resources and begins an update."""
    everywhere("_add_event", _with_reason)
    everywhere("_resolve_stack_outputs", _checking_exports)
    replace(stacks, "_update_resource", _checking_policy)
    replace_actions(dict.fromkeys(("UpdateStack", "ExecuteChangeSet"), _going_forward))


def _with_reason(inner: Inner, stack_id: str, stack: str, logical: str, kind: str, status: str, reason: str = "",
                 *more: Any, **named: Any) -> Any:  # fmt: skip
    return inner(stack_id, stack, logical, kind, status, event_reason(stack_id, status, reason), *more, **named)


def event_reason(stack_id: str, status: str, reason: str) -> str:
    """The reason of an event as CloudFormation gives it."""
    reason = NO_EXPORT.sub(r"No export named \1 found.", str(reason))
    if status == "ROLLBACK_IN_PROGRESS" and reason == "Rollback requested":
        rows = _stack_events.get(stack_id) or []
        failed = sorted({row["LogicalResourceId"] for row in rows if row["ResourceStatus"] == "CREATE_FAILED"})
        sentence = f"The following resource(s) failed to create: [{', '.join(failed)}]. " if failed else ""
        return f"{sentence}Rollback requested by user."
    return "" if status == "ROLLBACK_COMPLETE" and reason == "Rollback complete" else reason


def _checking_exports(inner: Inner, *arguments: Any) -> Any:
    stack_name, stack_id = arguments[-2:]
    outputs, exports = inner(*arguments)
    # Copied, here and in `importers`: other stacks work in other threads.
    own = {name: row for name, row in list(_exports.items()) if row.get("StackId") == stack_id}
    for name, row in own.items():
        users = importers(name, stack_name)
        if users and name not in exports:
            raise ValueError(f"Export {name} cannot be deleted as it is in use by {' and '.join(users)}")
        if users and exports[name]["Value"] != row["Value"]:
            raise ValueError(f"Export {name} cannot be updated as it is in use by {' and '.join(users)}")
    _refuse_foreign(exports, stack_id)
    for name in own:
        if name not in exports:
            _exports.pop(name, None)
    return outputs, exports


def importers(export: str, but: str) -> list[str]:
    """Names of the stacks that import an export."""
    return sorted(
        name
        for name, stack in list(_stacks.items())
        if name != but
        and "DELETE_COMPLETE" not in stack.get("StackStatus", "")
        and export in handlers._imported_export_names(stack, name)
    )


def _refuse_foreign(exports: dict[str, Any], stack_id: str) -> None:
    for name in exports:
        other = _exports.get(name)
        if other and other.get("StackId") != stack_id:
            exporter = stack_name_of(other["StackId"])
            raise ValueError(f"Export with name {name} is already exported by stack {exporter}")


def _checking_policy(
    inner: Inner, kind: str, physical: str, old: Any, new: Any, stack: str, logical: str = "", *more: Any
) -> Any:
    if old != new:
        action = "Replace" if provisioners._replacing_change(kind, old, new) else "Modify"
        refuse_by_policy(stack, action, logical, kind)
    return inner(kind, physical, old, new, stack, logical, *more)


def refuse_by_policy(stack_name: str, action: str, logical_id: str, kind: str) -> None:
    """Raise ValueError in CloudFormation's words when the stack's policy denies the action."""
    stack = _stacks.get(stack_name) or {}
    if stack.get("StackStatus") != "UPDATE_IN_PROGRESS" or not stack.get("_stack_policy"):
        return
    denied = policy_denial(json.loads(stack["_stack_policy"]), f"Update:{action}", logical_id, kind)
    if denied:
        raise ValueError(denied)


def policy_denial(policy: dict[str, Any], action: str, logical_id: str, kind: str) -> str | None:
    """Why the policy denies the action on the resource, or None."""
    statements = policy.get("Statement") or []
    statements = [statements] if isinstance(statements, dict) else statements
    matching = [
        (number, row)
        for number, row in enumerate(statements, 1)
        if _matches(row, "Action", action)
        and _matches({"Resource": "*"} | row, "Resource", f"LogicalResourceId/{logical_id}")
        and _holds(row, kind)
    ]
    denying = next((number for number, row in matching if row.get("Effect") == "Deny"), None)
    where = f"does not allow [{action}] for resource [LogicalResourceId/{logical_id}]"
    # A Deny counts before any Allow, and what no Allow matches is denied (CloudFormation User Guide, stack policies).
    if denying:
        return f"Action denied by stack policy: Statement [#{denying}] {where}"
    if not any(row.get("Effect") == "Allow" for _, row in matching):
        return f"Action denied by stack policy: no statement allows [{action}] for [LogicalResourceId/{logical_id}]"
    return None


def _matches(row: dict[str, Any], element: str, value: str) -> bool:
    """Whether the element of the statement, such as Action, or else its opposite, such as NotAction, matches."""
    opposite = f"Not{element}" in row
    patterns = _listed(row[f"Not{element}"] if opposite else row.get(element))
    return any(fnmatchcase(value, each) for each in patterns) is not opposite


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


def _going_forward(inner: Inner, parameters: Any) -> Any:
    """An update of a stack that failed and was not rolled back: CloudFormation accepts it, ministack does not."""
    stack: Record = stack_of(parameters) or stack_by_arn((change_set_of(parameters) or {}).get("StackId", "")) or {}
    status = stack.get("StackStatus")
    if status not in FAILED or not stack.get("_failed_operation"):
        return inner(parameters)
    # ministack accepts updates in this state only, and keeps what failed: the stack has it for the request alone.
    stack["StackStatus"] = UPDATABLE
    try:
        return inner(parameters)
    finally:
        if stack["StackStatus"] == UPDATABLE:  # refused: nothing has begun
            stack["StackStatus"] = status
