from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import boto3
import psycopg
from aws_advanced_python_wrapper import AwsWrapperConnection
from cases import CLUSTER, Cases, refused, same
from postgres import AUTHORITY, DATABASE, HOST, PORT, reboot, secret

cases = Cases()
WHERE = f"host={HOST} port={PORT} dbname={DATABASE} sslmode=verify-full sslrootcert={AUTHORITY}"
REGION = os.environ.get("AWS_REGION", "")


def connect(**more: Any) -> Any:
    return AwsWrapperConnection.connect(psycopg.Connection.connect, WHERE, autocommit=True, **more)


def value(c: Any, sql: str) -> Any:
    with c.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def case(topic: str, name: str, **more: Any) -> Callable[[Callable[[Any], None]], None]:
    def take(work: Callable[[Any], None]) -> None:
        def run() -> None:
            master = secret()
            logins = (
                {}
                if "aws_secrets_manager" in more["plugins"]
                else {"user": master["username"], "password": master["password"]}
            )
            with connect(**logins, **more) as connection:
                work(connection)

        cases.add(topic, name, run)

    return take


@case("connection", "no plugin", plugins="")
def plain(c: Any) -> None:
    same(value(c, "select 1"), 1)


SECRETS = {"secrets_manager_secret_id": CLUSTER["secretArn"], "secrets_manager_region": REGION,
           "secrets_manager_endpoint": os.environ.get("AWS_ENDPOINT_URL", "")}  # fmt: skip


@case("secrets", "the plugin of Secrets Manager", plugins="aws_secrets_manager", **SECRETS)
def secrets(c: Any) -> None:
    same(value(c, "select current_user"), secret()["username"])


@case("secrets", "after a rotation it reads the secret again", plugins="aws_secrets_manager", **SECRETS)
def rotated(c: Any) -> None:
    boto3.client("secretsmanager").rotate_secret(SecretId=CLUSTER["secretArn"])
    with connect(plugins="aws_secrets_manager", **SECRETS) as other:
        same(value(other, "select 1"), 1)
    same(value(c, "select 1"), 1)


@case("timeouts", "the plugin that monitors the host", plugins="host_monitoring_v2")
def monitored(c: Any) -> None:
    same(value(c, "select count(*) from pg_sleep(0.2)"), 1)


@case("failover", "the default plugins, and a reboot of the writer", plugins="failover,aurora_connection_tracker")
def rebooted(c: Any) -> None:
    same(value(c, "select 1"), 1)
    reboot()
    with refused("Error"):
        value(c, "select 1")


@cases.case("tokens", "the plugin of IAM", "aws-advanced-python-wrapper: it takes names of RDS only, and no address")
def iam() -> None:
    with connect(plugins="iam", user=secret()["username"], iam_region=REGION, iam_host=HOST):
        pass


cases.run()
