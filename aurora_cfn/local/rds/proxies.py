"""RDS Proxy: each endpoint listens on this machine at the usual port of its engine, and forwards to its target."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import rds_data

from aurora_cfn.local.front.listener import Front, Place, Protocol, addresses, shown
from aurora_cfn.local.query import Action, Answer
from aurora_cfn.local.rds.backing import CLUSTER, INSTANCE, Backing, given
from aurora_cfn.local.servers.database_server import Database
from aurora_cfn.local.servers.engine import ProxyRules

PORTS = {"POSTGRESQL": 5432, "MYSQL": 3306}
FAMILIES = {"POSTGRESQL": "postgres", "MYSQL": "mysql"}
PLACE = "_local_place"
"""Key of a record under which its address is kept, so that a restart opens the same endpoint."""
Record = dict[str, Any]


class Proxies:
    """The endpoints of all proxies; those to an engine that this machine has not are records only."""

    def __init__(self, backing: Backing, front: Front) -> None:
        """Nothing is opened yet."""
        self._backing = backing
        self._front = front

    def install(self) -> None:
        """Put the wrapped actions into ministack's table."""
        table = self._backing.rds._ACTION_MAP
        table["CreateDBProxy"] = self._opening(table["CreateDBProxy"], "DBProxyName")
        table["CreateDBProxyEndpoint"] = self._opening(table["CreateDBProxyEndpoint"], "DBProxyEndpointName")
        table["DeleteDBProxy"] = self._closing(table["DeleteDBProxy"])
        table["DeleteDBProxyEndpoint"] = self._closing(table["DeleteDBProxyEndpoint"])

    def reopen(self) -> None:
        """After a restart: open every endpoint again, where it was if that place is free."""
        for (account, region, _), endpoint in list(self._backing.rds._db_proxy_endpoints.all_items()):
            proxy = self._backing.rds._db_proxies.get_scoped(account, region, endpoint["DBProxyName"])
            if proxy:
                self._open(proxy, endpoint, f"{account}/{region}")

    def shown(self) -> Iterator[dict[str, str]]:
        """Name, endpoint, region and account of every proxy endpoint that listens."""
        for (account, region, name), endpoint in sorted(self._backing.rds._db_proxy_endpoints.all_items()):
            if endpoint.get(PLACE):
                address, port = endpoint[PLACE]
                yield {"name": name, "endpoint": f"{address}:{port}", "region": region, "account": account}

    def _opening(self, inner: Action, label: str) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            status, headers, body = inner(parameters)
            if status >= 300:
                return status, headers, body
            rds = self._backing.rds
            # CreateDBProxy makes a default endpoint with the name of the proxy.
            endpoint = rds._db_proxy_endpoints[given(parameters, label)]
            before = endpoint["Endpoint"]
            scope = self._backing.key("", "").rstrip("/")
            self._open(rds._db_proxies[endpoint["DBProxyName"]], endpoint, scope)
            return status, headers, body.replace(before.encode(), endpoint["Endpoint"].encode())

        return action

    def _open(self, proxy: Record, endpoint: Record, scope: str) -> None:
        family = proxy["EngineFamily"]
        if not self._backing.databases.versions.get(FAMILIES.get(family, "")):
            return
        port = PORTS[family]
        kept = endpoint.get(PLACE)
        preferred = ([Place(*kept)] if kept else []) + addresses(port)
        place = self._front.open(self._endpoint_of(proxy, scope), preferred)
        endpoint[PLACE] = [place.address, place.port]
        endpoint["Endpoint"] = shown(place, port)
        if endpoint.get("IsDefault"):
            proxy["Endpoint"] = endpoint["Endpoint"]

    def _closing(self, inner: Action) -> Action:
        def action(parameters: dict[str, Any]) -> Answer:
            rds = self._backing.rds
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
                    if row.get(PLACE):
                        self._front.close(Place(*row[PLACE]))
            return answer

        return action

    def _endpoint_of(self, proxy: Record, scope: str) -> Protocol:
        engine = self._backing.databases.engine(FAMILIES[proxy["EngineFamily"]])
        return engine.proxy_endpoint(lambda: self._target(proxy, scope), lambda: _rules(proxy, scope))

    def _target(self, proxy: Record, scope: str) -> Database | None:
        for target in proxy["Targets"]:
            kind = INSTANCE if target["Type"] == "RDS_INSTANCE" else CLUSTER
            key = f"{scope}/{kind}/{target['RdsResourceId']}"
            if key in set(self._backing.databases.known()) and not self._backing.rules(key)().closed:
                return self._backing.databases.get(key)
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
