"""Passwords that only this emulator knows: of the engine's administrator, and of users who log in by IAM tokens.

They are made from a random text that lies with the data, so that a copy or a snapshot keeps them, and a reset removes
both.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import replace_text

FILE = "mysql-secret"


def secret_of(home: Home) -> str:
    """The random text of this home, made when there is none."""
    path = home.postgres / FILE
    try:
        found = path.read_text()
    except OSError:
        found = ""
    if not found:
        found = secrets.token_hex(32)
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, found)
    return found


def password(secret: str, purpose: str) -> str:
    """The password for one purpose."""
    return hmac.new(secret.encode(), purpose.encode(), "sha256").hexdigest()


def native_hash(text: str) -> str:
    """A password as mysql_native_password stores it (MySQL 8.0 manual, "Native Pluggable Authentication")."""
    twice = hashlib.sha1(hashlib.sha1(text.encode()).digest())
    return f"*{twice.hexdigest().upper()}"
