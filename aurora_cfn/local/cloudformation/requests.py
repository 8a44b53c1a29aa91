"""Requests that CloudFormation refuses before it creates anything: parameters, references, circles, format."""

from __future__ import annotations

import re
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services.cloudformation import _stacks

from aurora_cfn.local.cloudformation.template_format import format_refusal
from aurora_cfn.local.cloudformation.template_reading import text
from aurora_cfn.local.replacing import Inner, everywhere, replace_actions
from aurora_cfn.template.mentions import arguments, attributes

PARAMETER_MESSAGES = (
    (r"Parameter '(\S+)' value '.*' is not in AllowedValues: .*", r"Parameter '\1' must be one of AllowedValues"),
    (r"Parameter '(\S+)' value '.*' is not a valid Number", r"Parameter '\1' must be a number"),
)
ITEM_CONSTRAINTS = frozenset({"AllowedValues", "AllowedPattern"})
"""Constraints of a list parameter that each of its items has to meet."""
UNKNOWN_TYPES = re.compile(r"Template format error: Unrecognized resource types: \[(.*)\]")
EXPORT_IN_USE = (
    rb"Export (\S+) is imported by stack ([^<]+)",
    rb"Export \1 cannot be deleted as it is in use by \2",
)
NOT_UPDATABLE = re.compile(rb"Stack \[([^\]]+)\] is in (\S+) state and cannot be updated")


def install() -> None:
    """Wrap what resolves parameters, what checks templates, and the refusals of the actions that change stacks."""
    everywhere("_resolve_parameters", _checking_parameters)
    everywhere("validate_template_support", _checking_references)
    actions = ("DeleteStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet")
    replace_actions(dict.fromkeys(actions, _refusing_as_aws))


def _checking_parameters(inner: Inner, template: Any, provided: Any, previous: Any = None) -> Any:
    problem = parameter_refusal(template.get("Parameters") or {}, provided, previous or {})
    if problem:
        raise ValueError(problem)
    try:
        found = inner(_unlisted(template), provided, previous)
    except ValueError as error:
        raise ValueError(parameter_message(str(error))) from error
    problem = list_refusal(template.get("Parameters") or {}, found)
    if problem:
        raise ValueError(problem)
    return found


def _unlisted(template: dict[str, Any]) -> dict[str, Any]:
    """The template without the constraints of lists: ministack 1.5.33 compares some with the whole text."""
    rows = (template.get("Parameters") or {}).items()
    left = {
        name: {key: row[key] for key in row if key not in ITEM_CONSTRAINTS} if _is_list(row) else row
        for name, row in rows
    }
    return {**template, "Parameters": left} if left else template


def _is_list(row: dict[str, Any]) -> bool:
    kind = str(row.get("Type", "")).removeprefix("AWS::SSM::Parameter::Value<")
    return kind.startswith(("CommaDelimitedList", "List<"))


def list_refusal(declared: dict[str, Any], resolved: dict[str, Any]) -> str | None:
    """What CloudFormation says about the first list with an item outside its constraints, or None."""
    for name, row in declared.items():
        if not _is_list(row) or name not in resolved:
            continue
        items = [item.strip() for item in str(resolved[name]["Value"]).split(",")]
        allowed, pattern = row.get("AllowedValues"), row.get("AllowedPattern")
        reason = ""
        if allowed and not set(items) <= {str(text(each)) for each in allowed}:
            reason = "must be one of AllowedValues"
        elif pattern is not None and not all(re.fullmatch(str(pattern), item) for item in items):
            reason = f"must match pattern {pattern}"
        if reason:
            return f"Parameter '{name}' {row.get('ConstraintDescription') or reason}"
    return None


def parameter_refusal(declared: dict[str, Any], provided: list[dict[str, Any]], previous: dict[str, Any]) -> str | None:
    """What CloudFormation says about the names of the parameters, or None."""
    given = {row["Key"]: row for row in provided if "Key" in row}
    unknown = sorted(set(given) - set(declared))
    if unknown:
        return f"Parameters: [{', '.join(unknown)}] do not exist in the template"
    missing = [
        name
        for name, row in declared.items()
        if "Default" not in row
        and (name not in given or (given[name].get("UsePreviousValue") and name not in previous))
    ]
    return f"Parameters: [{', '.join(missing)}] must have values" if missing else None


