"""RDS proxies and the databases behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aurora_cfn.lint.database import aurora_clusters
from aurora_cfn.lint.world import Resource

PROXY: Final = "AWS::RDS::DBProxy"
TARGETS: Final = "AWS::RDS::DBProxyTargetGroup"
# Amazon RDS API Reference, CreateDBProxy, EngineFamily.
FAMILIES: Final[Mapping[str, str]] = {
    "aurora-mysql": "MYSQL",
    "aurora-postgresql": "POSTGRESQL",
    "mariadb": "MYSQL",
    "mysql": "MYSQL",
    "postgres": "POSTGRESQL",
    "sqlserver-ee": "SQLSERVER",
    "sqlserver-ex": "SQLSERVER",
    "sqlserver-se": "SQLSERVER",
    "sqlserver-web": "SQLSERVER",
}


def databases_behind(proxy: Resource) -> Iterator[Resource]:
    """Clusters and instances of this template that the proxy leads to."""
    world = proxy.world
    for target in _targets(proxy):
        for cluster in aurora_clusters(world):
            if any(row.name == target.name for row in cluster.proxy_targets()):
                yield cluster.resource
        rows = (world.target(row) for row in target.items("DBInstanceIdentifiers") or ())
        yield from (row for row in rows if row is not None)


def engines_behind(proxy: Resource) -> Iterator[str]:
    """Engines of the databases that the proxy leads to."""
    engines = (row.get("Engine").text for row in databases_behind(proxy))
    yield from (engine.lower() for engine in engines if engine)


def _targets(proxy: Resource) -> Iterator[Resource]:
    name = proxy.get("DBProxyName").text
    for target in proxy.world.resources(TARGETS):
        found = target.get("DBProxyName")
        mine = found.reference and found.reference.logical_id == proxy.name
        if mine or (name is not None and found.text == name):
            yield target
