"""The columns of a result: PostgreSQL's own type names, and the JDBC numbers that the service reports with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aurora_cfn.facts import read_facts
from aurora_cfn.local.dataapi.errors import DataApiError

_TYPES = read_facts("data_api_types")["postgresql"]
JDBC: Mapping[str, int] = _TYPES["jdbc"]
PRECISION: Mapping[str, int] = _TYPES["precision"]
# java.sql.Types
ARRAY, OTHER = 2003, 1111
SIGNED = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})
CASE_SENSITIVE = frozenset({"bpchar", "varchar", "text", "name"})
SCALARS = frozenset(_TYPES["scalars"])
"""What the service returns, beside enums."""
ELEMENTS = SCALARS - {"cidr", "inet", "vector"} | {"bit"}
"""The types of which it returns arrays."""
CAPITAL = frozenset(_TYPES["capital"])
"""Types that the service writes in capitals when it refuses them."""
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
    # JDBC's number for a type without a limit.
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
