"""IAM's evaluation of identity policies, as far as our policies use the language; none of it is in a kept library.

moto ignores conditions, and the last releases of principalmapper, iamspy and policyglass are of 2022 (looked up
2026-11). Sources: IAM User Guide, "Policy evaluation logic", "Condition operators", "Multivalued context keys" and
"Resource" (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

Policy: TypeAlias = Mapping[str, Any]
Context: TypeAlias = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Request:
    """One authorization: the action, the resource, and the keys of the context; several values are a list."""

    action: str
    resource: str = "*"
    context: Context = field(default_factory=dict)


def allowed(policies: Iterable[Policy], request: Request, *, boundary: Policy | None = None) -> bool:
    """Whether the request is carried out: allowed by some statement, and by the boundary, and denied by none."""
    rows = [row for policy in policies for row in policy["Statement"]]
    limits = [boundary] if boundary is not None else []
    every = [*rows, *(row for policy in limits for row in policy["Statement"])]
    if any(row["Effect"] == "Deny" and matches(row, request) for row in every):
        return False
    granted = any(row["Effect"] == "Allow" and matches(row, request) for row in rows)
    return granted and all(allowed([policy], request) for policy in limits)


def matches(row: Mapping[str, Any], request: Request) -> bool:
    """Whether the statement is about the request."""
    # First, since most statements are about other actions.
    named = _names(tuple(listed(row.get("Action", row.get("NotAction")))), request.action.lower())
    if named is not ("Action" in row):
        return False
    found = any(arn_like(pattern, request.resource) for pattern in listed(row.get("Resource", row.get("NotResource"))))
    return found is ("Resource" in row) and all(
        holds(operator, key, values, request.context)
        for operator, keys in row.get("Condition", {}).items()
        for key, values in keys.items()
    )


def holds(operator: str, key: str, values: Any, context: Context) -> bool:
    """Whether one key of a condition holds: the values of the policy are alternatives."""
    quantifier, _, rest = operator.rpartition(":")
    name, exists = rest.removesuffix("IfExists"), rest.endswith("IfExists")
    keys = {known.lower(): value for known, value in context.items()}
    if name == "Null":
        return (key.lower() not in keys) is (str(listed(values)[0]).lower() == "true")
    if key.lower() not in keys:
        return exists or quantifier == "ForAllValues" or (not quantifier and negated(name))
    wanted, given = [str(value) for value in listed(values)], listed(keys[key.lower()])
    if quantifier == "ForAllValues":
        return all(compared(name, str(value), wanted) for value in given)
    return any(compared(name, str(value), wanted) for value in given)


def negated(name: str) -> bool:
    return "Not" in name


def compared(name: str, given: str, wanted: Sequence[str]) -> bool:
    """Whether a value of the request fits one of the policy's; a negated operator wants it to fit none."""
    test = _TESTS[name.replace("Not", "")]
    return any(test(given, other) for other in wanted) is not negated(name)


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda value, other: value == other,
    "StringLike": lambda value, pattern: like(pattern, value),
    "StringEqualsIgnoreCase": lambda value, other: value.lower() == other.lower(),
    "ArnEquals": lambda value, pattern: arn_like(pattern, value),
    "ArnLike": lambda value, pattern: arn_like(pattern, value),
    "Bool": lambda value, other: value.lower() == other.lower(),
}


def like(pattern: str, text: str) -> bool:
    """`*` is any text and `?` any character."""
    return _like(pattern).fullmatch(text) is not None


def arn_like(pattern: str, arn: str) -> bool:
    """As `like`, but a star inside one of the first five parts of an ARN does not go beyond that part."""
    return pattern == "*" or _arn_like(pattern).fullmatch(arn) is not None


@cache
def _names(patterns: tuple[str, ...], action: str) -> bool:
    """Whether one of the patterns is about the action, which is in lower case."""
    return any(like(pattern.lower(), action) for pattern in patterns)


# The attacks compare the same few patterns a million times: each is compiled once.
@cache
def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, ".*"), re.DOTALL)


@cache
def _arn_like(pattern: str) -> re.Pattern[str]:
    *parts, last = pattern.split(":", 5)
    expression = ":".join([*(_expression(part, "[^:]*") for part in parts), _expression(last, ".*")])
    return re.compile(expression, re.DOTALL)


def _expression(pattern: str, star: str) -> str:
    return "".join({"*": star, "?": "."}.get(sign, re.escape(sign)) for sign in pattern)


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
