"""What SQL goes to and what comes back from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Engine: TypeAlias = Literal["postgresql", "mysql"]
Hint: TypeAlias = Literal["DATE", "DECIMAL", "JSON", "TIME", "TIMESTAMP", "UUID"]
Cell: TypeAlias = "str | int | float | bool | bytes | tuple[Cell, ...] | None"
"""One value of a row. Decimals, dates and JSON stay the exact text the database sent; the column's type tells them."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database of a deployed stack: what the Data API and a client program need to reach it."""

    stack: str
    name: str
    secret_arn: str
    cluster_arn: str = ""
    host: str = ""
    port: int = 5432
    engine: Engine = "postgresql"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of a database; the password never shows in a representation."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SqlParameter:
    """The value behind `:name` of a statement; the hint is the Data API's for what is sent as text."""

    name: str
    value: str | int | float | bool | bytes | None
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result; `type` is the database's own word, `_int4` for an array of int4."""

    name: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Rows:
    """The result of one statement; without columns it returned none, and `affected` counts the rows it wrote."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    affected: int = 0
