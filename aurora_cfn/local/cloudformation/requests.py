"""References that lead nowhere and circles, refused before anything is created."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from aurora_cfn.local.strict.replacing import everywhere

VARIABLE = re.compile(r"\$\{([^!${}][^${}]*)\}")


def install() -> None:
    """Wrap the check that every template passes."""
    everywhere("validate_template_support", _strict)


def _strict(inner: Callable[..., Any]) -> Callable[..., Any]:
    def validate(template: Any, *more: Any, **named: Any) -> Any:
        problem = refusal(template) or circle(template)
        if problem:
            raise ValueError(problem)
        return inner(template, *more, **named)

    return validate


def refusal(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for the first section with a reference to nothing, or None."""
    resources = template.get("Resources") or {}
    names = set(resources) | set(template.get("Parameters") or {})
    for section in ("Resources", "Outputs"):
        found = list(references(template.get(section) or {}))
        lost = sorted({name for kind, name in found if kind == "get" and name not in resources})
        if lost:
            return f"Template error: instance of Fn::GetAtt references undefined resource {lost[0]}"
        lost = sorted({name for kind, name in found if kind == "ref" and not name.startswith("AWS::")} - names)
        if lost:
            return (
                f"Template format error: Unresolved resource dependencies [{', '.join(lost)}] "
                f"in the {section} block of the template"
            )
    lost = sorted({name for row in resources.values() for name in _depends_on(row)} - set(resources))
    if lost:
        return (
            f"Template format error: Unresolved resource dependencies [{', '.join(lost)}] "
            "in the Resources block of the template"
        )
    return None


def circle(template: dict[str, Any]) -> str | None:
    """CloudFormation's words for resources that wait for each other, or None."""
    resources = template.get("Resources") or {}
    waits = {
        name: {target for _, target in references(row.get("Properties") or {}) if target in resources}
        | _depends_on(row)
        for name, row in resources.items()
    }
    while True:
        free = {name for name, targets in waits.items() if not targets & set(waits)}
        if not free:
            break
        waits = {name: targets for name, targets in waits.items() if name not in free}
    return f"Circular dependency between resources: [{', '.join(sorted(waits))}]" if waits else None


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Every reference inside a value: ("ref", name) or ("get", name)."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    if not isinstance(value, dict):
        return
    if len(value) == 1:
        ((function, argument),) = value.items()
        if function == "Ref" and isinstance(argument, str):
            yield "ref", argument
            return
        if function == "Fn::GetAtt":
            name = argument.partition(".")[0] if isinstance(argument, str) else argument[0]
            yield "get", str(name)
            return
        if function == "Fn::Sub":
            yield from _substituted(argument)
            return
    for item in value.values():
        yield from references(item)


def _substituted(argument: Any) -> Iterator[tuple[str, str]]:
    text, own = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])
    yield from references(own)
    for match in VARIABLE.finditer(text):
        name, dot, _ = match[1].strip().partition(".")
        if name not in own:
            yield ("get" if dot else "ref"), name


def _depends_on(row: dict[str, Any]) -> set[str]:
    found = row.get("DependsOn") or []
    return {found} if isinstance(found, str) else set(found)
