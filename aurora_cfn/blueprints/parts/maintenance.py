"""When AWS may work on a database, and whether it may install minor versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from troposphere import Ref

from aurora_cfn.blueprint import ParameterGroup
from aurora_cfn.blueprints.parts.conditions import rule
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.parameters import BOOLEAN, Parameter


def maintenance_group(engine: Engine, kind: str) -> ParameterGroup:
    """BackupWindow, MaintenanceWindow and AutoMinorVersionUpgrade."""
    patched = "the instances" if kind == "cluster" else "it"
    rows = (
        Parameter(
            "BackupWindow", "Daily time in UTC when backups are taken; it must not overlap the maintenance window.",
            default="02:00-03:00", group="Operation",
            pattern="^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$",
            constraint="hh:mm-hh:mm in UTC, at least 30 minutes",
        ),
        Parameter(
            "MaintenanceWindow", f"Weekly time in UTC when AWS may patch {patched}.",
            default="sun:03:30-sun:04:30", group="Operation",
            pattern="^(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]"
            "-(mon|tue|wed|thu|fri|sat|sun):([01][0-9]|2[0-3]):[0-5][0-9]$",
            constraint="ddd:hh:mm-ddd:hh:mm in UTC, at least 30 minutes",
        ),
        Parameter(
            "AutoMinorVersionUpgrade",
            "Whether AWS installs minor versions in the maintenance window. true needs an EngineVersion that names only"
            " the major version: a full one would be a downgrade, which RDS refuses, at the next deploy.",
            default="false", group="Operation", allowed=BOOLEAN,
        ),
    )  # fmt: skip
    return ParameterGroup(
        rows,
        rules={
            "NoPinUnderAutomaticUpgrades": rule(
                when={"Fn::Equals": [{"Ref": "AutoMinorVersionUpgrade"}, "true"]},
                must={"Fn::Contains": [list(engine.majors), {"Ref": "EngineVersion"}]},
                why="AutoMinorVersionUpgrade needs an EngineVersion that names only the major version, such as"
                f" {engine.major}",
            )
        },
    )


def windows() -> Mapping[str, Any]:
    """The properties of a database that say when AWS may work on it."""
    return {
        "PreferredBackupWindow": Ref("BackupWindow"),
        "PreferredMaintenanceWindow": Ref("MaintenanceWindow"),
    }
