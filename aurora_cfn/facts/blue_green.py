"""What blue/green deployments of RDS need, and do not support."""

from __future__ import annotations

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.versions import read_version

FACTS = "blue_green"


def first_version(engine: str, version: str) -> str:
    """The first minor version with blue/green deployments in the major version of `version`; empty if all have them."""
    found = read_version(engine, version)
    rows: list[str] = read_facts(FACTS)["first_versions"].get(engine, [])
    return next((row for row in rows if found and row.partition(".")[0] == found.major), "")


def replication_parameter(engine: str) -> tuple[str, str] | None:
    """The cluster parameter that switches on the replication to the green side, with its value."""
    row = read_facts(FACTS)["replication_parameters"].get(engine)
    return (row["name"], row["wanted"]) if row else None


def refused_extensions() -> tuple[str, ...]:
    """PostgreSQL extensions that have to be removed before a blue/green deployment."""
    return tuple(read_facts(FACTS)["refused_extensions"])


def switchover_timeout() -> int:
    """Seconds after which RDS rolls a switch back."""
    found: int = read_facts(FACTS)["switchover_timeout"]
    return found
