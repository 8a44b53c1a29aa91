"""What DescribeStacks and change sets show of a stack, and when a change set is refused.

ministack 1.5.33 shows the value of a parameter from the Parameter Store in the place of its name, forgets
NotificationARNs and RoleARN, shows no ParentId and RootId of a nested stack, and makes change sets for a stack that
was rolled back while it was created.
Source: CloudFormation API reference, Parameter (ResolvedValue), Stack, CreateChangeSet; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from xml.etree import ElementTree

from ministack.services.cloudformation import _change_sets, helpers

from aurora_cfn.local.cloudformation.records import (
    change_set_of,
    stack_by_arn,
    stack_of,
    tag,
    with_elements,
    with_new_change_sets,
)
from aurora_cfn.local.replacing import Inner, replace_actions
from aurora_cfn.model.stack import NO_ECHO

TOPICS, ROLE = "_notification_arns", "_role_arn"
ONLY_DELETED = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"})
"""States after which a stack can only be deleted."""


def install() -> None:
    """Replace the actions that make, change and describe stacks."""
    replace_actions({"CreateStack": _noting, "UpdateStack": _noting, "CreateChangeSet": _noting_of_change_set})
    replace_actions({
        "CreateChangeSet": _refusing, "ExecuteChangeSet": _taking,
        "DescribeStacks": partial(_completing, _complete_stack, "Stacks"),
        "DescribeChangeSet": partial(_completing, _complete_change_set, "DescribeChangeSetResult"),
    })  # fmt: skip


def kept_of(parameters: Any) -> dict[str, Any]:
    """The topics and the service role of a request; without those that it does not name, which a stack keeps."""
    found: dict[str, Any] = {}
    # An empty list is sent as the bare name: it removes the topics.
    if "NotificationARNs" in parameters or "NotificationARNs.member.1" in parameters:
        found[TOPICS] = helpers._extract_string_members(parameters, "NotificationARNs")
    role = helpers._p(parameters, "RoleARN")
    return found | ({ROLE: role} if role else {})


def _noting(inner: Inner, parameters: Any) -> Any:
    answer = inner(parameters)
    stack = stack_of(parameters)
    if answer[0] < 400 and stack is not None:
        stack |= kept_of(parameters)
    return answer


def _noting_of_change_set(inner: Inner, parameters: Any) -> Any:
    answer, made = with_new_change_sets(inner, parameters)
    for row in made:
        row |= kept_of(parameters)
    return answer


def _taking(inner: Inner, parameters: Any) -> Any:
    found = change_set_of(parameters) or {}
    answer = inner(parameters)
    stack = stack_by_arn(found.get("StackId", ""))
    if answer[0] < 400 and stack is not None:
        stack |= {key: found[key] for key in (TOPICS, ROLE) if key in found}
    return answer


def _refusing(inner: Inner, parameters: Any) -> Any:
    stack = stack_of(parameters)
    if stack is None or stack["StackStatus"] not in ONLY_DELETED:
        return inner(parameters)
    if helpers._p(parameters, "ChangeSetType", "UPDATE") == "CREATE":
        name = helpers._p(parameters, "ChangeSetName")
        words = f"Stack [{stack['StackName']}] already exists and cannot be created again with the changeSet [{name}]."
    else:
        words = f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated."
    return helpers._error("ValidationError", words)


def _completing(complete: Callable[[ElementTree.Element], None], label: str, inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    return status, headers, body if status >= 400 else with_elements(body, label, complete)


def _complete_stack(stacks: ElementTree.Element) -> None:
    for member in stacks.findall(tag("member")):
        stack = stack_by_arn(member.findtext(tag("StackId")) or "")
        if stack is not None:
            _show_parameters(member, stack.get("_resolved_params", {}))
            _show_topics(member, stack.get(TOPICS, []))
            _show_parents(member, stack.get("ParentId", ""))
            if stack.get(ROLE):
                ElementTree.SubElement(member, tag("RoleARN")).text = stack[ROLE]


def _complete_change_set(result: ElementTree.Element) -> None:
    found = _change_sets.get(result.findtext(tag("ChangeSetId")) or "")
    if found is not None:
        _show_parameters(result, found.get("_resolved_params", {}))
        stack = stack_by_arn(found["StackId"]) or {}
        _show_topics(result, found.get(TOPICS, stack.get(TOPICS, [])))


def _show_parameters(element: ElementTree.Element, resolved: dict[str, Any]) -> None:
    """A parameter from the Parameter Store has its name as value, and what the name stands for beside it."""
    for member in element.iterfind(f"{tag('Parameters')}/{tag('member')}"):
        row = resolved.get(member.findtext(tag("ParameterKey")) or "")
        value = member.find(tag("ParameterValue"))
        if not isinstance(row, dict) or "SsmName" not in row or value is None:
            continue
        hidden = bool(row.get("NoEcho"))
        value.text = NO_ECHO if hidden else str(row["SsmName"])
        ElementTree.SubElement(member, tag("ResolvedValue")).text = NO_ECHO if hidden else str(row["Value"])


def _show_parents(element: ElementTree.Element, parent: str) -> None:
    """The stack that one is nested in, and the outermost one, both by ARN."""
    root = parent
    while above := (stack_by_arn(root) or {}).get("ParentId"):
        root = above
    for name, arn in {"ParentId": parent, "RootId": root}.items() if parent else ():
        ElementTree.SubElement(element, tag(name)).text = arn


def _show_topics(element: ElementTree.Element, topics: Iterable[str]) -> None:
    for present in element.findall(tag("NotificationARNs")):
        element.remove(present)
    rows = ElementTree.SubElement(element, tag("NotificationARNs"))
    for topic in topics:
        ElementTree.SubElement(rows, tag("member")).text = topic
