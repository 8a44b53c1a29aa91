"""Conditions that cut text: ministack compares parameters, but knows no Split, Join or FindInMap inside Conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from aurora_cfn.local.cloudformation.replacing import everywhere

Evaluate: TypeAlias = Callable[[dict[str, Any], dict[str, Any]], dict[str, bool]]


def install() -> None:
    """Put the wider evaluation in every place of ministack that evaluates conditions."""
    everywhere("_evaluate_conditions", with_text_functions)


def with_text_functions(evaluate: Evaluate) -> Evaluate:
    """The same evaluation, after the text functions are worked out."""

    def evaluated(template: dict[str, Any], params: dict[str, Any]) -> dict[str, bool]:
        mappings = template.get("Mappings", {})
        plain = {name: _plain(row, mappings, params) for name, row in template.get("Conditions", {}).items()}
        return evaluate({**template, "Conditions": plain}, params)

    return evaluated


def _plain(value: Any, mappings: Mapping[str, Any], params: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_plain(item, mappings, params) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _plain(item, mappings, params) for key, item in value.items()}
    if "Fn::Split" in inner:
        separator, text = inner["Fn::Split"]
        return str(_text(text, params)).split(separator)
    if "Fn::Join" in inner:
        separator, parts = inner["Fn::Join"]
        return separator.join(str(_text(part, params)) for part in _text(parts, params))
    if "Fn::FindInMap" in inner:
        name, first, second = (_text(part, params) for part in inner["Fn::FindInMap"])
        return mappings[name][first][second]
    return inner


def _text(value: Any, params: Mapping[str, Any]) -> Any:
    if isinstance(value, dict) and "Ref" in value:
        return params.get(value["Ref"], {}).get("Value", value["Ref"])
    return value
