"""The columns of a result: MySQL's type names, and the JDBC numbers that the service reports with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.local.dataapi.errors import DataApiError

# The number of the collation `binary`, by which MySQL tells bytes from texts.
BINARY_CHARSET = 63
NOT_NULL, UNSIGNED, ENUM, AUTO_INCREMENT, SET = 1, 32, 256, 512, 2048
"""Flags of a column definition (MySQL source documentation, "Column Definition Flags")."""
_TYPES = read_facts("data_api_types")["mysql"]
NAMES: Mapping[int, str] = {int(number): name for number, name in _TYPES["names"].items()}
"""Type names by the numbers of the protocol."""
JDBC: Mapping[str, int] = _TYPES["jdbc"]
TEXTS = {"BLOB": "TEXT"}
BYTES = {"VARCHAR": "VARBINARY", "CHAR": "BINARY"}
INTEGERS = frozenset({"TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT", "YEAR"})
FLOATS = frozenset({"FLOAT", "DOUBLE"})
BLOBS = frozenset({"BLOB", "VARBINARY", "BINARY"})
# java.sql.Types.OTHER
OTHER = 1111
UNSUPPORTED = frozenset({"GEOMETRY"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, its type, the length and the flags of its definition, and where it comes from."""

    label: str
    type: str
    length: int = 0
    scale: int = 0
    flags: int = 0
    schema: str = ""
    table: str = ""
    name: str = ""

    @property
    def is_unsigned(self) -> bool:
        """Whether its numbers have no sign."""
        return bool(self.flags & UNSIGNED)

    @property
    def is_boolean(self) -> bool:
        """TINYINT(1), which BOOLEAN is a name for, and BIT(1)."""
        return self.length == 1 and (self.type == "BIT" or (self.type == "TINYINT" and not self.is_unsigned))


def columns(fields: Iterable[Any]) -> tuple[Column, ...]:
    """The columns by the definitions that the driver read."""
    return tuple(
        Column(
            each.name, kind(each.type_code, each.charsetnr, each.flags), each.length, each.scale, each.flags,
            each.db.decode() if isinstance(each.db, bytes) else str(each.db or ""), each.org_table, each.org_name,
        )
        for each in fields
    )  # fmt: skip


def kind(code: int, charset: int, flags: int) -> str:
    """The type's name: texts and bytes share a number, and ENUM and SET arrive as CHAR."""
    if flags & ENUM:
        return "ENUM"
    if flags & SET:
        return "SET"
    name = NAMES.get(code, "UNKNOWN")
    return BYTES.get(name, name) if charset == BINARY_CHARSET else TEXTS.get(name, name)


def refuse_unsupported(found: Iterable[Column]) -> None:
    """Raise DataApiError for the first column of a type that the service does not return."""
    for column in found:
        if column.type in UNSUPPORTED:
            raise DataApiError(
                "UnsupportedResultException", f"The result contains the unsupported data type {column.type}."
            )


def may_be_json(found: Sequence[Column]) -> bool:
    """Whether some column is a text of a table: MariaDB's JSON is a text with a check."""
    return any(column.type == "TEXT" and column.table for column in found)


def json_columns(connection: Any, found: Sequence[Column]) -> frozenset[tuple[str, str, str]]:
    """Schema, table and name of the columns with MariaDB's check of JSON; none in MySQL, which has the type."""
    question = """
        SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
        WHERE CHECK_CLAUSE LIKE 'json_valid(%' AND (CONSTRAINT_SCHEMA, TABLE_NAME) IN ({})
    """
    if not connection.get_server_info().lower().count("mariadb"):
        return frozenset()
    tables = sorted({(column.schema, column.table) for column in found if column.table})
    pairs = ", ".join(f"({connection.escape(schema)}, {connection.escape(table)})" for schema, table in tables)
    with connection.cursor() as cursor:
        cursor.execute(question.format(pairs))
        return frozenset((row[0], row[1], row[2][len("json_valid(") : -1].strip("`")) for row in cursor.fetchall())


def described(column: Column, json: frozenset[tuple[str, str, str]]) -> dict[str, Any]:
    """The column's row of `columnMetadata`."""
    name = "JSON" if (column.schema, column.table, column.name) in json else column.type
    numeric = name in INTEGERS | FLOATS | {"DECIMAL"}
    is_bit = column.is_boolean
    return {
        "arrayBaseColumnType": 0,
        "isAutoIncrement": bool(column.flags & AUTO_INCREMENT),
        "isCaseSensitive": name in BLOBS,
        "isCurrency": False,
        "isSigned": numeric and not column.is_unsigned,
        "label": column.label,
        "name": column.name or column.label,
        "nullable": 0 if column.flags & NOT_NULL else 1,
        "precision": column.length,
        "scale": column.scale if name == "DECIMAL" else 0,
        "schemaName": column.schema,
        "tableName": column.table,
        "type": JDBC["BIT"] if is_bit else JDBC.get(name, OTHER),
        "typeName": "BIT" if is_bit else f"{name} UNSIGNED" if numeric and column.is_unsigned else name,
    }
