"""Where the PostgreSQL cluster is, its master's password, tokens, and how a server goes away and comes back."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache

import boto3
from cases import CLUSTER, DATABASE

HOST = os.environ.get("DATABASE_HOST", "")
PORT = int(os.environ.get("DATABASE_PORT", "5432"))
AUTHORITY = os.environ.get("LOCAL_CA", "")
NAME = CLUSTER["resourceArn"].rpartition(":")[2]


def secret() -> dict[str, str]:
    """User and password of the master, as they are now."""
    found = boto3.client("secretsmanager").get_secret_value(SecretId=CLUSTER["secretArn"])
    return json.loads(found["SecretString"])


def dsn(**more: object) -> str:
    """The connection string of a client of libpq that verifies the server."""
    given = {"host": HOST, "port": PORT, "dbname": DATABASE, "sslmode": "verify-full", "sslrootcert": AUTHORITY}
    master = secret()
    given |= {"user": master["username"], "password": master["password"]} | more
    return " ".join(f"{key}='{value}'" for key, value in given.items())


def token(user: str) -> str:
    """An IAM token for a user of the database."""
    return boto3.client("rds").generate_db_auth_token(HOST, PORT, user)


@cache
def writer() -> str:
    """The identifier of the cluster's writer."""
    found = boto3.client("rds").describe_db_clusters(DBClusterIdentifier=NAME)["DBClusters"][0]["DBClusterMembers"]
    return next(row["DBInstanceIdentifier"] for row in found if row["IsClusterWriter"])


def reboot() -> None:
    """Reboot the writer, which ends every session."""
    boto3.client("rds").reboot_db_instance(DBInstanceIdentifier=writer())


def pause(seconds: int = 1) -> None:
    """Pause the cluster; the next connection resumes it after that time."""
    command = [
        os.environ["AURORA_CFN_PYTHON"],
        "-m",
        "aurora_cfn",
        "local",
        "pause",
        NAME,
        "--resume-after",
        str(seconds),
    ]
    subprocess.run(command, cwd=os.environ["PROJECT"], check=True, capture_output=True, text=True)
