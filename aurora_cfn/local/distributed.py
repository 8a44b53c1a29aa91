"""Aurora DSQL: each cluster is a PostgreSQL of its own, behind an endpoint that speaks as DSQL does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from ministack.core.responses import AccountScopedDict, get_account_id
from ministack.services import dsql

from aurora_cfn.local.front.listener import KEPT, Front, Place
from aurora_cfn.local.postgres.front.distributed import DsqlEndpoint, extend_dialect, prepare
from aurora_cfn.local.postgres.front.session import session
from aurora_cfn.local.postgres.server import PostgresServer
from aurora_cfn.local.query import Answer
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.servers.databases import Databases, NoServerError
from aurora_cfn.local.servers.engine import Awake
from aurora_cfn.model.resource_types import DSQL_ADMIN

# Clients of DSQL know a host name only, and connect to this port.
PORT = 5432
KIND = "dsql"
DATABASE = "postgres"
MAJOR = 16
"""DSQL is compatible with PostgreSQL 16 (Aurora DSQL User Guide, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Distributed:
    """The clusters' databases and endpoints."""

    databases: Databases
    front: Front

    def install(self) -> None:
        """Stand behind ministack's creating and deleting of clusters."""
        extend_dialect()
        replace(dsql, "_create_cluster", self._creating)
        replace(dsql, "_delete_cluster", self._deleting)
        _keep_state()

    def reopen(self) -> None:
        """After a restart: open the endpoints again, and drop the data of clusters that are gone."""
        rows = {self._key(account, name): row for (account, name), row in list(dsql._clusters._data.items())}
        for key in [each for each in self.databases.known() if each.split("/")[2] == KIND]:
            if key in rows:
                self._open(key, rows[key])
            else:
                self.databases.drop(key)

    def _creating(self, inner: Inner, data: dict[str, Any]) -> Answer:
        answer: Answer = inner(data)
        found = json.loads(answer[2]) if answer[0] < 300 else {}
        row = dsql._clusters.get(found.get("identifier"))
        if row is None or row.get(KEPT):
            return answer
        key = self._key(get_account_id(), row["identifier"])
        try:
            self.databases.create(key, MAJOR, 0)
        except NoServerError:
            return answer
        # DSQL has no passwords: this one is never used, sessions are let in by their token.
        self.databases.set_up(key, DSQL_ADMIN, secrets.token_urlsafe(24), DATABASE)
        prepare(cast(PostgresServer, self.databases.get(key).wake()))
        self._open(key, row)
        text = json.dumps(found | {"endpoint": row["endpoint"]}).encode()
        return answer[0], answer[1], text

    def _open(self, key: str, row: dict[str, Any]) -> None:
        region = row["arn"].split(":")[3]
        endpoint = DsqlEndpoint(cast(Awake[PostgresServer], self.databases.adopt(key)), row["identifier"], region)
        row["endpoint"] = self.front.open_kept(row, partial(session, endpoint), PORT)

    def _deleting(self, inner: Inner, identifier: str, query: Any) -> Answer:
        row = dsql._clusters.get(identifier) or {}
        answer: Answer = inner(identifier, query)
        if answer[0] < 300 and row.get(KEPT):
            self.front.close(Place(*row[KEPT]))
            self.databases.drop(self._key(get_account_id(), identifier))
        return answer

    def endpoint(self, key: str) -> str:
        """Address and port of a cluster's endpoint; empty when there is none."""
        account, _, _, name = key.split("/")
        address, port = (dsql._clusters._data.get((account, name)) or {}).get(KEPT, ("", ""))
        return f"{address}:{port}" if address else ""

    def _key(self, account: str, identifier: str) -> str:
        # Identifiers of DSQL are random, and ministack keeps clusters by account alone.
        return f"{account}/any/{KIND}/{identifier}"


def _keep_state() -> None:
    """Let the state be written: in ministack 1.5.33 its keys are tuples, which JSON lacks, so all clusters are lost."""

    def get_state(inner: Inner) -> dict[str, Any]:
        return {name: _scoped(value) for name, value in inner().items()}

    def load(inner: Inner, state: dict[str, Any]) -> Any:
        return inner({name: getattr(value, "_data", value) for name, value in state.items()})

    replace(dsql, "get_state", get_state)
    replace(dsql, "load_persisted_state", load)


def _scoped(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found = AccountScopedDict()
    found._data.update(value)
    return found
