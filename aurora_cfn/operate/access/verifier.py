"""Passwords in the form in which PostgreSQL keeps them, so that the password itself is in no statement and no log.

SCRAM-SHA-256 (RFC 5802 and RFC 7677), as psql's `\\password` sends it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode

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
