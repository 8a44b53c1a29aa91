"""Wrong combinations of a proxy's parameters, and of a proxy and the database behind it."""

from __future__ import annotations

from aurora_cfn.parameters import Check, Values


def proxy_checks() -> tuple[Check, ...]:
    """What CloudFormation cannot compare; `TargetName.X` is the parameter X of the stack that TargetName refers to."""
    return (
        Check(("MaxIdleConnectionsPercent", "MaxConnectionsPercent"), _idle_order),
        Check(("EngineFamily", "TargetName.EngineVersion"), _family),
        Check(("TargetType", "TargetName.InstanceClass"), _no_cluster),
        Check(("TargetType", "TargetName.MaxCapacity"), _no_instance),
        Check(("TargetName.AutoPause",), _keeps_awake, severity="warning"),
    )


def _idle_order(values: Values) -> str | None:
    idle, most = values["MaxIdleConnectionsPercent"], values["MaxConnectionsPercent"]
    over = int(idle) > int(most)
    return f"MaxIdleConnectionsPercent {idle} is over MaxConnectionsPercent {most}" if over else None


def _family(values: Values) -> str | None:
    asked, version = values["EngineFamily"], values["TargetName.EngineVersion"]
    # PostgreSQL 8 is long gone: a version that starts with 8 is MySQL.
    spoken = "MYSQL" if version.startswith("8.") else "POSTGRESQL"
    return None if asked == spoken else f"EngineFamily {asked} does not fit a database of version {version}: {spoken}"


def _no_cluster(values: Values) -> str | None:
    return "TargetType is cluster, but TargetName is an instance" if values["TargetType"] == "cluster" else None


def _no_instance(values: Values) -> str | None:
    return "TargetType is instance, but TargetName is a cluster" if values["TargetType"] == "instance" else None


def _keeps_awake(values: Values) -> str | None:
    if values["TargetName.AutoPause"] != "true":
        return None
    return (
        "the proxy keeps connections open, so its cluster never pauses although AutoPause is true: set AutoPause false"
        " there, with the MinCapacity that you want to pay for"
    )
