"""The database that is made with a cluster or an instance."""

from __future__ import annotations

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.checks.data_sources import SOURCES
from aurora_cfn.blueprints.checks.reserved_names import database_name_checks
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.identifier import replaces
from aurora_cfn.parameters import Parameter


def database_name_group(engine: Engine, kind: str) -> ParameterGroup:
    """DatabaseName."""
    row = Parameter(
        "DatabaseName", f"Database that is made with the {kind}. {replaces(kind)}",
        default="temporal", group="Database", pattern="^[A-Za-z][A-Za-z0-9_]{0,62}$",
        constraint="letters, digits and underscores, starting with a letter, at most 63",
    )  # fmt: skip
    sources = SOURCES if kind == "cluster" else ()
    return ParameterGroup((row,), checks=database_name_checks(engine, sources))
