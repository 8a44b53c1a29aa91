"""All checks of a database: of an Aurora cluster, and of an RDS instance that is not part of one."""

from __future__ import annotations

from aurora_cfn.blueprints.checks.capacity import capacity_checks, storage_checks
from aurora_cfn.blueprints.checks.data_sources import SOURCES
from aurora_cfn.blueprints.checks.maintenance import maintenance_checks
from aurora_cfn.blueprints.checks.reserved_names import database_name_checks, identifier_checks, user_checks
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.parameters import Check


def cluster_checks(engine: Engine) -> tuple[Check, ...]:
    """Those of an Aurora Serverless cluster."""
    return (*identifier_checks("cluster"), *capacity_checks(), *_database(engine, SOURCES))


def instance_checks(engine: Engine) -> tuple[Check, ...]:
    """Those of an RDS instance."""
    return (*identifier_checks("instance"), *storage_checks(), *_database(engine))


def _database(engine: Engine, sources: tuple[str, ...] = ()) -> tuple[Check, ...]:
    return (*database_name_checks(engine, sources), *user_checks(engine), *maintenance_checks())
