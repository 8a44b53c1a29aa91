"""Secrets Manager on boto3: the user and password that open a database."""

from __future__ import annotations

import json

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NOT_FOUND, AwsError
from aurora_cfn.model.rows import Credentials


class AwsSecrets:
    """The port SecretKeys, and the credentials for a client that connects itself."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def credentials(self, arn: str) -> Credentials:
        """The user and password in the secret; AwsError, without the secret's text, when it does not hold them."""
        with translated("GetSecretValue"):
            text = self._session.client("secretsmanager").get_secret_value(SecretId=arn).get("SecretString", "")
        try:
            found = json.loads(text)
            return Credentials(str(found["username"]), str(found["password"]))
        except (ValueError, KeyError, TypeError):
            pass
        what = f"the secret {arn} is not a JSON object with username and password"
        raise AwsError(what, operation="GetSecretValue", code="InvalidSecret")

    def keys(self, secret: str) -> frozenset[str] | None:
        """Names of the keys in the secret; the values never leave this method."""
        try:
            with translated("GetSecretValue"):
                text = self._session.client("secretsmanager").get_secret_value(SecretId=secret).get("SecretString", "")
        except AwsError as error:
            if error.code == NOT_FOUND:
                return None
            raise
        try:
            found = json.loads(text)
        except ValueError:
            return frozenset()
        return frozenset(found) if isinstance(found, dict) else frozenset()
