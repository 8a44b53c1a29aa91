"""Parameters: unknown and missing ones, and the words for values out of bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aurora_cfn.local.strict.replacing import everywhere

WORDS = (
    (r"Parameter '(\S+)' value '.*' is not in AllowedValues: .*", r"Parameter '\1' must be one of AllowedValues"),
    (r"Parameter '(\S+)' value '.*' is not a valid Number", r"Parameter '\1' must be a number"),
)


def install() -> None:
    """Wrap what resolves the parameters of a request."""
    everywhere("_resolve_parameters", _strict)


def _strict(inner: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(template: Any, provided: Any, previous: Any = None) -> Any:
        problem = refusal(template.get("Parameters") or {}, provided, previous or {})
        if problem:
            raise ValueError(problem)
        try:
            return inner(template, provided, previous)
        except ValueError as error:
            raise ValueError(reworded(str(error))) from error

    return resolve


def refusal(declared: dict[str, Any], provided: list[dict[str, Any]], previous: dict[str, Any]) -> str | None:
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


def reworded(text: str) -> str:
    """ministack's message in CloudFormation's words."""
    for pattern, words in WORDS:
        text = re.sub(f"^{pattern}$", words, text, flags=re.DOTALL)
    return text
