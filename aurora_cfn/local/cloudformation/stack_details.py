"""What is shown of a stack and of its change sets.

ministack 1.5.33 shows the value of a parameter from the Parameter Store in place of its name, forgets
NotificationARNs, RoleARN, RollbackConfiguration and TimeoutInMinutes, shows an update that never was and no ParentId
and RootId of a nested stack, and finds no stack by one of its resources.
Source: CloudFormation API reference, Parameter (ResolvedValue), Stack, CreateChangeSet; read 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from xml.etree import ElementTree

from ministack.services.cloudformation import _change_sets, _stacks, helpers

from aurora_cfn.local.cloudformation.operation_limits import ALARMS, MINUTES, configuration_of
from aurora_cfn.local.cloudformation.records import (
    NAMESPACE,
    change_set_of,
    stack_by_arn,
    stack_of,
    tag,
    with_elements,
    with_new_change_sets,
    xml,
)
from aurora_cfn.local.replacing import Inner, everywhere, replace_actions
from aurora_cfn.model.stack import NO_ECHO

TOPICS, ROLE = "_notification_arns", "_role_arn"
NEVER_EMPTY = re.compile(
    r"<(StackStatusReason|ResourceStatusReason|StatusReason|LastUpdatedTime|Description)></\1>"
    r"|<ChangeSetType>[^<]*</ChangeSetType>"
)
"""Left out of an answer rather than empty, since SDKs cannot read an empty time; the last is no member of any."""


def install() -> None:
    """Replace the actions that make, change and describe stacks."""
    everywhere("_xml", lambda inner, status, root, text: inner(status, root, NEVER_EMPTY.sub("", text)))
    replace_actions({"CreateStack": _noting, "UpdateStack": _noting, "CreateChangeSet": _noting_of_change_set})
    replace_actions({
        "CreateStack": _never_updated, "ExecuteChangeSet": _taking, "DescribeStackResources": _by_physical_id,
        "ListStacks": partial(_completing, _complete_summaries, "StackSummaries"),
        "DescribeStacks": partial(_completing, _complete_stack, "Stacks"),
        "DescribeChangeSet": partial(_completing, _complete_change_set, "DescribeChangeSetResult"),
    })  # fmt: skip


def kept_of(parameters: Any) -> dict[str, Any]:
    """Topics, service role and alarms of a request; without those that it does not name, which a stack keeps."""
    found: dict[str, Any] = {}
    # An empty list is sent as the bare name: it removes the topics.
    if "NotificationARNs" in parameters or "NotificationARNs.member.1" in parameters:
        found[TOPICS] = helpers._extract_string_members(parameters, "NotificationARNs")
    alarms = configuration_of(parameters)
    if alarms is not None:
        found[ALARMS] = alarms
    role = helpers._p(parameters, "RoleARN")
    return found | ({ROLE: role} if role else {})


def _noting(inner: Inner, parameters: Any) -> Any:
    answer = inner(parameters)
    stack = stack_of(parameters)
    if answer[0] < 400 and stack is not None:
        stack |= kept_of(parameters)
    return answer


def _never_updated(inner: Inner, parameters: Any) -> Any:
    answer = inner(parameters)
    stack = stack_of(parameters)
    if answer[0] < 400 and stack is not None:
        stack.pop("LastUpdatedTime", None)
        stack[MINUTES] = helpers._p(parameters, "TimeoutInMinutes")
    return answer


def _by_physical_id(inner: Inner, parameters: Any) -> Any:
    wanted = helpers._p(parameters, "PhysicalResourceId")
    if not wanted or helpers._p(parameters, "StackName"):
        return inner(parameters)
    for stack in list(_stacks.values()):
        if any(row.get("PhysicalResourceId") == wanted for row in stack.get("_resources", {}).values()):
            return inner({**parameters, "StackName": [stack["StackId"]]})
    return helpers._error("ValidationError", f"Stack for {wanted} does not exist")


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
        stack |= {key: found[key] for key in (TOPICS, ROLE, ALARMS) if key in found}
    return answer


def _completing(complete: Callable[[ElementTree.Element], None], label: str, inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    return status, headers, body if status >= 400 else with_elements(body, label, complete)


def _complete_stack(stacks: ElementTree.Element) -> None:
    for member in stacks.findall(tag("member")):
        stack = stack_by_arn(member.findtext(tag("StackId")) or "")
        if stack is not None:
            for name, key in (("TimeoutInMinutes", MINUTES), ("DeletionTime", "DeletionTime")):
                if stack.get(key):
                    ElementTree.SubElement(member, tag(name)).text = str(stack[key])
            _show_parameters(member, stack.get("_resolved_params", {}))
            _show_topics(member, stack.get(TOPICS, []))
            _show_alarms(member, stack.get(ALARMS, {}))
            _show_parents(member, stack.get("ParentId", ""))
            if stack.get(ROLE):
                ElementTree.SubElement(member, tag("RoleARN")).text = stack[ROLE]


def _complete_summaries(stacks: ElementTree.Element) -> None:
    for member in stacks.findall(tag("member")):
        stack = stack_by_arn(member.findtext(tag("StackId")) or "") or {}
        _show_parents(member, str(stack.get("ParentId") or ""))


def _complete_change_set(result: ElementTree.Element) -> None:
    found = _change_sets.get(result.findtext(tag("ChangeSetId")) or "")
    if found is not None:
        _show_parameters(result, found.get("_resolved_params", {}))
        stack = stack_by_arn(found["StackId"]) or {}
        _show_topics(result, found.get(TOPICS, stack.get(TOPICS, [])))
        _show_alarms(result, found.get(ALARMS, stack.get(ALARMS, {})))


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


def _show_alarms(element: ElementTree.Element, alarms: dict[str, Any]) -> None:
    element.append(
        ElementTree.fromstring(f'<RollbackConfiguration xmlns="{NAMESPACE}">{xml(alarms)}</RollbackConfiguration>')
    )
