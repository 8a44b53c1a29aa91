"""Parameters of a request put into their statement as literals; how a value is written is the engine's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aurora_cfn.local.dataapi.errors import bad_request
from aurora_cfn.model.rows import Engine
from aurora_cfn.sqltext.lexer import Token, tokens

Typed = Callable[[str, str, Any, str | None], str]
"""The SQL of a parameter by its name, the kind of its value, the value, and the type hint; TypeError or ValueError for
a value that is not of its kind."""


def bound(sql: str, parameters: Iterable[Mapping[str, Any]], typed: Typed, engine: Engine) -> str:
    """The statement with its parameters as literals.

    `:1` is a parameter only when one of that name is given: clients number theirs, and `[:1]` may be a slice.
    """
    literals = {row["name"]: literal(row, typed) for row in parameters if "name" in row}
    return "".join(_replaced(token, literals) for token in tokens(sql, engine, strict=False))


def _replaced(token: Token, literals: Mapping[str, str]) -> str:
    if token.kind != "placeholder":
        return token.text
    name = token.text[1:]
    if name in literals:
        return literals[name]
    if name.isdigit():
        return token.text
    raise bad_request(f"Cannot find parameter: {name}")


def literal(row: Mapping[str, Any], typed: Typed) -> str:
    """One parameter as SQL."""
    value: Mapping[str, Any] = row.get("value") or {}
    if len(value) != 1:
        raise bad_request(f"Parameter {row['name']} must have exactly one value")
    kind, content = next(iter(value.items()))
    if kind == "arrayValue":
        raise bad_request("Array parameters are not supported.")
    try:
        return typed(row["name"], kind, content, row.get("typeHint"))
    except (TypeError, ValueError) as error:
        raise bad_request(f"Parameter {row['name']}: {content!r} is no {kind}") from error
