"""The rows of a result in the service's shape, of any engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from aurora_cfn.local.dataapi.limits import check_formatted, check_rows
from aurora_cfn.local.dataapi.sessions import Answer, Request


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
