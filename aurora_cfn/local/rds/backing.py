"""A record of RDS and the database behind it: keys of the register, rules for sessions, endpoints."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import rds

from aurora_cfn.local.query import Answer
from aurora_cfn.local.rds import limits
from aurora_cfn.local.rds.limits import RefusedError
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.databases import Databases, NoServerError
from aurora_cfn.local.servers.engine import Rules
from aurora_cfn.local.types.handlers import Begin

CLUSTER, INSTANCE, CLUSTER_SNAPSHOT, SNAPSHOT = "cluster", "db", "cluster-snapshot", "snapshot"
NOUNS = {CLUSTER: "DBCluster", INSTANCE: "DBInstance"}
"""How parameters of requests and fields of records begin: DBClusterIdentifier, DBInstanceArn."""
RESOURCE_IDS = {CLUSTER: "DbClusterResourceId", INSTANCE: "DbiResourceId"}
STORES = {CLUSTER: rds._clusters, INSTANCE: rds._instances}
logger = logging.getLogger("aurora_cfn.rds")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Backing:
    """The databases of RDS. Identifiers are those of the request's account and region."""

    databases: Databases
    begin: Begin
    """Note on disk that the database of a resource is being made, so that a kill leaves none half made."""
    ended: Callable[[str, str], None]
    """The note, by stack and logical id, is needed no longer once all is saved."""

    def key(self, kind: str, name: str) -> str:
        """The register's key of a resource in the account and region of the running request."""
        return f"{get_account_id()}/{get_region()}/{kind}/{name}"

    def record(self, key: str) -> Record | None:
        """The record of a key, in whatever scope it is."""
        account, region, kind, name = key.split("/", 3)
        return STORES[kind].get_scoped(account, region, name) if kind in STORES else None

    def has(self, kind: str, name: str) -> bool:
        """Whether data stand behind the resource."""
        return self.key(kind, name) in self.databases.known()

    def rename(self, kind: str, old: str, new: str) -> None:
        """Move the data of a resource to its new identifier, whose endpoint leads to them from now on."""
        if self.has(kind, old):
            key = self.key(kind, new)
            self.databases.rename(self.key(kind, old), key)
            database = self.databases.open(key, self.rules(key))
            record = self.record(key)
            if record is not None:
                self.stamp(kind, record, database)

    def make(self, kind: str, record: Record, *, source: str = "") -> None:
        """Make the database of a new record, empty or a copy of another's key, and write its endpoint into the record.

        Engines of other kinds, and machines without a server of the engine, keep the record alone.
        """
        engine = limits.family(record["Engine"])
        if not engine:
            return
        name = record[f"{NOUNS[kind]}Identifier"]
        self.begin(f"AWS::RDS::{NOUNS[kind]}", name, name, "")
        try:
            self._make(kind, record, engine, source)
        finally:
            self.ended("", name)

    def _make(self, kind: str, record: Record, engine: str, source: str) -> None:
        key = self.key(kind, record[f"{NOUNS[kind]}Identifier"])
        self.databases.drop(key)  # a leftover of a reset or a crash
        try:
            if source:
                self.databases.copy(source, key, _port(record))
            else:
                wanted = self.databases.engine(engine).wanted_major(record.get("EngineVersion", ""))
                self.databases.create(key, wanted, _port(record), engine)
        except NoServerError:
            logger.warning("no server for %s on this machine: %s is a record only", record["Engine"], key)
            return
        self.configure(key)
        database = self.databases.open(key, self.rules(key))
        database.entry.resource = record[RESOURCE_IDS[kind]]
        logger.info("%s: %s for %s", key, database.server.binaries.title, record.get("EngineVersion", ""))
        name = record.get("DatabaseName" if kind == CLUSTER else "DBName") or ""
        self.databases.set_up(key, record["MasterUsername"], record["_MasterUserPassword"], name)
        self.stamp(kind, record, database)

    def configure(self, key: str) -> None:
        """Hand the parameter group of a database to its server, which reads it when it starts."""
        record = self.record(key)
        database = self.databases.get(key)
        # Data in memory are gone when the machine restarts.
        if record is not None and database.server.folder.is_dir():
            self.databases.engine(database.entry.engine).configure(database.server, self._parameters(key, record))

    def stamp(self, kind: str, record: Record, database: Database) -> None:
        """Write where the database is into its record, in the shape that ministack passes on to members."""
        # The hosted zone is only shown: an alias record of Route 53 would need it.
        place = {"Address": database.place.address, "Port": database.place.port, "HostedZoneId": "Z2R2ITUGPM61AM"}
        if kind == INSTANCE:
            record["Endpoint"] = place
            return
        # ministack gives a member the endpoint of its cluster once these two are set, as with its own containers.
        record["_shared_endpoint"] = place
        record["_shared_container_ready"] = True
        record["Endpoint"] = record["ReaderEndpoint"] = place["Address"]
        record["Port"] = place["Port"]
        names = {member.get("DBInstanceIdentifier") for member in record.get("DBClusterMembers", [])}
        _, _, _, region, account, _ = record["DBClusterArn"].split(":", 5)
        for row in rds._instances.values_scoped(account, region):
            if row["DBInstanceIdentifier"] in names:
                row["Endpoint"] = dict(place)

    def reopen(self) -> None:
        """After a restart: open the endpoint of each database with a record; servers start with their first session.

        A port that another program took meanwhile is another one then.
        """
        self._find_renamed()
        for key in self.databases.known():
            kind = key.split("/")[2]
            record = self.record(key)
            if record is not None:
                self.configure(key)
                database = self.databases.open(key, self.rules(key))
                database.entry.resource = record[RESOURCE_IDS[kind]]
                self.stamp(kind, record, database)
            elif kind in STORES:
                # Nothing that a kill leaves looks so, but a state that was changed by hand does: the data stay.
                logger.warning("%s: there are data, and no record of RDS leads to them", key)

    def _find_renamed(self) -> None:
        """Move data to the key of the record with their resource id: a kill can save one of a renaming's two halves."""
        for key in self.databases.known():
            account, region, kind, _ = key.split("/", 3)
            if kind not in STORES or self.record(key) is not None:
                continue
            resource = self.databases.get(key).entry.resource
            for record in STORES[kind].values_scoped(account, region):
                other = f"{account}/{region}/{kind}/{record[f'{NOUNS[kind]}Identifier']}"
                if resource and record[RESOURCE_IDS[kind]] == resource and other not in self.databases.known():
                    self.databases.rename(key, other)
                    break

    def rules(self, key: str) -> Callable[[], Rules]:
        """What the endpoint of a database requires, read from its record for each session."""

        def now() -> Rules:
            record = self.record(key)
            if record is None:
                return Rules(closed="the database was deleted")
            status = record.get("Status") or record.get("DBInstanceStatus")
            if status == "stopped":
                return Rules(closed="the database is stopped")
            if "DBClusterMembers" in record and not record["DBClusterMembers"]:
                return Rules(closed="the DB cluster has no DB instances")
            engine = self.databases.engine(limits.family(record["Engine"]) or "postgres")
            forces_tls = engine.forces_tls(record.get("EngineVersion", ""), self._parameters(key, record))
            return Rules(forces_tls, bool(record.get("IAMDatabaseAuthenticationEnabled")))

        return now

    def _parameters(self, key: str, record: Record) -> dict[str, str]:
        account, region, kind, _ = key.split("/", 3)
        if kind == CLUSTER:
            group = rds._db_cluster_param_groups.get_scoped(account, region, record.get("DBClusterParameterGroup"))
        else:
            name = (record.get("DBParameterGroups") or [{}])[0].get("DBParameterGroupName")
            group = rds._param_groups.get_scoped(account, region, name)
        found = (group or {}).get("Parameters") or {}
        return {
            name: str(value.get("ParameterValue") if isinstance(value, dict) else value)
            for name, value in found.items()
        }


