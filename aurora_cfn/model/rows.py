"""SQL through the Data API: databases, credentials, parameters and result rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from aurora_cfn.model.rds_database import EventSource

Engine: TypeAlias = Literal["postgresql", "mysql"]
Hint: TypeAlias = Literal["DATE", "DECIMAL", "JSON", "TIME", "TIMESTAMP", "UUID"]
Cell: TypeAlias = "str | int | float | bool | bytes | tuple[Cell, ...] | None"
"""One value of a row. Decimals, dates and JSON are the exact text of the database; `Column.type` has their type."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database of a deployed stack: what the Data API and a client program need to connect.

    `resource` is its logical id where it was found by that. `signed` means that an IAM token takes the place of a
    password, as Aurora DSQL wants it; `user` is then the role, there is no secret, and `cluster_arn` is that of the
    DSQL cluster. `identifier` is that of the cluster in RDS, or of an instance without cluster, as `kind` says; empty
    for Aurora DSQL. `reader` is the host of the reader endpoint. `address` is where to connect to in place of the
    host's own: the near end of a tunnel.
    """

    stack: str
    name: str
    secret_arn: str
    cluster_arn: str = ""
    host: str = ""
    port: int = 5432
    engine: Engine = "postgresql"
    resource: str = ""
    signed: bool = False
    identifier: str = ""
    kind: EventSource = "db-cluster"
    reader: str = ""
    address: str = ""

    @property
    def has_data_api(self) -> bool:
        """Whether statements can go through the Data API."""
        return bool(self.cluster_arn and self.secret_arn)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user of a database; the password is left out of `repr`. `token`: it is an IAM token, good for 15 minutes."""

    user: str
    password: str = field(repr=False)
    token: bool = False


@dataclass(frozen=True, slots=True)
class SqlParameter:
    """The value of `:name` in a statement; `hint` is the Data API's typeHint for values sent as text."""

    name: str
    value: str | int | float | bool | bytes | None
    hint: Hint | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result; `type` is the database's type name, such as `_int4` for an array of int4."""

    name: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Rows:
    """The result of one statement; `columns` is empty if it returns no rows, then `affected` counts those it wrote."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    affected: int = 0

    @classmethod
    def of(cls, names: Iterable[str], rows: Iterable[tuple[Cell, ...]], **types: str) -> Rows:
        """The rows with columns of these names; those that are no text have one of `types`."""
        return cls(tuple(Column(name, types.get(name, "text")) for name in names), tuple(rows))
