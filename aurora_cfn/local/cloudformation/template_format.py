"""What every template has to look like before CloudFormation reads on.

Sections, attributes and names: CloudFormation User Guide, "Template sections" and "Resource attribute reference";
read 2026-11. Templates that declare a transform are not checked: a macro may bring sections and attributes of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

VERSION = "2010-09-09"
SECTIONS = frozenset({
    "AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions", "Transform",
    "Resources", "Outputs", "Hooks",
})  # fmt: skip
ATTRIBUTES = frozenset({
    "Type", "Properties", "DependsOn", "Condition", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
    "UpdateReplacePolicy", "Version",
})  # fmt: skip
"""`Version`: of a module."""
NAME = re.compile(r"[A-Za-z0-9]+")
PARAMETER_TYPES = re.compile(
    r"(?:AWS::SSM::Parameter::Value<)?(?:String|Number|CommaDelimitedList|AWS::SSM::Parameter::Name"
    r"|List<(?:String|Number|AWS::[A-Za-z0-9:]+)>|AWS::[A-Za-z0-9:]+)>?"
)


def format_refusal(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for the first thing that no template may have, or None."""
    return None if template.get("Transform") else next(_problems(template), None)


def _problems(template: dict[str, Any]) -> Iterator[str]:
    unknown = sorted(str(name) for name in set(template) - SECTIONS)
    if unknown:
        yield f"Invalid template property or properties [{', '.join(unknown)}]"
    if str(template.get("AWSTemplateFormatVersion", VERSION)) != VERSION:
        yield "Template format error: unsupported value for AWSTemplateFormatVersion."
    for section, problem in (("Parameters", _of_parameter), ("Resources", _of_resource), ("Outputs", _of_output)):
        yield from filter(None, (problem(name, row) for name, row in _rows(template, section)))


def _of_parameter(_name: str, row: dict[str, Any]) -> str | None:
    kind = row.get("Type")
    if kind is None:
        return "Template format error: Every Parameters object must contain a Type member."
    known = PARAMETER_TYPES.fullmatch(str(kind))
    return None if known else f"Template format error: Unrecognized parameter type: {kind}"


def _of_resource(name: str, row: dict[str, Any]) -> str | None:
    if not NAME.fullmatch(name):
        return f"Template format error: Resource name {name} is non alphanumeric."
    if not isinstance(row.get("Type"), str):
        return f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
    lost = sorted(str(key) for key in set(row) - ATTRIBUTES)
    return f"Invalid template resource property '{lost[0]}'" if lost else None


def _of_output(name: str, row: dict[str, Any]) -> str | None:
    if "Value" in row:
        return None
    return f"Template format error: [/Outputs/{name}] Every Outputs member must contain a Value object"


def _rows(template: dict[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = template.get(section) or {}
    for name, row in rows.items() if isinstance(rows, dict) else ():
        # Fn::ForEach stands where a name would, and only a transform understands it.
        if not str(name).startswith("Fn::"):
            yield str(name), row if isinstance(row, dict) else {}
