"""Names and texts of SQL in quotes, so that nothing in them ends the quotes."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name in PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in PostgreSQL, with standard_conforming_strings on, as it is by default."""
    return "'" + text.replace("'", "''") + "'"


def mysql_literal(text: str) -> str:
    """A text in MySQL, where a backslash escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def mysql_pattern(database: str) -> str:
    """The name of a database in GRANT of MySQL, which reads `_` and `%` in it as wildcards."""
    return "`" + database.replace("`", "``").replace("_", "\\_").replace("%", "\\%") + "`"
