"""Words that an engine keeps for itself."""

from __future__ import annotations

from aurora_cfn.facts import read_facts


def is_reserved_database(engine: str, name: str) -> bool:
    """Whether RDS refuses a database of this name, in any case of letters."""
    return name.lower() in read_facts("reserved")["database_names"].get(engine, ())


def is_reserved_user(engine: str, name: str) -> bool:
    """Whether RDS refuses a master user of this name, in any case of letters."""
    system = engine == "aurora-postgresql" and name.lower().startswith("pg_")
    return system or name.lower() in read_facts("reserved")["user_names"].get(engine, ())
