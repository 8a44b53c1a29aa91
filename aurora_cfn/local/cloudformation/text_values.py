"""Bare booleans and numbers where CloudFormation wants text: `true` becomes "true", not Python's "True"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aurora_cfn.local.cloudformation.replacing import everywhere

TEXT_PROPERTIES = {
    "AWS::SSM::Parameter": (("Value",),),
    "AWS::Lambda::Function": (("Environment", "Variables"),),
    "AWS::RDS::DBParameterGroup": (("Parameters",),),
    "AWS::RDS::DBClusterParameterGroup": (("Parameters",),),
}
"""Properties that are text, or maps of text, by type; ministack 1.5.33 keeps what YAML made of them."""


def install() -> None:
    """Convert them when a template is read."""
    everywhere("_parse_template", _converting)


def _converting(inner: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    return lambda body: with_text(inner(body))


def with_text(template: dict[str, Any]) -> dict[str, Any]:
    """The template with text in every place that holds text; all else as it is."""
    found = {name: _functions(section) for name, section in template.items()}
    # Fn::Equals compares texts: true must equal the parameter value "true".
    if isinstance(found.get("Conditions"), dict):
        found["Conditions"] = text(found["Conditions"])
    for section, key in (("Outputs", "Value"), ("Parameters", "Default"), ("Parameters", "AllowedValues")):
        for row in _rows(found.get(section)):
            if key in row:
                row[key] = text(row[key])
    for row in _rows(found.get("Resources")):
        properties = row.get("Properties")
        if isinstance(properties, dict):
            for path in TEXT_PROPERTIES.get(str(row.get("Type")), ()):
                _put_text(properties, path)
            _tags(properties.get("Tags"))
    return found


def text(value: Any) -> Any:
    """The value with booleans and numbers as CloudFormation writes them, at every depth."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return [text(item) for item in value]
    if isinstance(value, dict):
        return {key: text(item) for key, item in value.items()}
    return value


def _functions(value: Any) -> Any:
    """The value with the arguments of Fn::Join and Fn::Sub as text."""
    if isinstance(value, list):
        return [_functions(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _functions(item) for key, item in value.items()}
    for name in ("Fn::Join", "Fn::Sub"):
        arguments = found.get(name)
        if isinstance(arguments, list) and len(arguments) == 2:
            found[name] = [arguments[0], _shallow(arguments[1])]
    return found


def _shallow(value: Any) -> Any:
    """One level of a list or map as text: what lies deeper belongs to other functions."""
    if isinstance(value, list):
        return [item if isinstance(item, dict | list) else text(item) for item in value]
    if isinstance(value, dict):
        return {key: item if isinstance(item, dict | list) else text(item) for key, item in value.items()}
    return value


def _rows(section: Any) -> list[dict[str, Any]]:
    return [row for row in section.values() if isinstance(row, dict)] if isinstance(section, dict) else []


def _put_text(properties: dict[str, Any], path: tuple[str, ...]) -> None:
    *parents, last = path
    for name in parents:
        inner = properties.get(name)
        if not isinstance(inner, dict):
            return
        properties = inner
    if last in properties:
        properties[last] = _shallow(properties[last]) if isinstance(properties[last], dict) else text(properties[last])


def _tags(tags: Any) -> None:
    for row in tags if isinstance(tags, list) else ():
        if isinstance(row, dict) and "Value" in row:
            row["Value"] = text(row["Value"])
