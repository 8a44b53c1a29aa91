"""What CloudFormation does while it works on a stack: exports in use, stack policies, updates of a failed stack."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from ministack.services.cloudformation import _exports, _stacks, handlers, helpers, provisioners, stacks

from aurora_cfn.local.cloudformation.records import Record, change_set_of, stack_by_arn, stack_of
from aurora_cfn.local.replacing import Inner, everywhere, replace, replace_actions
from aurora_cfn.model.stack import stack_name_of

FAILED = frozenset({"CREATE_FAILED", "UPDATE_FAILED"})
OF_THIS_UPDATE = "_policy_of_this_update"
UPDATABLE = "UPDATE_ROLLBACK_COMPLETE"
"""The state in which ministack 1.5.33 accepts an update."""


def install() -> None:
    """Replace what resolves outputs, updates resources and begins an update."""
    everywhere("_resolve_stack_outputs", _checking_exports)
    replace(stacks, "_update_resource", _checking_policy)
    replace_actions(dict.fromkeys(("UpdateStack", "ExecuteChangeSet"), _going_forward))
    replace_actions({"UpdateStack": _with_own_policy})


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
    policy = stack.get(OF_THIS_UPDATE) or stack.get("_stack_policy")
    if stack.get("StackStatus") != "UPDATE_IN_PROGRESS" or not policy:
        return
    denied = policy_denial(json.loads(policy), f"Update:{action}", logical_id, kind)
    if denied:
        raise ValueError(denied)


def _with_own_policy(inner: Inner, parameters: Any) -> Any:
    """An update that brings a policy, which stands in place of the stack's while it runs."""
    stack = stack_of(parameters)
    if stack is None:
        return inner(parameters)
    policy, refusal = helpers._resolve_document(
        parameters, "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL", "Stack policy"
    )
    if refusal:
        return refusal
    before = stack.get(OF_THIS_UPDATE)
    stack[OF_THIS_UPDATE] = policy
    answer = inner(parameters)
    if answer[0] >= 400:
        stack[OF_THIS_UPDATE] = before  # another update may be running
    return answer


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
