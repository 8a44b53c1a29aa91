"""Ports to passwords of databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aurora_cfn.model.database_role import SecretState
    from aurora_cfn.model.rds_database import EventSource


class MasterPasswords(Protocol):
    """Passwords that RDS manages."""

    def rotate_master_password(self, kind: EventSource, identifier: str) -> None:
        """Have RDS give the master user a new password at once; RDS is still at work when the call returns."""


class Secrets(Protocol):
    """Secrets, which nothing here reads the value of."""

    def secret_state(self, secret: str) -> SecretState | None:
        """The secret of that name or ARN; None if there is none, or it waits for its deletion."""

    def rotate_secret(self, arn: str) -> None:
        """Start the rotation of the secret."""

    def create_secret(self, name: str, value: str, *, tags: Mapping[str, str]) -> str:
        """The ARN of a new secret with that value."""

    def delete_secret(self, secret: str) -> None:
        """Delete the secret at once, without a recovery window."""
