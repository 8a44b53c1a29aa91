"""Credentials of databases, from Secrets Manager or as IAM tokens, and the ports Secrets and MasterPasswords."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.database_swap import modify
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import tag_rows
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import BAD_SECRET, NOT_FOUND, AwsError, suppress_codes
from aurora_cfn.model.database_role import SecretState
from aurora_cfn.model.rds_database import EventSource
from aurora_cfn.model.rows import Credentials


@dataclass(frozen=True, slots=True)
class AwsSecrets:
    """The port SecretKeys, and the credentials for a client program."""

    session: Session

    def credentials(self, arn: str) -> Credentials:
        """The user and password in the secret. Raises AwsError, without the secret's text, if it has none."""
        try:
            found = json.loads(self._text(arn))
            return Credentials(str(found["username"]), str(found["password"]))
        except (ValueError, KeyError, TypeError):
            pass  # the error is raised below, outside of this block, so that no traceback contains the secret
        what = f"the secret {arn} is not a JSON object with username and password"
        raise AwsError(what, operation="GetSecretValue", code=BAD_SECRET)

    def keys(self, secret: str) -> frozenset[str] | None:
        with suppress_codes({NOT_FOUND}):
            text = self._text(secret)
            try:
                found = json.loads(text)
            except ValueError:
                return frozenset()
            return frozenset(found) if isinstance(found, dict) else frozenset()
        return None

    def _text(self, secret: str) -> str:
        with translated("GetSecretValue"):
            # A secret of bytes has SecretBinary instead; no database can use it.
            return self.session.client("secretsmanager").get_secret_value(SecretId=secret).get("SecretString", "")


CURRENT = "AWSCURRENT"


@dataclass(frozen=True, slots=True)
class AwsRoleSecrets:
    """The ports Secrets and MasterPasswords."""

    session: Session

    def secret_state(self, secret: str) -> SecretState | None:
        with translated("DescribeSecret", absent={NOT_FOUND}):
            return _state(self.session.client("secretsmanager").describe_secret(SecretId=secret))
        return None

    def rotate_secret(self, arn: str) -> None:
        with translated("RotateSecret"):
            self.session.client("secretsmanager").rotate_secret(SecretId=arn, RotateImmediately=True)

    def create_secret(self, name: str, value: str, *, tags: Mapping[str, str]) -> str:
        with translated("CreateSecret"):
            client = self.session.client("secretsmanager")
            made = client.create_secret(Name=name, SecretString=value, Tags=tag_rows(tags))
            return str(made["ARN"])

    def delete_secret(self, secret: str) -> None:
        with translated("DeleteSecret"):
            # Without it the name stays taken for 30 days, and the role could not be granted again under it.
            self.session.client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)

    def rotate_master_password(self, kind: EventSource, identifier: str) -> None:
        """ModifyDBCluster or ModifyDBInstance; RDS takes RotateMasterUserPassword only with ApplyImmediately."""
        modify(self.session.rds, kind, identifier, RotateMasterUserPassword=True)


def _state(row: Mapping[str, Any]) -> SecretState | None:
    # Scheduled for deletion: it can be described, but not read.
    if row.get("DeletedDate"):
        return None
    versions = row.get("VersionIdsToStages", {})
    current = next((name for name, stages in versions.items() if CURRENT in stages), "")
    # OwningService: RDS rotates the secrets that it manages (Secrets Manager User Guide, "Managed rotation").
    return SecretState(row["ARN"], current, bool(row.get("RotationEnabled") or row.get("OwningService")))


@dataclass(frozen=True, slots=True)
class AwsLoginTokens:
    """IAM tokens that take the place of a password."""

    session: Session

    def credentials(self, host: str, port: int, role: str) -> Credentials:
        """The database role with a token, which opens new connections for 15 minutes; nothing is called.

        It is signed for the database's own host and port, also where a tunnel leads there. Raises AwsError where the
        caller has no credentials to sign with.
        """
        with translated("GenerateDBAuthToken"):
            token = self.session.rds.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=role)
        return Credentials(role, str(token), token=True)
