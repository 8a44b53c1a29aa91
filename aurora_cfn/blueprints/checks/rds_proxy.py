"""Parameters of a proxy that cannot work with each other, or with the database behind it."""

from __future__ import annotations

from aurora_cfn.blueprints.checks.target import target_checks
from aurora_cfn.parameters import Check, Values


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
