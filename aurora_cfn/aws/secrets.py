"""Secrets of databases in Secrets Manager."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError
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
        raise AwsError(what, operation="GetSecretValue", code="InvalidSecret")

    def keys(self, secret: str) -> frozenset[str] | None:
        try:
            text = self._text(secret)
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        try:
            found = json.loads(text)
        except ValueError:
            return frozenset()
        return frozenset(found) if isinstance(found, dict) else frozenset()

    def _text(self, secret: str) -> str:
        with translated("GetSecretValue"):
            # A secret of bytes has SecretBinary instead; no database can use it.
            return self.session.client("secretsmanager").get_secret_value(SecretId=secret).get("SecretString", "")
