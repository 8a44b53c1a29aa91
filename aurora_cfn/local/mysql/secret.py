"""Passwords that only this emulator knows: of the engine's administrator, and of users who log in by IAM tokens.

They are made from a random text that lies with the data, so that a copy or a snapshot keeps them, and a reset removes
both. `CREATE USER u IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'`, which a plain server does not know, becomes a
user with such a password, so that the front alone can log it in, after it has checked the token; where a query compares
the plugin of mysql.user with AWS's, such a user is found.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import replace_text

FILE = "mysql-secret"
PLUGIN = re.compile(
    rb"""IDENTIFIED\s+(?:WITH|VIA)\s+['"`]?AWSAuthenticationPlugin['"`]?(?:\s+(?:AS|BY|USING)\s+(?:'RDS'|"RDS"))?""",
    re.IGNORECASE,
)
COMPARED = re.compile(rb"""((?:\b\w+\.)?)plugin\s*=\s*'AWSAuthenticationPlugin'""", re.IGNORECASE)
USER = re.compile(rb"\b(?:CREATE|ALTER)\s+USER\b", re.IGNORECASE)


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


def with_token_users(statement: bytes, token_password: str) -> bytes:
    """The statement with the plugin of AWS replaced; any other statement as it is."""
    if b"awsauthenticationplugin" not in statement.lower():
        return statement
    if not USER.search(statement):
        found = f"authentication_string = '{native_hash(token_password)}'".encode()
        return COMPARED.sub(lambda match: b"(" + match[1] + found + b")", statement)
    return PLUGIN.sub(f"IDENTIFIED WITH mysql_native_password AS '{native_hash(token_password)}'".encode(), statement)
