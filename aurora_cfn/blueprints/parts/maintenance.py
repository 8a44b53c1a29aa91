"""Wrong combinations that every database can have, whether a cluster or an instance."""

from __future__ import annotations

from aurora_cfn.blueprints.parts.conditions import rule
from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.blueprints.parts.protection import MASTER_USERNAME, default_suffix
from aurora_cfn.blueprints.parts.windows import SHORTEST, backup_minutes, maintenance_minutes, windows_overlap
from aurora_cfn.model.value import Value
from aurora_cfn.parameters import Check, Values


def database_rules(engine: Engine) -> dict[str, Value]:
    """The template's Rules: CloudFormation checks them before it makes anything."""
    return {
        "OneMasterUser": rule(
            when={"Fn::Not": [{"Fn::Equals": [{"Ref": "DBMaster"}, ""]}]},
            must={"Fn::Equals": [{"Ref": "MasterUsername"}, MASTER_USERNAME]},
            why="DBMaster names a secret that holds the user name too: leave MasterUsername out",
        ),
        "NoPinUnderAutomaticUpgrades": rule(
            when={"Fn::Equals": [{"Ref": "AutoMinorVersionUpgrade"}, "true"]},
            must={"Fn::Contains": [list(engine.majors), {"Ref": "EngineVersion"}]},
            why="AutoMinorVersionUpgrade needs an EngineVersion that names only the major version, such as"
            f" {engine.major}",
        ),
    }


def database_checks(engine: Engine, kind: str) -> tuple[Check, ...]:
    """What CloudFormation cannot compare, refused while nothing has been called yet."""

    def reserved_database(values: Values) -> str | None:
        name = values["DatabaseName"]
        return f"{name!r} is reserved in {engine.title}" if name.lower() in engine.reserved_databases else None

    def reserved_user(values: Values) -> str | None:
        name = values["MasterUsername"]
        reserved = name in engine.reserved_users or name.startswith(engine.reserved_prefixes)
        return f"{name!r} is reserved in {engine.title}" if reserved else None

    def identifier(values: Values) -> str | None:
        name, own = values["EnvironmentName"], f"{kind.capitalize()}Name"
        if values[own] or not ("--" in name or name.endswith("-")):
            return None
        return f"{name}-{default_suffix(kind)} is no {kind} identifier: hyphens must stand alone; set {own}"

    return (
        Check(("DatabaseName",), reserved_database),
        Check(("MasterUsername",), reserved_user),
        Check(("BackupWindow", "MaintenanceWindow"), _window_order),
        Check(("BackupWindow",), _backup_length),
        Check(("MaintenanceWindow",), _maintenance_length),
        Check(("EnvironmentName", f"{kind.capitalize()}Name"), identifier),
    )


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
