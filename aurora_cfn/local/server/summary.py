"""The status page: what runs here, and what of it is only a record."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ministack.services import apigateway, apigateway_v1
from ministack.services.cloudformation import _stacks as stacks

from aurora_cfn.local.distributed import KIND, Distributed
from aurora_cfn.local.front.listener import Place
from aurora_cfn.local.postgres.binaries import unusable
from aurora_cfn.local.rds.backing import INSTANCE, STORES, Backing
from aurora_cfn.local.rds.proxies import Proxies
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.program import Program
from aurora_cfn.local.stack_sets.records import shown as stack_sets
from aurora_cfn.local.types import RECORDS_ONLY
from aurora_cfn.local.types.secrets import is_emulated

NONE_FOUND = {
    "postgres": "none on this machine: clusters are records only (install PostgreSQL, or set AURORA_CFN_PG_BIN)",
    "mysql": "none on this machine: MySQL clusters are records only (install mysql-server or mariadb-server, or set "
    "AURORA_CFN_MYSQL_BIN)",
}
STACK_SETS = "by a wrapper of ours: any account exists, roles and AWS Organizations are not looked at"
ROTATION_SCHEDULE = "AWS::SecretsManager::RotationSchedule"
BY_SCHEDULE = "rotates when it is made, changed or asked to; not emulated: by its schedule"
NOT_MYSQL = (
    "MariaDB is not MySQL: ->, ->>, LATERAL, functional indexes and utf8mb4_0900_ai_ci fail here but not in Aurora; "
    "RETURNING and SEQUENCE work here only"
)


def summary(backing: Backing, proxies: Proxies, distributed: Distributed, bound: Sequence[Place]) -> dict[str, Any]:
    """Stacks, databases and proxies of every account and region, and the places that listen for databases, as JSON."""
    return {
        **{name: _programs(name, found) for name, found in backing.databases.versions.items()},
        "unusable": unusable(os.environ),
        "bound": [f"{place.address}:{place.port}" for place in bound],
        "stacks": list(_stacks()),
        "stack_sets": [{**row, "note": STACK_SETS} for row in stack_sets()],
        "databases": [*_databases(backing, distributed), *_records(backing)],
        "proxies": list(proxies.shown()),
        "apis": list(_apis()),
        "record_only": _record_only(),
    }


def _programs(engine: str, found: Sequence[Program]) -> str:
    names = [f"{each.title.removeprefix('PostgreSQL ')} ({each.source}: {each.folder})" for each in found]
    warning = f"; {NOT_MYSQL}" if found and found[-1].title.startswith("MariaDB") else ""
    return (", ".join(names) or NONE_FOUND[engine]) + warning


def pause(backing: Backing, wanted: Any) -> dict[str, Any]:
    """Pause every database of that identifier until a client connects; ValueError when there is none."""
    name, seconds = str((wanted or {}).get("name", "")), float((wanted or {}).get("resume_seconds", 10))
    # Aurora needs 15 to 30 s, and longer after a day: ten minutes are enough to try any client.
    if not 0 <= seconds <= 600:
        raise ValueError(f"{seconds:g} is not 0 to 600 seconds")
    keys = [key for key in backing.databases.known() if key.split("/")[2] in STORES]
    paused = [key for key in keys if key.endswith(f"/{name}")]
    if not paused:
        known = ", ".join(sorted(key.split("/")[3] for key in keys)) or "none"
        raise ValueError(f"no database is called {name!r} (there is: {known})")
    for key in paused:
        backing.databases.get(key).pause(seconds)
    return {"paused": paused, "resume_seconds": seconds}


def _stacks() -> Iterator[dict[str, str]]:
    for (account, region, name), stack in sorted(stacks.all_items(), key=lambda item: item[0]):
        if stack.get("StackStatus") != "DELETE_COMPLETE":
            yield {"name": name, "status": stack.get("StackStatus", ""), "region": region, "account": account}


def _databases(backing: Backing, distributed: Distributed) -> Iterator[dict[str, Any]]:
    for key in backing.databases.known():
        account, region, kind, name = key.split("/", 3)
        if kind not in (*STORES, KIND):
            continue
        database = backing.databases.get(key)
        endpoint = f"{database.place.address}:{database.place.port}" if database.place.port else ""
        state = (
            "paused" if database.is_paused else "running" if database.server.pid() else "asleep until a client connects"
        )
        yield {
            "name": name, "kind": kind, "endpoint": endpoint or distributed.endpoint(key),
            "version": _version(database, backing.record(key) if kind != KIND else None), "state": state,
            "region": region, "account": account,
        }  # fmt: skip


def _version(database: Database, record: dict[str, Any] | None) -> str:
    """The server that runs, and the version of the template where its major version is another one."""
    text, wanted = database.server.binaries.title, str((record or {}).get("EngineVersion", ""))
    if database.entry.engine == "mysql":
        return f"{text} in place of Aurora MySQL {wanted}"
    major = wanted.partition(".")[0]
    if not major.isdigit() or int(major) == database.entry.major:
        return text
    return f"{text}, {'OLDER' if database.entry.major < int(major) else 'newer'} than {wanted}"


def _records(backing: Backing) -> Iterator[dict[str, Any]]:
    """Clusters, and instances outside of clusters, that have no server."""
    known = set(backing.databases.known())
    for kind, store in STORES.items():
        for (account, region, name), record in sorted(store.all_items(), key=lambda item: item[0]):
            is_member = kind == INSTANCE and record.get("DBClusterIdentifier")
            if not is_member and f"{account}/{region}/{kind}/{name}" not in known:
                state = f"a record only: no {record['Engine']} server behind it"
                yield {"name": name, "kind": kind, "state": state, "region": region, "account": account}


def _apis() -> Iterator[dict[str, str]]:
    places = (
        (apigateway._apis, "/_aws/execute-api/{}/$default/"),
        (apigateway_v1._rest_apis, "/restapis/{}/STAGE/_user_request_/"),
    )
    for store, path in places:
        for (account, region, name), _ in list(store.all_items()):
            yield {"name": name, "path": path.format(name), "region": region, "account": account}


def _record_only() -> dict[str, int]:
    """Types that stand in some stack although nothing listens, routes or rotates for them, and how often."""
    rows = [row for _, stack in stacks.all_items() for row in (stack.get("_resources") or {}).values()]
    return dict(Counter(name for name in map(_recorded_as, rows) if name))


def _recorded_as(row: Mapping[str, Any]) -> str:
    """What of a resource is not emulated; empty when all is."""
    kind = str(row.get("ResourceType", ""))
    if kind != ROTATION_SCHEDULE:
        return kind if kind in RECORDS_ONLY else ""
    properties = row.get("Properties") or {}
    if is_emulated(properties):
        return f"{kind} ({BY_SCHEDULE})"
    hosted = (properties.get("HostedRotationLambda") or {}).get("RotationType", "no function")
    return f"{kind} (not emulated: {hosted})"
