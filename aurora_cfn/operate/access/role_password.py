"""The secret that keeps the password of a database role, which is shown nowhere else."""

from __future__ import annotations

import json

from aurora_cfn.iam.secret_limits import ROLE_SECRETS
from aurora_cfn.model.rows import Database

_ENGINES = {"postgresql": "postgres", "mysql": "mysql"}
"""Names of the engines in secrets (AWS Secrets Manager user guide, "JSON structure of secrets", read 2026-11)."""


def secret_name(database: Database, role: str) -> str:
    """The name of the secret of a role; roles of the same name on other databases have others."""
    return f"{ROLE_SECRETS}/{database.identifier}/{role}"


def secret_value(database: Database, role: str, password: str) -> str:
    """The JSON of the secret, with the keys that the rotation functions and clients of AWS read."""
    return json.dumps(
        {
            "engine": _ENGINES[database.engine],
            "host": database.host,
            "port": database.port,
            "dbname": database.name,
            "username": role,
            "password": password,
        }
    )
