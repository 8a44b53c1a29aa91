"""Wrong combinations of a cluster's parameters: those CloudFormation can refuse, and those it cannot compare."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.aurora_parameters import MASTER_USERNAME
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.windows import SHORTEST, backup_minutes, maintenance_minutes, windows_overlap
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values


def aurora_rules(engine: Engine) -> dict[str, Value]:
    """The template's Rules: CloudFormation checks them before it makes anything."""
    major = engine.version.split(".", maxsplit=1)[0]
    return {
        "OneMasterUser": _rule(
            when={"Fn::Not": [{"Fn::Equals": [{"Ref": "DBMaster"}, ""]}]},
            must={"Fn::Equals": [{"Ref": "MasterUsername"}, MASTER_USERNAME]},
            why="DBMaster names a secret that holds the user name too: leave MasterUsername out",
        ),
        "NoPinUnderAutomaticUpgrades": _rule(
            when={"Fn::Equals": [{"Ref": "AutoMinorVersionUpgrade"}, "true"]},
            must={"Fn::Contains": [list(engine.majors), {"Ref": "EngineVersion"}]},
            why=f"AutoMinorVersionUpgrade needs an EngineVersion that names only the major version, such as {major}",
        ),
    }


def _rule(*, when: Value, must: Value, why: str) -> Value:
    return {"RuleCondition": when, "Assertions": [{"Assert": must, "AssertDescription": why}]}


def aurora_checks(engine: Engine) -> tuple[Check, ...]:
    """What CloudFormation cannot compare, refused while nothing has been called yet."""

    def reserved_database(values: Values) -> str | None:
        name = values["DatabaseName"]
        return f"{name!r} is reserved in {engine.title}" if name.lower() in engine.reserved_databases else None

    def reserved_user(values: Values) -> str | None:
        name = values["MasterUsername"]
        reserved = name in engine.reserved_users or name.startswith("pg_")
        return f"{name!r} is reserved in {engine.title}" if reserved else None

    return (
        Check(("MinCapacity", "MaxCapacity"), _capacity_order),
        Check(("DatabaseName",), reserved_database),
        Check(("MasterUsername",), reserved_user),
        Check(("BackupWindow", "MaintenanceWindow"), _window_order),
        Check(("BackupWindow",), _backup_length),
        Check(("MaintenanceWindow",), _maintenance_length),
        Check(("EnvironmentName", "ClusterName"), _cluster_name),
    )


def _capacity_order(values: Values) -> str | None:
    low, high = values["MinCapacity"], values["MaxCapacity"]
    return f"MinCapacity {low} is over MaxCapacity {high}" if float(low) > float(high) else None


def _window_order(values: Values) -> str | None:
    backup, maintenance = values["BackupWindow"], values["MaintenanceWindow"]
    return (
        f"BackupWindow {backup} overlaps MaintenanceWindow {maintenance}"
        if windows_overlap(backup, maintenance)
        else None
    )


def _backup_length(values: Values) -> str | None:
    minutes = backup_minutes(values["BackupWindow"])
    return f"{minutes} minutes are shorter than the {SHORTEST} that RDS asks for" if minutes < SHORTEST else None


def _maintenance_length(values: Values) -> str | None:
    minutes = maintenance_minutes(values["MaintenanceWindow"])
    return f"{minutes} minutes are shorter than the {SHORTEST} that RDS asks for" if minutes < SHORTEST else None


def _cluster_name(values: Values) -> str | None:
    name = values["EnvironmentName"]
    if values["ClusterName"] or not ("--" in name or name.endswith("-")):
        return None
    return f"{name}-auroracluster is no cluster identifier: hyphens must stand alone; set ClusterName"
