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


def writer() -> str:
    """The identifier of the cluster's writer."""
    name = CLUSTER["resourceArn"].rpartition(":")[2]
    found = boto3.client("rds").describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0]["DBClusterMembers"]
    return next(row["DBInstanceIdentifier"] for row in found if row["IsClusterWriter"])
