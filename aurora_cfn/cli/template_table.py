"""A template's own Parameters as a blueprint's table, so that params files are checked against what is committed."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Parameter


def table_of(name: str, template: Mapping[str, Value]) -> Blueprint:
    """A blueprint with the template's parameters and the keys of its outputs, and no resources."""
    sections = template.get("Parameters"), template.get("Outputs")
    rows, outputs = (section if isinstance(section, Mapping) else {} for section in sections)
    table = tuple(_row(key, row) for key, row in rows.items() if isinstance(row, Mapping))
    titles: list[Any] = [SimpleNamespace(title=key) for key in outputs]
    return Blueprint(
        name=name,
        description=str(template.get("Description", "")),
        parameters=table,
        resources=lambda: (),
        outputs=lambda: titles,
    )


def _row(name: str, row: Mapping[str, Value]) -> Parameter:
    default, allowed = row.get("Default"), row.get("AllowedValues")
    pattern = row.get("AllowedPattern")
    return Parameter(
        name=name,
        description=str(row.get("Description", "")),
        default=None if default is None else _text(default),
        type=str(row.get("Type", "String")),
        allowed=tuple(map(_text, allowed)) if isinstance(allowed, list) else (),
        pattern=pattern if isinstance(pattern, str) else None,
        constraint=str(row.get("ConstraintDescription", "")),
        low=_number(row.get("MinValue")),
        high=_number(row.get("MaxValue")),
        min_length=_whole(row.get("MinLength")),
        max_length=_whole(row.get("MaxLength")),
        no_echo=_text(row.get("NoEcho")) == "true",
    )


def _text(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _number(value: Value) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None


def _whole(value: Value) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
