"""Whether the functions of an HTTP API speak the protocol of the database behind ProxyEndpoint."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.parameters import Check, Values

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
