"""Change sets as CloudFormation makes them.

A stack that waits for its first change set is one stack: each further change set joins it, and all are listed by its
ARN. ministack 1.5.33 makes a new stack for every change set of type CREATE, forgets the earlier one when it refuses
one, lists and finds by the stack's name only, and does not say which change set a stack executed last. A change of
outputs alone is a change. IncludePropertyValues shows each property before and after.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from ministack.services.cloudformation import _change_sets, _stack_events, _stacks, engine, helpers
from ministack.services.cloudformation.provisioners import _REPLACING_PROPERTIES

from aurora_cfn.local.cloudformation.records import (
    change_set_of,
    stack_by_arn,
    stack_of,
    tag,
    with_elements,
    with_new_change_sets,
)
from aurora_cfn.local.replacing import Inner, everywhere, replace_actions
from aurora_cfn.model.stack import NO_ECHO, stack_name_of
from aurora_cfn.template.resource_schema import schema

WAITING = "REVIEW_IN_PROGRESS"
NO_CHANGES = "didn't contain changes"
# Key of a resolved template under which it is kept once more, with the values of NoEcho parameters hidden.
SHOWN = "_shown"


def install() -> None:
    """Wrap the actions of change sets, and the comparison that makes one."""
    everywhere("_resolve_props_for_diff", _with_shown)
    everywhere("_diff_resources", _noting)
    # By the stack's name only: a request may give its ARN.
    everywhere("_find_change_set", lambda inner, name, stack="": inner(name, stack_name_of(stack) if stack else ""))
    everywhere("_property_recreation", _by_schema)
    replace_actions({"CreateChangeSet": _joining, "ListChangeSets": _by_arn_too, "DescribeStacks": _with_change_set})
    # Around `_joining`: what is put in place last is called first.
    replace_actions({"CreateChangeSet": _with_output_changes, "DescribeChangeSet": _showing})


def _by_schema(inner: Inner, kind: str, name: str) -> str:
    """For types of which ministack knows no replacing properties, and says that each property may replace."""
    rules = None if kind in _REPLACING_PROPERTIES else schema(kind)
    if rules is None:
        return str(inner(kind, name))
    if (name,) in rules.create_only:
        return "Always"
    # Of a nested property one value of the whole changes: which one is not known here.
    doubtful = any(pointer[0] == name for pointer in (*rules.create_only, *rules.conditional))
    return "Conditionally" if doubtful else "Never"


def _joining(inner: Inner, parameters: Any) -> Any:
    waiting = stack_of(parameters)
    if waiting is None or waiting["StackStatus"] != WAITING:
        return inner(parameters)
    name, before = waiting["StackName"], waiting["StackId"]
    status, headers, body = inner(parameters)
    # ministack forgets the waiting stack when it refuses the change set: it is put back.
    after = _stacks.setdefault(name, waiting)["StackId"]
    if after == before:
        return status, headers, body
    _join(name, before, after)
    return status, headers, body.replace(after.encode(), before.encode())


def _join(name: str, before: str, after: str) -> None:
    """Give the stack of that name the ARN that it had before."""
    _stacks[name]["StackId"] = before
    _stack_events.pop(after, None)
    for row in _change_sets.values():
        if row["StackId"] == after:
            row["StackId"] = before


def _by_arn_too(inner: Inner, parameters: Any) -> Any:
    stack = stack_of(parameters)
    if stack is None:
        return inner(parameters)
    _forget(stack)
    return inner({**parameters, "StackName": [stack["StackName"]]})


def _with_change_set(inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    for stack, change_set in _executed().items():
        known = f"<StackId>{stack}</StackId>".encode()
        body = body.replace(known, known + f"<ChangeSetId>{change_set}</ChangeSetId>".encode())
    return status, headers, body


def _executed() -> dict[str, str]:
    """ARN of a stack to that of the change set executed on it last; neither has characters to escape in XML."""
    # Oldest first: of several of one stack the last one stays in the mapping.
    rows = sorted(_change_sets.values(), key=lambda row: str(row["CreationTime"]))
    return {row["StackId"]: row["ChangeSetId"] for row in rows if row["ExecutionStatus"].startswith("EXECUTE")}


def _forget(stack: dict[str, Any]) -> None:
    """Drop the change sets of deleted stacks that had the same name."""
    for arn, row in list(_change_sets.items()):
        if row["StackName"] == stack["StackName"] and row["StackId"] != stack["StackId"]:
            del _change_sets[arn]


def _with_output_changes(inner: Inner, parameters: Any) -> Any:
    answer, made = with_new_change_sets(inner, parameters)
    for row in made:
        _allow_output_changes(row)
    return answer


def _allow_output_changes(made: dict[str, Any]) -> None:
    stack = stack_by_arn(made["StackId"])
    if stack is None or made["ChangeSetType"] != "UPDATE" or NO_CHANGES not in (made["StatusReason"] or ""):
        return
    old, new = (row.get("_template", {}).get("Outputs", {}) for row in (stack, made))
    if old != new:
        made.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")


def _with_shown(inner: Inner, template: Any, params: dict[str, Any], *more: Any) -> Any:
    template = _active(template, params)
    found = inner(template, params, *more)
    masked = {name: row | {"Value": NO_ECHO} if row.get("NoEcho") else row for name, row in (params or {}).items()}
    return {**found, SHOWN: inner(template, masked, *more).get("Resources", {})} if found else found


def _active(template: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The template without the resources whose condition is false: CloudFormation does not list them as changes."""
    if not template or not template.get("Conditions"):
        return template
    conditions = engine._evaluate_conditions(template, params)
    rows = template.get("Resources", {}).items()
    return {**template, "Resources": {name: row for name, row in rows if conditions.get(row.get("Condition"), True)}}


