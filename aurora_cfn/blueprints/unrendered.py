"""What a template's blueprint knows beside the template, without the blueprint: troposphere takes long to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aurora_cfn.parameters import Check
from aurora_cfn.template.summary import Unrendered

CODE: Final[Mapping[str, tuple[str, ...]]] = {
    "http-api": ("planets", "planets_migration", "migration_runner"),
    "dsql-api": ("games", "games_migration"),
    "databases-api": ("databases_api",),
}
"""Template name to the handlers in the zip file of its functions."""
_WHOLE = (
    *("SecondsUntilAutoPause", "DBBackupRetentionPeriod", "AllocatedStorage", "MaxAllocatedStorage"),
    *("MaxConnectionsPercent", "MaxIdleConnectionsPercent", "ConnectionBorrowTimeout", "IdleClientTimeout"),
    *("MemorySize", "ThrottleRate", "ThrottleBurst", "DailyQuota", "MaxClientsPerRegion"),
    *("Periods", "CpuPercent", "Connections", "CapacityPercent", "ReplicaLagMilliseconds", "HoursAwake"),
)
STEPS: Final[Mapping[str, float]] = dict.fromkeys(_WHOLE, 1) | dict.fromkeys(("MinCapacity", "MaxCapacity"), 0.5)
"""Parameter name to the step of its values: the type Number of CloudFormation takes any fraction."""


def unrendered(name: str) -> Unrendered:
    """What the shipped blueprint of that name does not write into its template."""
    return Unrendered(checks_of(name), STEPS, CODE.get(name, ()))


def checks_of(name: str) -> tuple[Check, ...]:
    """What CloudFormation cannot compare among the values of that template's parameters."""
    from aurora_cfn.blueprints.checks import client_vpn, database, dsql, network_ranges, target
    from aurora_cfn.blueprints.parts.engine import AURORA_MYSQL, AURORA_POSTGRES, RDS_POSTGRES

    return {
        "aurora-serverless-postgres": database.cluster_checks(AURORA_POSTGRES),
        "aurora-serverless-mysql": database.cluster_checks(AURORA_MYSQL),
        "rds-postgres": database.instance_checks(RDS_POSTGRES),
        "network": network_ranges.network_checks(),
        "rds-proxy": target.proxy_checks(),
        "client-vpn": client_vpn.vpn_checks(),
        "http-api": target.engine_checks(),
        "dsql": dsql.region_checks(),
        "monitoring": target.monitoring_checks(),
    }.get(name, ())
