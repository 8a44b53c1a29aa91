"""A record of RDS and the database behind it: keys of the register, rules for sessions, endpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aurora_cfn.local.postgres.front.doors import Rules
from aurora_cfn.local.query import Answer
from aurora_cfn.local.servers.databases import Database, Databases, NoPostgresError

CLUSTER, INSTANCE, CLUSTER_SNAPSHOT, SNAPSHOT = "cluster", "db", "cluster-snapshot", "snapshot"
# Major version from which rds.force_ssl is 1 by default in RDS for PostgreSQL (RDS User Guide, "Requiring an SSL
# connection"); Aurora, whose default changed later, is treated alike.
FORCED_SINCE = 15
logger = logging.getLogger("aurora_cfn.rds")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backing:
    """The databases of RDS; `rds` is ministack's service module. Identifiers are those of the request's scope."""

    databases: Databases
    rds: Any

    def key(self, kind: str, name: str) -> str:
        """The register's key of a resource in the account and region of the running request."""
        from ministack.core.responses import get_account_id, get_region

        return f"{get_account_id()}/{get_region()}/{kind}/{name}"

    def record(self, key: str) -> Record | None:
        """The record of a key, in whatever scope it is."""
        account, region, kind, name = key.split("/", 3)
        stores = {CLUSTER: self.rds._clusters, INSTANCE: self.rds._instances}
        return stores[kind].get_scoped(account, region, name) if kind in stores else None

    def has(self, kind: str, name: str) -> bool:
        """Whether data stand behind the resource."""
        return self.key(kind, name) in self.databases.known()

    def rename(self, kind: str, old: str, new: str) -> None:
        """Move the data of a resource to its new identifier; clients connect where they did."""
        if self.has(kind, old):
            key = self.key(kind, new)
            self.databases.rename(self.key(kind, old), key)
            database = self.databases.open(key, self.rules(key))
            record = self.record(key)
            if record is not None:
                self.stamp(kind, record, database)

    def make(self, kind: str, record: Record, *, source: str = "") -> None:
        """Make the database of a new record, empty or a copy of another's key, and write its endpoint into the record.

        Engines other than PostgreSQL, and machines without it, keep the record alone.
        """
        if "postgres" not in record["Engine"]:
            return
        key = self.key(kind, record[f"DB{'Cluster' if kind == CLUSTER else 'Instance'}Identifier"])
        self.databases.drop(key)  # a leftover of a reset or a crash
        try:
            if source:
                self.databases.copy(source, key, _port(record))
            else:
                self.databases.create(key, _major(record), _port(record))
        except NoPostgresError:
            logger.warning("no PostgreSQL on this machine: %s is a record only", key)
            return
        database = self.databases.open(key, self.rules(key))
        version = database.server.binaries.version
        if database.entry.major < (_major(record) or 0):
            logger.warning("%s runs on PostgreSQL %s, older than %s", key, version, record["EngineVersion"])
        name = record.get("DatabaseName" if kind == CLUSTER else "DBName") or ""
        self.databases.furnish(key, record["MasterUsername"], record["_MasterUserPassword"], name)
        self.stamp(kind, record, database)

    def stamp(self, kind: str, record: Record, database: Database) -> None:
        """Write where the database is into its record, in the shape that ministack passes on to members."""
        place = {"Address": database.place.address, "Port": database.place.port, "HostedZoneId": "Z2R2ITUGPM61AM"}
        if kind == INSTANCE:
            record["Endpoint"] = place
            return
        # ministack gives a member the endpoint of its cluster once these two are set, as with its own containers.
        record["_shared_endpoint"] = place
        record["_shared_container_ready"] = True
        record["Endpoint"] = record["ReaderEndpoint"] = place["Address"]
        record["Port"] = place["Port"]
        for member in self._members(record):
            member["Endpoint"] = dict(place)

    def _members(self, cluster: Record) -> list[Record]:
        names = {member.get("DBInstanceIdentifier") for member in cluster.get("DBClusterMembers", [])}
        _, _, _, region, account, _ = cluster["DBClusterArn"].split(":", 5)
        return [
            row for row in self.rds._instances.values_scoped(account, region) if row["DBInstanceIdentifier"] in names
        ]

    def reopen(self) -> None:
        """After a restart: open the door of each database with a record; its server starts with the first session."""
        for key in self.databases.known():
            kind = key.split("/")[2]
            if kind not in (CLUSTER, INSTANCE):
                continue
            record = self.record(key)
            if record is not None:
                self.stamp(kind, record, self.databases.open(key, self.rules(key)))
            else:
                self.databases.drop(key)

    def rules(self, key: str) -> Callable[[], Rules]:
        """What the door of a database requires, read from its record for each session."""

        def now() -> Rules:
            record = self.record(key)
            if record is None:
                return Rules(closed="the database was deleted")
            status = record.get("Status") or record.get("DBInstanceStatus")
            if status == "stopped":
                return Rules(closed="the database is stopped")
            if "DBClusterMembers" in record and not record["DBClusterMembers"]:
                return Rules(closed="the DB cluster has no DB instances")
            return Rules(self._forces_tls(key, record), bool(record.get("IAMDatabaseAuthenticationEnabled")))

        return now

    def _forces_tls(self, key: str, record: Record) -> bool:
        account, region, kind, _ = key.split("/", 3)
        if kind == CLUSTER:
            group = self.rds._db_cluster_param_groups.get_scoped(account, region, record.get("DBClusterParameterGroup"))
        else:
            name = (record.get("DBParameterGroups") or [{}])[0].get("DBParameterGroupName")
            group = self.rds._param_groups.get_scoped(account, region, name)
        chosen = ((group or {}).get("Parameters") or {}).get("rds.force_ssl")
        if chosen is None:
            return (_major(record) or 0) >= FORCED_SINCE
        return str(chosen.get("ParameterValue") if isinstance(chosen, dict) else chosen) == "1"


def given(parameters: dict[str, Any], name: str) -> str:
    """One parameter of a request; empty when absent."""
    value = parameters.get(name, "")
    return str(value[0] if isinstance(value, list) else value) if value else ""


def refuse(backing: Backing, code: str, message: str, status: int = 400) -> Answer:
    """RDS's answer to a request that it refuses."""
    status, headers, body = backing.rds._error(code, message, status)
    return status, headers, body


def _major(record: Record) -> int | None:
    digits = str(record.get("EngineVersion", "")).partition(".")[0]
    return int(digits) if digits.isdigit() else None


def _port(record: Record) -> int:
    endpoint = record.get("Endpoint")
    port = endpoint.get("Port") if isinstance(endpoint, dict) else record.get("Port")
    return int(port or 0)