def _noting(inner: Inner, old: Any, new: Any, *more: Any, **named: Any) -> Any:
    changes = inner(old, new, *more, **named)
    before, after = old.get(SHOWN, {}), new.get(SHOWN, {})
    for change in changes:
        row = change["ResourceChange"]
        name = row["LogicalResourceId"]
        row["_before"], row["_after"] = _context(before.get(name)), _context(after.get(name))
    return changes


def _context(resource: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if resource is None else {key: resource[key] for key in resource if key not in ("Type", "Condition")}


def _showing(inner: Inner, parameters: Any) -> Any:
    found = change_set_of(parameters)
    if not found:
        return inner(parameters)
    with _masked(found):
        status, headers, body = inner(parameters)
    if helpers._p(parameters, "IncludePropertyValues").lower() != "true":
        return status, headers, body
    return status, headers, shown(body, [row["ResourceChange"] for row in found.get("Changes", [])])


@contextmanager
def _masked(found: dict[str, Any]) -> Iterator[None]:
    """Hide the parameters that the template declares NoEcho while the answer is written; ministack shows them."""
    kept = found.get("Parameters", [])
    secret = {name for name, row in found.get("_resolved_params", {}).items() if row.get("NoEcho")}
    found["Parameters"] = [row | {"ParameterValue": NO_ECHO} if row["ParameterKey"] in secret else row for row in kept]
    try:
        yield
    finally:
        found["Parameters"] = kept


def shown(body: bytes, changes: list[dict[str, Any]]) -> bytes:
    """The answer with the values added to its changes, which are in the same order."""
    following = iter(changes)

    def complete(element: ElementTree.Element) -> None:
        change = next(following, {})
        before, after = change.get("_before"), change.get("_after")
        for name, context in (("BeforeContext", before), ("AfterContext", after)):
            if context is not None:
                _add(element, name, json.dumps(context, separators=(",", ":"), default=str))
        for target in element.iter(tag("Target")):
            _complete(target, before or {}, after or {})

    return with_elements(body, "ResourceChange", complete)


def _complete(target: ElementTree.Element, before: dict[str, Any], after: dict[str, Any]) -> None:
    attribute, name = target.findtext(tag("Attribute")) or "", target.findtext(tag("Name"))
    old, new = before.get(attribute), after.get(attribute)
    if attribute == "Properties" and name:
        old, new = (old or {}).get(name), (new or {}).get(name)
    _add(target, "Path", f"/{attribute}/{name}" if name else f"/{attribute}")
    kind = "Add" if old is None else "Remove" if new is None else "Modify"
    for label, value in (("BeforeValue", old), ("AfterValue", new)):
        if value is not None:
            _add(target, label, value if isinstance(value, str) else json.dumps(value, default=str))
    _add(target, "AttributeChangeType", kind)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, tag(name)).text = text