def given(parameters: Mapping[str, Any], name: str) -> str:
    """One parameter of a request; empty when absent."""
    value = parameters.get(name, "")
    return str(value[0] if isinstance(value, list) else value) if value else ""


def replace_actions(backing: Backing, ours: Mapping[str, Callable[..., Any]]) -> None:
    """Replace actions of RDS; each of ours gets the backing, the action that was there before, and the parameters."""
    for name, action in ours.items():
        rds._ACTION_MAP[name] = partial(_run, partial(action, backing, rds._ACTION_MAP[name]))


def add_actions(backing: Backing, ours: Mapping[str, Callable[..., Any]]) -> None:
    """Add actions that ministack lacks; each gets the backing and the parameters."""
    for name, action in ours.items():
        rds._ACTION_MAP[name] = partial(_run, partial(action, backing))


def _run(action: Callable[[Any], Any], parameters: Any) -> Any:
    try:
        return action(parameters)
    except RefusedError as refused:
        return rds._error(refused.code, str(refused), refused.status)


def answered(action: str, inner: str) -> Answer:
    """RDS's answer to an action, with that XML as its result."""
    answer: Answer = rds._xml(200, f"{action}Response", f"<{action}Result>{inner}</{action}Result>")
    return answer


def _port(record: Record) -> int:
    endpoint = record.get("Endpoint")
    port = endpoint.get("Port") if isinstance(endpoint, dict) else record.get("Port")
    return int(port or 0)
