"""The password of a database role: the secret that keeps it, and the form in which PostgreSQL keeps it."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b64encode

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


ITERATIONS = 4096
"""PostgreSQL's own number (scram_iterations)."""
SALT_BYTES = 16
"""As PostgreSQL makes them (SCRAM_DEFAULT_SALT_LEN)."""
PASSWORD_BYTES = 24
"""32 characters in URL-safe Base64, without padding."""


def verifier(password: str, salt: bytes | None = None) -> str:
    """The verifier of an ASCII password; with a new salt unless one is given."""
    salt = salt or secrets.token_bytes(SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(_keyed(salted, b'Server Key'))}"


def new_password() -> str:
    """A new password of 32 letters, digits, `-` and `_`, which need no escaping in a URL."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def _keyed(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, "sha256").digest()


def _text(data: bytes) -> str:
    return b64encode(data).decode()
