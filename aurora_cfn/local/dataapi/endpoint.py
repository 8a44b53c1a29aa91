"""The Data API's place in the server: which cluster, whose secret, and how answers and refusals travel."""

from __future__ import annotations

import json
from typing import Any

from ministack.core.concurrency import run_offloop
from ministack.services import rds, rds_data

from aurora_cfn.local.dataapi.errors import DataApiError, bad_request, check_request
from aurora_cfn.local.dataapi.mysql.runner import MysqlRunner
from aurora_cfn.local.dataapi.postgres.runner import PostgresRunner
from aurora_cfn.local.dataapi.service import DataApi
from aurora_cfn.local.dataapi.sessions import Runner, Target
from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds.backing import CLUSTER, Backing
from aurora_cfn.local.rds.limits import family
from aurora_cfn.local.servers.engine import Server

RESUMING = "The Aurora DB instance {} is resuming after being auto-paused. Please wait a few seconds and try again."
NO_SERVER = {
    "postgres": "there is no PostgreSQL on this machine, so {} is a record only: install PostgreSQL or set "
    "AURORA_CFN_PG_BIN",
    "mysql": "there is no MySQL or MariaDB on this machine, so {} is a record only: install mysql-server or "
    "mariadb-server, or set AURORA_CFN_MYSQL_BIN",
}

NO_DATA = (
    "{} is a record only, without data: it was made while this machine had no server for it, or the emulator's folder "
    "of databases is gone; delete its stack, and deploy it again"
)


def install(backing: Backing) -> None:
    """Answer in place of ministack's stub."""
    service = DataApi(lambda cluster, secret: _resolve(backing, cluster, secret))

    async def handle(_method: str, path: str, _headers: Any, body: bytes, _query: Any) -> Answer:
        found: Answer = await run_offloop(answer, service, path, body)
        return found

    rds_data.handle_request = handle


def answer(service: DataApi, path: str, body: bytes) -> Answer:
    """One request, as status, headers and body."""
    try:
        operation = service.operations.get(path)
        if operation is None:
            raise bad_request(f"Unknown operation {path}")
        check_request(body)
        return _response(200, operation(_decoded(body)))
    except DataApiError as error:
        status, headers, text = _response(error.status, {"message": str(error), "code": error.code})
        return status, headers | {"x-amzn-errortype": error.code}, text


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise bad_request("Invalid JSON in request body")
    return found


def _response(status: int, content: dict[str, Any]) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content, allow_nan=False).encode()


def _resolve(backing: Backing, cluster: str, secret: str) -> Target:
    """The server, the user and the password."""
    name = _cluster_name(cluster)
    record = rds._clusters.get(name)
    if record is None or record["DBClusterArn"] != cluster:
        raise bad_request(f"DB cluster {name} is not found")
    if not record.get("HttpEndpointEnabled"):
        raise DataApiError("HttpEndpointNotEnabledException", f"HttpEndpoint is not enabled for resource {name}")
    if not record.get("DBClusterMembers"):
        raise DataApiError("DatabaseNotFoundException", f"DB cluster {name} doesn't have a DB instance", 404)
    if record.get("Status") == "stopped":
        raise _unavailable(f"The writer instance in the DB cluster {name} isn't available.")
    if not backing.has(CLUSTER, name):
        engine = family(record["Engine"]) or "postgres"
        text = (NO_DATA if backing.databases.versions[engine] else NO_SERVER[engine]).format(name)
        if engine == "mysql":
            raise DataApiError("HttpEndpointNotEnabledException", text)
        raise _unavailable(text)
    user, password = _credentials(secret)
    runner: Runner = MysqlRunner() if family(record["Engine"]) == "mysql" else PostgresRunner()
    return Target(runner, _server(backing, name), user, password)


def _server(backing: Backing, name: str) -> Server:
    database = backing.databases.get(backing.key(CLUSTER, name))
    database.begin_resuming()
    if database.resuming_for() > 0:
        raise DataApiError("DatabaseResumingException", RESUMING.format(name))
    try:
        return database.wake()
    except OSError as error:
        raise _unavailable(str(error)) from error


def _unavailable(text: str) -> DataApiError:
    return DataApiError("DatabaseUnavailableException", text, 504)


def _cluster_name(arn: str) -> str:
    parts = arn.split(":", 6)
    if len(parts) != 7 or parts[2] != "rds" or parts[5] != "cluster":
        raise bad_request(f"Invalid resource ARN: {arn}")
    return parts[6]


def _credentials(secret: str) -> tuple[str, str]:
    user, password, error = rds_data._require_secret_credentials(secret)
    if error:
        said = json.loads(error[2])
        raise DataApiError(error[1].get("x-amzn-errortype") or said.get("__type") or said["code"], said["message"])
    if not user:
        text = f"Secret does not contain a username for ARN: {secret}"
        raise DataApiError("InvalidSecretException", text)
    return user, password
