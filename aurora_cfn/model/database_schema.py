"""The schema of a database as a set of objects, each with its definition; and a difference between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ObjectKind: TypeAlias = Literal[
    "extension", "schema", "enum", "domain", "sequence", "table", "column", "constraint", "index", "view",
    "materialized view", "function", "procedure", "trigger",
]  # fmt: skip
Sign: TypeAlias = Literal["+", "-", "~"]


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """One object; `part` is the column, constraint or trigger of the table `name`.

    `definition` is what follows its name in a statement, or the whole statement where the database returns that (index,
    trigger, function). That of a column has three lines: on PostgreSQL type, default or generation, and `not null`; on
    MySQL type, collation, and the rest.
    """

    kind: ObjectKind
    name: str
    part: str = ""
    definition: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is found by in another schema. A view may become a materialized view: that is another object."""
        return self.kind, self.name, self.part


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """`+` added, `-` removed, `~` changed, with the statements that would make the old schema as the new one."""

    sign: Sign
    object: SchemaObject
    statements: tuple[str, ...]
    before: str = ""
