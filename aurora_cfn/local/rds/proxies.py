"""RDS Proxy: each endpoint listens on this machine at the usual port of its engine, and forwards to its target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import rds, rds_data

from aurora_cfn.local.front.listener import KEPT, Front, Place
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, Backing, Record, given
from aurora_cfn.local.replacing import Inner, replace_rows
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.engine import ProxyRules

FAMILIES = {"POSTGRESQL": ("postgres", 5432), "MYSQL": ("mysql", 3306)}
"""The engine and the usual port of each EngineFamily."""


@dataclass(frozen=True, slots=True)
class Proxies:
    """The endpoints of all proxies; those to an engine that this machine has not are records only."""

    backing: Backing
    front: Front

    def install(self) -> None:
        """Replace ministack's actions."""
        replace_rows(rds._ACTION_MAP, {
            "CreateDBProxy": partial(self._opening, "DBProxyName"),
            "CreateDBProxyEndpoint": partial(self._opening, "DBProxyEndpointName"),
            "DeleteDBProxy": self._closing, "DeleteDBProxyEndpoint": self._closing,
        })  # fmt: skip

    def reopen(self) -> None:
        """After a restart: open every endpoint again, where it was if that place is free."""
        for (account, region, _), endpoint in list(rds._db_proxy_endpoints.all_items()):
            proxy = rds._db_proxies.get_scoped(account, region, endpoint["DBProxyName"])
            if proxy:
                self._open(proxy, endpoint, f"{account}/{region}")

    def shown(self) -> Iterator[dict[str, str]]:
        """Name, endpoint, region and account of every proxy endpoint that listens."""
        for (account, region, name), endpoint in sorted(rds._db_proxy_endpoints.all_items()):
            if endpoint.get(KEPT):
                address, port = endpoint[KEPT]
                yield {"name": name, "endpoint": f"{address}:{port}", "region": region, "account": account}

    def _opening(self, label: str, inner: Inner, parameters: dict[str, Any]) -> Any:
        status, headers, body = inner(parameters)
        if status >= 300:
            return status, headers, body
        # CreateDBProxy makes a default endpoint with the name of the proxy.
        endpoint = rds._db_proxy_endpoints[given(parameters, label)]
        before = endpoint["Endpoint"]
        scope = self.backing.key("", "").rstrip("/")
        self._open(rds._db_proxies[endpoint["DBProxyName"]], endpoint, scope)
        return status, headers, body.replace(before.encode(), endpoint["Endpoint"].encode())

    def _open(self, proxy: Record, endpoint: Record, scope: str) -> None:
        name, port = FAMILIES.get(proxy["EngineFamily"], ("", 0))
        if not self.backing.databases.versions.get(name):
            return
        engine = self.backing.databases.engine(name)
        protocol = engine.proxy_endpoint(lambda: self._target(proxy, scope), lambda: _rules(proxy, scope))
        endpoint["Endpoint"] = self.front.open_kept(endpoint, protocol, port)
        if endpoint.get("IsDefault"):
            proxy["Endpoint"] = endpoint["Endpoint"]

    def _closing(self, inner: Inner, parameters: dict[str, Any]) -> Any:
        name, proxy = given(parameters, "DBProxyEndpointName"), given(parameters, "DBProxyName")
        # Looked up first: the deletion of a proxy removes the records of all its endpoints.
        rows = [
            row
            for row in list(rds._db_proxy_endpoints.values())
            if row["DBProxyEndpointName"] == name or (proxy and row["DBProxyName"] == proxy)
        ]
        answer = inner(parameters)
        if answer[0] < 300:
            for row in rows:
                if row.get(KEPT):
                    self.front.close(Place(*row[KEPT]))
        return answer

    def _target(self, proxy: Record, scope: str) -> Database | None:
        for target in proxy["Targets"]:
            kind = INSTANCE if target["Type"] == "RDS_INSTANCE" else CLUSTER
            key = f"{scope}/{kind}/{target['RdsResourceId']}"
            if key in set(self.backing.databases.known()) and not self.backing.rules(key)().closed:
                return self.backing.databases.get(key)
        return None


def _rules(proxy: Record, scope: str) -> ProxyRules:
    tokens: dict[str, bool] = {}
    passwords: dict[str, str] = {}
    with request_scope(*scope.split("/")[:2]):
        for row in proxy["Auth"]:
            user, password, _ = rds_data._require_secret_credentials(row.get("SecretArn", ""))
            if user:
                passwords[user] = password
                tokens[user] = row.get("IAMAuth") in ("REQUIRED", "ENABLED")
    return ProxyRules(bool(proxy["RequireTLS"]), tokens, passwords)
