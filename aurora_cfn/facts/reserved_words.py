"""Names that an engine keeps for itself: the one table for lint, parameters and the emulator.

Engines are named as in RDS: `aurora-postgresql`, `postgres`, `aurora-mysql`, `mysql`, `mariadb`. Upper
and lower case are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from aurora_cfn.facts import read_facts


def reserved_databases(engine: str, *, avoided: bool = False) -> frozenset[str]:
    """Database names that RDS refuses; with `avoided` also those of databases that exist from the start."""
    return frozenset(_names(engine, "databases", avoided))


def reserved_users(engine: str, *, avoided: bool = False) -> frozenset[str]:
    """Master user names that RDS refuses; with `avoided` also those of users that exist from the start."""
    return frozenset(_names(engine, "users", avoided))


def reserved_prefixes(engine: str) -> tuple[str, ...]:
    """What no user name of the engine may start with."""
    return tuple(_table(engine).get("prefixes", ()))


def is_reserved_database(engine: str, name: str) -> bool:
    """Whether RDS refuses a database of this name."""
    return name.lower() in reserved_databases(engine)


def is_reserved_user(engine: str, name: str) -> bool:
    """Whether RDS refuses a master user of this name."""
    return name.lower().startswith(reserved_prefixes(engine)) or name.lower() in reserved_users(engine)


def is_reserved_role(name: str) -> bool:
    """Whether a role of that name in a database is one of the engines' or of RDS, which stays as it is."""
    roles = read_facts("reserved")["roles"]
    return name in roles["names"] or name.startswith(tuple(roles["prefixes"]))


def _names(engine: str, kind: Literal["databases", "users"], avoided: bool) -> Iterator[str]:
    table = _table(engine)
    rows = table.get(kind, {})
    yield from (*table.get("keywords", ()), *rows.get("refused", ()), *(rows.get("avoided", ()) if avoided else ()))


def _table(engine: str) -> dict[str, Any]:
    facts, name = read_facts("reserved"), engine.lower()
    if "postgres" in name:
        return dict(facts["postgresql"])
    return dict(facts["mysql"]) if "mysql" in name or "mariadb" in name else {}
