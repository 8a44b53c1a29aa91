"""How CloudFormation reads templates and ministack 1.5.33 does not: their addresses, their texts, their conditions.

The bucket of an address may be in the host name (S3 User Guide, "Virtual hosting of general purpose buckets", read
2026-11). Bare booleans and numbers stand where CloudFormation wants text: `true` becomes "true", not Python's "True".
Conditions may cut text with Split, Join and FindInMap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ministack.services.cloudformation import engine, helpers

from aurora_cfn.local.replacing import Inner, everywhere, replace

_IN_HOST = re.compile(r"https://(?P<bucket>[a-z0-9.-]+?)\.(?P<service>s3[a-z0-9.-]*\.amazonaws\.com(\.cn)?)/")
TEXT_PROPERTIES = {
    "AWS::SSM::Parameter": (("Value",),),
    "AWS::Lambda::Function": (("Environment", "Variables"),),
    "AWS::RDS::DBParameterGroup": (("Parameters",),),
    "AWS::RDS::DBClusterParameterGroup": (("Parameters",),),
}
"""Properties that are text, or maps of text, by type; ministack 1.5.33 keeps what YAML made of them."""


def install() -> None:
    """Replace what finds templates, reads them, and evaluates their conditions."""
    use_libyaml()
    everywhere("_parse_template", lambda inner, body: with_text(inner(body)))
    everywhere("_evaluate_conditions", with_text_functions)
    # The other modules import it when they call it, so this place is enough.
    replace(helpers, "_resolve_document", _rewriting)


def use_libyaml() -> None:
    """Let ministack's loader take its nodes from libyaml, where it is there: pure Python takes ten times as long.

    An eighth of the CPU time of an emulator that deploys stack after stack went into it. What the loader makes of tags
    and dates stays its own.
    """
    fast = getattr(engine.yaml, "CSafeLoader", None)
    if fast is not None:
        made_of_tags = {"yaml_constructors": engine.CfnLoader.yaml_constructors}
        engine.CfnLoader = type("CfnLoader", (fast,), made_of_tags)


def _rewriting(inner: Inner, parameters: Mapping[str, Any], body_key: str, url_key: str, label: str) -> Any:
    url = helpers._p(parameters, url_key)
    return inner({**parameters, url_key: [path_style(url)]} if url else parameters, body_key, url_key, label)


def path_style(url: str) -> str:
    """The address with the bucket as the first part of the path; one of another form as it is."""
    return _IN_HOST.sub(r"https://\g<service>/\g<bucket>/", url, count=1)


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
            tags = properties.get("Tags")
            for tag in tags if isinstance(tags, list) else ():
                if isinstance(tag, dict) and "Value" in tag:
                    tag["Value"] = text(tag["Value"])
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


def with_text_functions(inner: Inner, template: dict[str, Any], params: dict[str, Any]) -> Any:
    """The conditions of a template as ministack evaluates them, after their text functions are worked out."""
    mappings = template.get("Mappings", {})
    plain = {name: _plain(row, mappings, params) for name, row in template.get("Conditions", {}).items()}
    return inner({**template, "Conditions": plain}, params)


def _plain(value: Any, mappings: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_plain(item, mappings, params) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _plain(item, mappings, params) for key, item in value.items()}
    if "Fn::Split" in inner:
        separator, text = inner["Fn::Split"]
        return str(_parameter(text, params)).split(separator)
    if "Fn::Join" in inner:
        separator, parts = inner["Fn::Join"]
        return separator.join(str(_parameter(part, params)) for part in _parameter(parts, params))
    if "Fn::FindInMap" in inner:
        name, first, second = (_parameter(part, params) for part in inner["Fn::FindInMap"])
        return mappings[name][first][second]
    return inner


def _parameter(value: Any, params: Mapping[str, Any]) -> Any:
    if isinstance(value, dict) and "Ref" in value:
        return params.get(value["Ref"], {}).get("Value", value["Ref"])
    return value
