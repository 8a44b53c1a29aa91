"""The types of parsed YAML and JSON, and the texts in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value]"
Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of a document, such as ('Resources', 'DBCluster', 'Type')."""


def member(value: Value, *keys: str) -> Any:
    """What is below these keys, one inside the other; None where one of them is missing, or where no mapping is."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def texts(value: Value) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, Sequence):
        for item in value:
            yield from texts(item)
