"""Tokens used as a password, signed with the function's own credentials."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from .connection import Place

ADMIN = "admin"
"""The role that DSQL creates itself; it needs another IAM action."""


def rds_token(place: Place) -> str:
    """A token for RDS Proxy, RDS or Aurora; signed locally, valid for 15 minutes."""
    return str(_client("rds").generate_db_auth_token(place.host, place.port, place.user))


def dsql_token(place: Place) -> str:
    """A token for Aurora DSQL: dsql:DbConnectAdmin for `admin`, else dsql:DbConnect."""
    client = _client("dsql")
    admin = place.user == ADMIN
    sign = client.generate_db_connect_admin_auth_token if admin else client.generate_db_connect_auth_token
    return str(sign(place.host, os.environ["AWS_REGION"]))


# Making a session takes longer than signing; a warm function keeps it.
@lru_cache(maxsize=2)
def _client(service: str) -> Any:
    import boto3

    session: Any = boto3.Session(region_name=os.environ["AWS_REGION"])
    return session.client(service)
