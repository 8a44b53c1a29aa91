"""A statement of any engine: its parameters put into it as literals, and its result in the service's shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aurora_cfn.local.dataapi.errors import bad_request, check_formatted, check_rows
from aurora_cfn.local.dataapi.sessions import Answer, Request
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


def with_records(
    rows: Sequence[Sequence[Any]],
    columns: Sequence[Any],
    request: Request,
    field: Callable[[Any, Any, Any], Any],
    plain: Callable[[Any, Any], Any],
    metadata: Callable[[], Sequence[Any]],
) -> Answer:
    """The answer with the rows as Fields and, if asked for, the metadata; or as JSON, which has none.

    The functions are the engine's: a value as a Field, a value for JSON, the metadata of the columns.
    Raises DataApiError for what is too large.
    """
    formatted = request.get("formatRecordsAs") == "JSON"
    check_rows(rows, formatted=formatted)
    if formatted:
        labelled = [
            {column.label: plain(value, column) for column, value in zip(columns, row, strict=True)} for row in rows
        ]
        text = json.dumps(labelled, ensure_ascii=False, separators=(",", ":"))
        check_formatted(text)
        return {"numberOfRecordsUpdated": 0, "formattedRecords": text}
    options = request.get("resultSetOptions") or {}
    records = [[field(value, column, options) for column, value in zip(columns, row, strict=True)] for row in rows]
    shown = {"columnMetadata": metadata()} if request.get("includeResultMetadata") else {}
    return {"numberOfRecordsUpdated": 0, "records": records, **shown}
