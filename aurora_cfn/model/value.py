"""The types of parsed YAML and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = "Scalar | Sequence[Value] | Mapping[str, Value]"
Path: TypeAlias = tuple[str | int, ...]
"""Keys and list positions from the root of a document, such as ('Resources', 'DBCluster', 'Type')."""
