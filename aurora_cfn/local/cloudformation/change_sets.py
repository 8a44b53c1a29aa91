"""IncludePropertyValues: what DescribeChangeSet tells about a property before and after."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from aurora_cfn.local.strict.replacing import everywhere

HIDDEN = "****"
SHOWN = "_shown"
SPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


def install() -> None:
    """Note the values when a change set is made, and show them when they are asked for."""
    from ministack.services.cloudformation import changesets, handlers

    everywhere("_resolve_props_for_diff", _with_shown)
    everywhere("_diff_resources", _noting)
    handlers._ACTION_HANDLERS["DescribeChangeSet"] = _showing(
        handlers._ACTION_HANDLERS["DescribeChangeSet"], changesets
    )


def _with_shown(inner: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(template: Any, params: dict[str, Any], *more: Any) -> Any:
        template = _active(template, params)
        found = inner(template, params, *more)
        masked = {name: row | {"Value": HIDDEN} if row.get("NoEcho") else row for name, row in (params or {}).items()}
        return {**found, SHOWN: inner(template, masked, *more).get("Resources", {})} if found else found

    return resolve


def _active(template: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The template without the resources whose condition is false: CloudFormation does not list them as changes."""
    from ministack.services.cloudformation import engine

    if not template or not template.get("Conditions"):
        return template
    conditions = engine._evaluate_conditions(template, params)
    rows = template.get("Resources", {}).items()
    return {**template, "Resources": {name: row for name, row in rows if conditions.get(row.get("Condition"), True)}}


def _noting(inner: Callable[..., Any]) -> Callable[..., Any]:
    def diff(old: Any, new: Any, *more: Any, **named: Any) -> Any:
        changes = inner(old, new, *more, **named)
        before, after = old.get(SHOWN, {}), new.get(SHOWN, {})
        for change in changes:
            row = change["ResourceChange"]
            name = row["LogicalResourceId"]
            row["_before"], row["_after"] = _context(before.get(name)), _context(after.get(name))
        return changes

    return diff


def _context(resource: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if resource is None else {key: resource[key] for key in resource if key not in ("Type", "Condition")}


def _showing(inner: Callable[[Any], Any], changesets: Any) -> Callable[[Any], Any]:
    def describe(parameters: Any) -> Any:
        wanted = (changesets._p(parameters, name) for name in ("ChangeSetName", "StackName"))
        _, found = changesets._find_change_set(*wanted)
        if not found:
            return inner(parameters)
        with _masked(found):
            status, headers, body = inner(parameters)
        if changesets._p(parameters, "IncludePropertyValues").lower() != "true":
            return status, headers, body
        return status, headers, shown(body, [row["ResourceChange"] for row in found.get("Changes", [])])

    return describe


@contextmanager
def _masked(found: dict[str, Any]) -> Iterator[None]:
    """Hide the parameters that the template declares NoEcho while the answer is written; ministack shows them."""
    kept = found.get("Parameters", [])
    secret = {name for name, row in found.get("_resolved_params", {}).items() if row.get("NoEcho")}
    found["Parameters"] = [row | {"ParameterValue": HIDDEN} if row["ParameterKey"] in secret else row for row in kept]
    try:
        yield
    finally:
        found["Parameters"] = kept


def shown(body: bytes, changes: list[dict[str, Any]]) -> bytes:
    """The answer with the values added to its changes, which are in the same order."""
    ElementTree.register_namespace("", SPACE)
    tree = ElementTree.fromstring(body)
    for element, change in zip(tree.iter(f"{{{SPACE}}}ResourceChange"), changes, strict=False):
        before, after = change.get("_before"), change.get("_after")
        for name, context in (("BeforeContext", before), ("AfterContext", after)):
            if context is not None:
                _add(element, name, json.dumps(context, separators=(",", ":"), default=str))
        for target in element.iter(f"{{{SPACE}}}Target"):
            _complete(target, before or {}, after or {})
    text: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return text


def _complete(target: ElementTree.Element, before: dict[str, Any], after: dict[str, Any]) -> None:
    attribute = target.findtext(f"{{{SPACE}}}Attribute") or ""
    name = target.findtext(f"{{{SPACE}}}Name")
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
    ElementTree.SubElement(parent, f"{{{SPACE}}}{name}").text = text
