"""ValidateTemplate and GetTemplateSummary: what they say of the parameters of a template.

ministack 1.5.33 gives every parameter a default and a description, though empty ones, and no constraints: programs
that ask for the parameters without a default find none.
Source: CloudFormation API reference, TemplateParameter and ParameterDeclaration; read 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any
from xml.etree import ElementTree

from ministack.services.cloudformation import engine, helpers

from aurora_cfn.local.cloudformation.records import stack_of, tag, with_elements
from aurora_cfn.local.cloudformation.template_reading import text
from aurora_cfn.local.replacing import Inner, replace_actions


def install() -> None:
    """Replace both actions."""
    replace_actions({
        "ValidateTemplate": partial(_completing, "ValidateTemplateResult", complete_validated),
        "GetTemplateSummary": partial(_completing, "GetTemplateSummaryResult", complete_summary),
    })  # fmt: skip


def _completing(label: str, complete: Callable[..., None], inner: Inner, parameters: Any) -> Any:
    status, headers, body = inner(parameters)
    if status >= 400:
        return status, headers, body
    given, _ = helpers._resolve_template(parameters)
    template = engine._parse_template(given or (stack_of(parameters) or {}).get("_template_body") or "{}")
    return status, headers, with_elements(body, label, lambda element: complete(element, template))


def complete_parameters(result: ElementTree.Element, template: dict[str, Any]) -> None:
    """Take away the defaults and descriptions that the template does not have."""
    declared = template.get("Parameters") or {}
    for member in result.iterfind(f"{tag('Parameters')}/{tag('member')}"):
        row = declared.get(member.findtext(tag("ParameterKey")) or "") or {}
        for name, key in (("DefaultValue", "Default"), ("Description", "Description")):
            element = member.find(tag(name))
            if element is not None and key not in row:
                member.remove(element)


def complete_validated(result: ElementTree.Element, template: dict[str, Any]) -> None:
    """The same without the types of parameters, which only GetTemplateSummary shows."""
    complete_parameters(result, template)
    for member in result.iterfind(f"{tag('Parameters')}/{tag('member')}"):
        for element in member.findall(tag("ParameterType")):
            member.remove(element)


def complete_summary(result: ElementTree.Element, template: dict[str, Any]) -> None:
    """The same, and the allowed values, the version and the metadata of the template."""
    complete_parameters(result, template)
    declared = template.get("Parameters") or {}
    for member in result.iterfind(f"{tag('Parameters')}/{tag('member')}"):
        row = declared.get(member.findtext(tag("ParameterKey")) or "") or {}
        constraints = ElementTree.SubElement(member, tag("ParameterConstraints"))
        if row.get("AllowedValues"):
            values = ElementTree.SubElement(constraints, tag("AllowedValues"))
            for each in row["AllowedValues"]:
                ElementTree.SubElement(values, tag("member")).text = str(text(each))
    if template.get("AWSTemplateFormatVersion"):
        ElementTree.SubElement(result, tag("Version")).text = str(template["AWSTemplateFormatVersion"])
    if template.get("Metadata"):
        ElementTree.SubElement(result, tag("Metadata")).text = json.dumps(template["Metadata"], default=str)
