"""Where the MySQL cluster is, its master's password, and a context that trusts its certificate."""

from __future__ import annotations

import json
import os
import ssl

import boto3

CLUSTER = {
    "resourceArn": os.environ.get("AURORA_MYSQL_CLUSTER_ARN", ""),
    "secretArn": os.environ.get("AURORA_MYSQL_SECRET_ARN", ""),
}
DATABASE = os.environ.get("AURORA_MYSQL_DATABASE", "")
HOST = os.environ.get("AURORA_MYSQL_ADDRESS", "")
PORT = int(os.environ.get("AURORA_MYSQL_PORT", "3306"))
AUTHORITY = os.environ.get("LOCAL_CA", "")


def secret() -> dict[str, str]:
    """User and password of the master."""
    found = boto3.client("secretsmanager").get_secret_value(SecretId=CLUSTER["secretArn"])
    return json.loads(found["SecretString"])


def trusted() -> ssl.SSLContext:
    """The context of a client that verifies the server."""
    return ssl.create_default_context(cafile=AUTHORITY)
