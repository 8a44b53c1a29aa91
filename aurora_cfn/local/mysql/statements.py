"""Statements that Aurora MySQL knows and a plain server does not: users who log in with IAM tokens.

`CREATE USER u IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'` becomes a user with a password that only this emulator
knows, so that the front alone can log it in, after it has checked the token; where a query compares the plugin of
mysql.user with AWS's, such a user is found.
"""

from __future__ import annotations

import re

from aurora_cfn.local.mysql.secret import native_hash

PLUGIN = re.compile(
    rb"""IDENTIFIED\s+(?:WITH|VIA)\s+['"`]?AWSAuthenticationPlugin['"`]?(?:\s+(?:AS|BY|USING)\s+(?:'RDS'|"RDS"))?""",
    re.IGNORECASE,
)
COMPARED = re.compile(rb"""((?:\b\w+\.)?)plugin\s*=\s*'AWSAuthenticationPlugin'""", re.IGNORECASE)
USER = re.compile(rb"\b(?:CREATE|ALTER)\s+USER\b", re.IGNORECASE)


def with_token_users(statement: bytes, token_password: str) -> bytes:
    """The statement with the plugin of AWS replaced; any other statement as it is."""
    if b"awsauthenticationplugin" not in statement.lower():
        return statement
    if not USER.search(statement):
        found = f"authentication_string = '{native_hash(token_password)}'".encode()
        return COMPARED.sub(lambda match: b"(" + match[1] + found + b")", statement)
    return PLUGIN.sub(f"IDENTIFIED WITH mysql_native_password AS '{native_hash(token_password)}'".encode(), statement)
