"""Whether a stack fits the database, or the proxy, that its parameters lead to."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.parameters import Check, Values


def target_checks() -> tuple[Check, ...]:
    """TargetType against the stack that TargetName refers to.

    InstanceClass is a parameter of rds-postgres, MaxCapacity one of the Aurora templates.
    """
    return (
        Check(("TargetType", "TargetName.InstanceClass"), _mismatch("cluster", "instance")),
        Check(("TargetType", "TargetName.MaxCapacity"), _mismatch("instance", "cluster")),
    )


def monitoring_checks() -> tuple[Check, ...]:
    """The kind of database, and whether it pauses."""
    return (*target_checks(), Check(("ExpectPause", "TargetName.AutoPause"), _never_pauses, severity="warning"))


def _never_pauses(values: Values) -> str | None:
    if values["ExpectPause"] == "true" and values["TargetName.AutoPause"] == "false":
        return "ExpectPause is true, but the cluster has AutoPause false: the alarm NeverPausing will always be on"
    return None


def _mismatch(given: str, real: str) -> Callable[[Values], str | None]:
    article = {"cluster": "a cluster", "instance": "an instance"}[real]

    def problem(values: Values) -> str | None:
        return f"TargetType is {given}, but TargetName is {article}" if values["TargetType"] == given else None

    return problem


_TITLES = {"mysql": "MySQL", "postgresql": "PostgreSQL"}


def engine_checks() -> tuple[Check, ...]:
    """Engine against the proxy or the cluster behind ProxyEndpoint."""
    keys = ("ProxyEndpoint.EngineFamily", "ProxyEndpoint.EngineVersion")
    return tuple(Check(("Engine", key), _other_engine(key)) for key in keys)


def _other_engine(key: str) -> Callable[[Values], str | None]:
    """A check of the stack behind ProxyEndpoint: the functions speak the protocol of Engine."""

    def problem(values: Values) -> str | None:
        found, engine = values[key], values["Engine"]
        # A proxy's EngineFamily, or the version of a cluster: PostgreSQL 8 ended in 2014, so 8 is MySQL's.
        there = "mysql" if found == "MYSQL" or found.startswith(("8.", "5.7")) else "postgresql"
        if there == engine:
            return None
        return (
            f"ProxyEndpoint leads to {_TITLES[there]} ({key.rpartition('.')[2]} {found}), and the functions speak "
            f"{_TITLES[engine]}: set Engine {there}, or name a proxy or a cluster of {_TITLES[engine]}"
        )

    return problem


def proxy_checks() -> tuple[Check, ...]:
    """The database behind the proxy and its pause, its secret, the subnets, and the shares of connections."""
    return (
        *target_checks(),
        Check(("EngineFamily", "TargetName.EngineVersion"), _other_family),
        Check(("TargetName.AutoPause",), _keeps_awake, severity="warning"),
        Check(("SecretArn.DBMaster",), _secret_by_name),
        Check(("SubnetIds",), _one_subnet),
        Check(("MaxIdleConnectionsPercent", "MaxConnectionsPercent"), _idle_over_maximum),
    )


def _other_family(values: Values) -> str | None:
    asked, version = values["EngineFamily"], values["TargetName.EngineVersion"]
    # PostgreSQL 8 ended in 2014: a version that starts with 8 is MySQL's.
    right = "MYSQL" if version.startswith("8.") else "POSTGRESQL"
    return None if asked == right else f"EngineFamily {asked} does not fit a database of version {version}: {right}"


def _keeps_awake(values: Values) -> str | None:
    if values["TargetName.AutoPause"] != "true":
        return None
    return (
        "the proxy keeps connections open, so its cluster never pauses although AutoPause is true: set AutoPause false"
        " there, with the MinCapacity that you want to pay for"
    )


def _secret_by_name(values: Values) -> str | None:
    master = values["SecretArn.DBMaster"]
    if not master or master.startswith("arn:"):
        return None
    return (
        f"the database's stack has DBMaster {master}, the name of a secret: its output SecretArn lacks the six"
        " characters at the end of an ARN, so the proxy's role could read no secret; give DBMaster the whole ARN"
    )


def _idle_over_maximum(values: Values) -> str | None:
    idle, most = values["MaxIdleConnectionsPercent"], values["MaxConnectionsPercent"]
    over = int(idle) > int(most)
    return f"MaxIdleConnectionsPercent {idle} is over MaxConnectionsPercent {most}" if over else None


def _one_subnet(values: Values) -> str | None:
    few = "," not in values["SubnetIds"]
    return "SubnetIds names one subnet: a proxy needs subnets in at least two zones" if few else None