def parameter_message(text: str) -> str:
    """ministack's message in CloudFormation's words."""
    for pattern, words in PARAMETER_MESSAGES:
        text = re.sub(f"^{pattern}$", words, text, flags=re.DOTALL)
    return text


def _checking_references(inner: Inner, template: Any, *more: Any, **named: Any) -> Any:
    problem = format_refusal(template) or (macro_refusal(template) if named.get("params") is not None else None)
    problem = problem or reference_refusal(template) or circular_dependency(template)
    if problem:
        raise ValueError(problem)
    try:
        return inner(template, *more, **named)
    except ValueError as error:
        raise ValueError(not_emulated(str(error))) from error


def macro_refusal(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for the first macro of the template that is not AWS's own, or None; here are no others."""
    declared = template.get("Transform") or []
    names = [declared] if isinstance(declared, str | dict) else declared
    inner = arguments(template.get("Resources"), "Fn::Transform")
    found = (str(each.get("Name", "")) if isinstance(each, dict) else str(each) for each in (*names, *inner))
    own = next((name for name in found if not name.startswith("AWS::")), None)
    return f"No transform named {get_account_id()}::{own} found. (the local emulator runs no macros)" if own else None


def not_emulated(text: str) -> str:
    """The refusal of types that the emulator lacks; AWS's words would say that they do not exist."""
    found = UNKNOWN_TYPES.fullmatch(text)
    return f"not emulated: {found[1]} (the local emulator has no such resource type)" if found else text


def reference_refusal(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for the first section with a reference to nothing, or None."""
    resources = template.get("Resources") or {}
    names = set(resources) | set(template.get("Parameters") or {})
    depends_on = {name for row in resources.values() for name in _depends_on(row)}
    for section in ("Resources", "Outputs"):
        found = list(attributes(template.get(section) or {}))
        lost = sorted({name for name, attribute in found if attribute and name not in resources})
        if lost:
            return f"Template error: instance of Fn::GetAtt references undefined resource {lost[0]}"
        lost = sorted({name for name, attribute in found if not (attribute or name.startswith("AWS::"))} - names)
        if not lost and section == "Resources":
            lost = sorted(depends_on - set(resources))
        if lost:
            return (
                f"Template format error: Unresolved resource dependencies [{', '.join(lost)}] "
                f"in the {section} block of the template"
            )
    return None


def circular_dependency(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for resources that wait for each other, or None."""
    resources = template.get("Resources") or {}
    waits = {
        name: {target for target, _ in attributes(row.get("Properties") or {}) if target in resources}
        | _depends_on(row)
        for name, row in resources.items()
    }
    # Resources that wait for none of the rest are taken away until nothing changes: what is left waits in a circle.
    while True:
        free = {name for name, targets in waits.items() if not targets & set(waits)}
        if not free:
            break
        waits = {name: targets for name, targets in waits.items() if name not in free}
    return f"Circular dependency between resources: [{', '.join(sorted(waits))}]" if waits else None


def _depends_on(row: dict[str, Any]) -> set[str]:
    found = row.get("DependsOn") or []
    return {found} if isinstance(found, str) else set(found)


def _refusing_as_aws(inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    return (status, headers, refusal_message(body)) if status >= 400 else (status, headers, body)


def refusal_message(body: bytes) -> bytes:
    """The body of a refusal with ministack's sentences replaced."""
    body = re.sub(*EXPORT_IN_USE, body)
    # CloudFormation names the stack by its ARN here, and by its name nowhere in the sentence.
    return NOT_UPDATABLE.sub(
        lambda match: b"Stack:%s is in %s state and can not be updated." % (_stack_id(match[1]), match[2]), body
    )


def _stack_id(name: bytes) -> bytes:
    stack = _stacks.get(name.decode()) or {}
    return str(stack.get("StackId", name.decode())).encode()
