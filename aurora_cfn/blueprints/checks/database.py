"""What RDS or the engine refuses of a database: its names and first user, its capacity or storage, and its windows."""

from __future__ import annotations

from typing import Final

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.model.window import daily_window, weekly_window
from aurora_cfn.parameters import Check, Values

SOURCES: Final = ("SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId")
"""The parameters of a cluster that say where its data come from, of which at most one is given."""

# Minutes: RDS refuses a shorter window (API reference of CreateDBCluster, 2026-11-20).
_SHORTEST: Final = 30


def cluster_checks(engine: Engine) -> tuple[Check, ...]:
    """Those of an Aurora Serverless cluster."""
    return (_hyphens("cluster"), *capacity_checks(), *_database(engine, SOURCES))


def instance_checks(engine: Engine) -> tuple[Check, ...]:
    """Those of an RDS instance."""
    return (_hyphens("instance"), *storage_checks(), *_database(engine))


def _database(engine: Engine, sources: tuple[str, ...] = ()) -> tuple[Check, ...]:
    return (
        _reserved_database(engine, sources),
        Check(("MasterUsername",), lambda values: _reserved_user(engine, values)),
        Check(("BackupWindow", "MaintenanceWindow"), _overlap),
        Check(("BackupWindow",), lambda values: _too_short(values, "BackupWindow")),
        Check(("MaintenanceWindow",), lambda values: _too_short(values, "MaintenanceWindow")),
    )


def own_name(kind: str) -> str:
    """The parameter that names the database: ClusterName or InstanceName."""
    return f"{kind.capitalize()}Name"


def default_suffix(kind: str) -> str:
    """What follows `<EnvironmentName>-` in the identifier of a database that is not given a name."""
    return {"cluster": "auroracluster", "instance": "database"}[kind]


def _hyphens(kind: str) -> Check:
    """The identifier that follows from EnvironmentName."""
    own = own_name(kind)

    def problem(values: Values) -> str | None:
        name = values["EnvironmentName"]
        if values[own] or not ("--" in name or name.endswith("-")):
            return None
        return (
            f"{name}-{default_suffix(kind)} is not a valid {kind} identifier, which has single hyphens only: set {own}"
        )

    return Check(("EnvironmentName", own), problem)


def _reserved_database(engine: Engine, sources: tuple[str, ...]) -> Check:
    """DatabaseName against the words that the engine keeps for itself; `sources` are parameters that bring data."""

    def problem(values: Values) -> str | None:
        name = values["DatabaseName"]
        # Data bring their databases: RDS is given no name, and clients may use `postgres`, which is always there.
        if any(values[source] for source in sources):
            return None
        return f"{name!r} is reserved in {engine.title}" if name.lower() in engine.reserved_databases else None

    return Check(("DatabaseName", *sources), problem)


def _reserved_user(engine: Engine, values: Values) -> str | None:
    name = values["MasterUsername"]
    reserved = name in engine.reserved_users or name.startswith(engine.reserved_prefixes)
    return f"{name!r} is reserved in {engine.title}" if reserved else None


def _overlap(values: Values) -> str | None:
    backup, maintenance = values["BackupWindow"], values["MaintenanceWindow"]
    daily, weekly = daily_window(backup), weekly_window(maintenance)
    overlap = daily is not None and weekly is not None and daily.overlaps(weekly)
    return f"BackupWindow {backup} overlaps MaintenanceWindow {maintenance}" if overlap else None


def _too_short(values: Values, name: str) -> str | None:
    window = daily_window(values[name]) or weekly_window(values[name])
    if window is None or window.minutes >= _SHORTEST:
        return None
    return f"{name} {values[name]}: {window.minutes} minutes are shorter than the {_SHORTEST} that RDS requires"


MINIMUM = 2
"""ACU; the default of MinCapacity."""


def capacity_checks() -> tuple[Check, ...]:
    """The range of the capacity, and values that are not used while the cluster pauses or never does."""
    return (
        Check(("AutoPause", "MinCapacity", "MaxCapacity"), _order),
        Check(("AutoPause", "MinCapacity", "MinCapacity.written"), _minimum_of_a_pausing, severity="info"),
        Check(
            ("AutoPause", "SecondsUntilAutoPause", "SecondsUntilAutoPause.written"),
            _pause_of_a_running,
            severity="info",
        ),
    )


def _order(values: Values) -> str | None:
    low, high = values["MinCapacity"], values["MaxCapacity"]
    # The default is no choice of the user's, and a cluster that pauses does not use it.
    if values["AutoPause"] == "true" and float(low) == MINIMUM:
        return None
    return f"MinCapacity {low} is over MaxCapacity {high}" if float(low) > float(high) else None


def _minimum_of_a_pausing(values: Values) -> str | None:
    if values["AutoPause"] != "true" or "MinCapacity.written" not in values:
        return None
    low = values["MinCapacity"]
    return (
        f"MinCapacity {low} is not used while AutoPause is true: the cluster scales down to 0 ACU and pauses; set "
        f"AutoPause: false to keep {low} ACU running, or leave MinCapacity out"
    )


def _pause_of_a_running(values: Values) -> str | None:
    if values["AutoPause"] != "false" or "SecondsUntilAutoPause.written" not in values:
        return None
    low = values.get("MinCapacity", str(MINIMUM))
    return (
        f"SecondsUntilAutoPause {values['SecondsUntilAutoPause']} is not used while AutoPause is false: the cluster "
        f"never pauses and keeps {low} ACU running; set AutoPause: true, or leave SecondsUntilAutoPause out"
    )


def storage_checks() -> tuple[Check, ...]:
    """The threshold up to which the storage of an instance grows."""
    return (Check(("AllocatedStorage", "MaxAllocatedStorage"), _storage_order),)


def _storage_order(values: Values) -> str | None:
    now, most = int(values["AllocatedStorage"]), int(values["MaxAllocatedStorage"])
    if now == most or most * 10 >= now * 11:
        return None
    # RDS refuses a threshold that is not at least a tenth above the storage (RDS user guide, autoscaling, 2026-11-20).
    return f"MaxAllocatedStorage {most} must be {now} (no growth) or at least {-(-now * 11 // 10)}, a tenth more"
