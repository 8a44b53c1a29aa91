"""The columns of a result: PostgreSQL's own type names, and the JDBC numbers that the service reports with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.local.dataapi.errors import DataApiError

JDBC = {
    "bool": -7, "bit": -7, "int2": 5, "int4": 4, "int8": -5, "oid": -5, "float4": 7, "float8": 8, "numeric": 2,
    "bpchar": 1, "varchar": 12, "text": 12, "name": 12, "bytea": -2, "date": 91, "time": 92,
    "timestamp": 93, "timestamptz": 93,
}  # fmt: skip
ARRAY, OTHER = 2003, 1111
SIGNED = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})
CASE_SENSITIVE = frozenset({"bpchar", "varchar", "text", "name"})
PRECISION = {"bool": 1, "int2": 5, "int4": 10, "int8": 19, "oid": 10, "float4": 8, "float8": 17, "date": 13, "time": 15,
             "timestamp": 29, "timestamptz": 35, "text": 2147483647, "bytea": 2147483647}  # fmt: skip
SCALARS = frozenset({
    "bool", "bpchar", "bytea", "cidr", "date", "float4", "float8", "inet", "int2", "int4", "int8", "json", "jsonb",
    "name", "numeric", "oid", "text", "time", "timestamp", "timestamptz", "uuid", "varchar", "vector",
})  # fmt: skip
"""What the service returns (Aurora User Guide, "Data API operations reference", read 2026-11); enums too. The guide
leaves out oid and timestamptz, which Aurora PostgreSQL 17 was seen to return."""
ELEMENTS = SCALARS - {"cidr", "inet", "vector"} | {"bit"}
"""The types of which it returns arrays."""
CAPITAL = frozenset({
    "bit", "box", "circle", "interval", "jsonpath", "line", "lseg", "macaddr", "macaddr8", "money", "path", "point",
    "polygon", "record", "timetz", "unknown", "varbit", "void", "cidr", "inet",
    "daterange", "int4range", "int8range", "numrange", "tsrange", "tstzrange",
})  # fmt: skip
"""Types that the service writes in capitals when it refuses them; it knows the others by PostgreSQL's name only."""
ENUM = "e"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, its type's name (`_int4` is an array of int4), and where it comes from."""

    label: str
    type: str
    source: Any
    kind: str = "b"
    """`typtype` of PostgreSQL's catalog: `e` is an enum."""

    @property
    def is_array(self) -> bool:
        """Whether its values are arrays."""
        return self.type.startswith("_")

    @property
    def element(self) -> str:
        """The type of the values, or of the arrays' elements."""
        return self.type.removeprefix("_")

    @property
    def is_supported(self) -> bool:
        """Whether the service returns such values."""
        if self.is_array:
            return self.element in ELEMENTS
        return self.kind == ENUM or self.type in SCALARS


def columns(cursor: Any) -> tuple[Column, ...]:
    """The columns of the statement that the cursor has run."""
    described = cursor.description or ()
    types = _types(cursor.connection, {each.type_code for each in described})
    return tuple(
        Column(each.name, name, each, kind)
        for each in described
        for name, kind in [types.get(each.type_code, ("text", "b"))]
    )


def refuse_unsupported(found: Iterable[Column]) -> None:
    """Raise DataApiError for the first column of a type that the service does not return; a cast to text helps."""
    for column in found:
        if not column.is_supported:
            name = _shown(column)
            raise DataApiError("UnsupportedResultException", f"The result contains the unsupported data type {name}.")


def _shown(column: Column) -> str:
    name = column.element
    shown = '"CHAR"' if name == "char" else name.upper() if name in CAPITAL else name
    return shown + ("[]" if column.is_array else "")


def metadata(cursor: Any, found: Sequence[Column]) -> list[dict[str, Any]]:
    """`columnMetadata` of the answer."""
    origins = _origins(cursor.connection, {(each.source.table_oid, each.source.table_column) for each in found})
    return [_described(each, origins.get((each.source.table_oid, each.source.table_column))) for each in found]


def _described(column: Column, origin: tuple[str, str, bool, bool] | None) -> dict[str, Any]:
    table, schema, required, generated = origin or ("", "", False, False)
    source = column.source
    return {
        "arrayBaseColumnType": JDBC.get(column.element, OTHER) if column.is_array else 0,
        "isAutoIncrement": generated,
        "isCaseSensitive": column.element in CASE_SENSITIVE,
        "isCurrency": False,
        "isSigned": column.element in SIGNED,
        "label": column.label,
        "name": column.label,
        # JDBC's columnNoNulls, columnNullable, and columnNullableUnknown for what is no column of a table.
        "nullable": 0 if required else 1 if origin else 2,
        "precision": source.precision or _precision(column),
        "scale": source.scale or 0,
        "schemaName": schema,
        "tableName": table,
        "type": ARRAY if column.is_array else JDBC.get(column.type, OTHER),
        "typeName": ("serial" if column.type == "int4" else "bigserial") if generated else column.type,
    }


def _precision(column: Column) -> int:
    size = column.source.internal_size or 0
    return PRECISION.get(column.element, size if size > 0 else 2147483647)


def _types(connection: Any, codes: set[int]) -> dict[int, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid, typname, typtype FROM pg_catalog.pg_type WHERE oid = ANY(%s)", (list(codes),))
        return {code: (name, kind) for code, name, kind in cursor.fetchall()}


def _origins(connection: Any, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str, bool, bool]]:
    question = """
        SELECT a.attrelid, a.attnum, c.relname, a.attnotnull,
               coalesce(pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%', false)
        FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = ANY(%s)
    """
    tables = [table for table, _ in wanted if table]
    if not tables:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(question, (tables,))
        return {(row[0], row[1]): (row[2], "", row[3], row[4]) for row in cursor.fetchall()}
