"""The registry: every blueprint, in the order in which a reader meets them."""

from __future__ import annotations

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.blueprints import (
    aurora_serverless_mysql,
    aurora_serverless_postgres,
    client_vpn,
    dsql,
    dsql_api,
    http_api,
    monitoring,
    network,
    rds_postgres,
    rds_proxy,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    aurora_serverless_postgres.BLUEPRINT,
    aurora_serverless_mysql.BLUEPRINT,
    rds_postgres.BLUEPRINT,
    network.BLUEPRINT,
    rds_proxy.BLUEPRINT,
    client_vpn.BLUEPRINT,
    http_api.BLUEPRINT,
    dsql.BLUEPRINT,
    dsql_api.BLUEPRINT,
    monitoring.BLUEPRINT,
)
