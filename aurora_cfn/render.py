"""Blueprint to template text, stable to the byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import encode_to_dict

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.parameters import interface
from aurora_cfn.yamltext import write_template

_ATTRIBUTES = (
    "Type",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
)


HOW_TO_CHANGE = "Do not edit: change the blueprint, then run `aurora-cfn render`."


def template(blueprint: Blueprint) -> dict[str, Any]:
    """The template as a mapping in reading order: a reviewer goes from the promise to the parts to the results."""
    sections: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": list(blueprint.transform),
        "Description": blueprint.description,
        "Metadata": interface(blueprint.parameters) | dict(blueprint.metadata),
        "Parameters": {row.name: row.emitted() for row in blueprint.parameters},
        "Mappings": dict(blueprint.mappings),
        "Rules": dict(blueprint.rules),
        "Conditions": dict(blueprint.conditions),
        "Resources": {resource.title: resource for resource in blueprint.resources()},
        "Outputs": {output.title: output for output in blueprint.outputs()},
    }
    plain: dict[str, Any] = encode_to_dict({name: value for name, value in sections.items() if value})
    plain["Resources"] = {name: _ordered(entry) for name, entry in plain["Resources"].items()}
    return plain


def render(blueprint: Blueprint) -> str:
    """The template's text, with a header that says where it comes from and how to change it."""
    header = f"Rendered by aurora-cfn from the blueprint {blueprint.name}.\n{HOW_TO_CHANGE}"
    return write_template(template(blueprint), header=header)


def _ordered(resource: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: resource[name] for name in _ATTRIBUTES if name in resource}
    return known | dict(resource)
