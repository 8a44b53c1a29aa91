"""Differences from the template that AWS itself makes, which are not counted as drift."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from aurora_cfn.facts import read_facts

EMPTY = frozenset({"", "null", "[]", "{}"})
"""How AWS writes an absent value."""


def why_ignored(kind: str, path: str, expected: str, actual: str) -> str:
    """Why a difference of a property is not drift; empty when it is."""
    names: list[str] = read_facts("drift")["types"].get(kind, {}).get(_key(path), [])
    words: Mapping[str, str] = read_facts("drift")["kinds"]
    return next((words[name] for name in names if _TESTS[name](expected, actual)), "")


@cache
def _key(path: str) -> str:
    """The property behind a pointer: positions in lists are left out."""
    return "/".join(part for part in path.split("/") if part and not part.isdigit())


def _minor(expected: str, actual: str) -> bool:
    # EngineVersion 17 or 8.0 in the template is 17.7 or 8.0.42 in the answer: RDS chose the minor version.
    return bool(expected) and actual.startswith(f"{expected}.")


def _key_of(expected: str, actual: str) -> bool:
    """An id is the end of its ARN; the key of an alias is not known, so it is taken as the same."""
    if not actual.startswith("arn:"):
        return False
    return expected.startswith("alias/") or ":alias/" in expected or actual.endswith(f":key/{expected}")


def _order(expected: str, actual: str) -> bool:
    left, right = _items(expected), _items(actual)
    return left is not None and left == right


def _items(text: str) -> list[str] | None:
    try:
        found: Any = json.loads(text)
    except ValueError:
        return None
    return sorted(map(str, found)) if isinstance(found, list) else None


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "assigned": lambda expected, actual: expected in EMPTY and actual not in EMPTY,
    "case": lambda expected, actual: expected.lower() == actual.lower(),
    "minor": _minor,
    "key": _key_of,
    "order": _order,
    # StorageType aurora is the default, which RDS leaves out of its answer.
    "default": lambda expected, actual: actual in EMPTY and expected == "aurora",
}
