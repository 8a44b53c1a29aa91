"""What a template imports from stacks that its parameters name: `${NetworkStackName}-VpcId` needs the output VpcId."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.model.value import Value

_NAME = re.compile(r"\$\{([A-Za-z0-9]+)\}-([A-Za-z0-9]+)")


def imported(blueprint: Blueprint) -> dict[str, tuple[str, ...]]:
    """Parameters that name a stack, each with the outputs that the template imports from it."""
    found: dict[str, dict[str, None]] = {}
    for resource in blueprint.resources():
        for text in _names(resource.to_dict()):
            if match := _NAME.fullmatch(text):
                found.setdefault(match[1], {})[match[2]] = None
    return {parameter: tuple(outputs) for parameter, outputs in found.items()}


def _names(value: Value) -> Iterator[str]:
    """Every text under an `Fn::ImportValue`, however deep."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = inner.get("Fn::Sub") if key == "Fn::ImportValue" and isinstance(inner, Mapping) else None
            if isinstance(name, str):
                yield name
            else:
                yield from _names(inner)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _names(item)
