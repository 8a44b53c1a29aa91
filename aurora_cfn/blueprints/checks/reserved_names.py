"""Names of a database, its first user and its identifier that RDS or the engine refuses."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.blueprints.parts.engine import Engine
from aurora_cfn.parameters import Check, Values


def identifier_checks(kind: str) -> tuple[Check, ...]:
    """The identifier that follows from EnvironmentName; `kind` is cluster or instance."""
    return (Check(("EnvironmentName", own_name(kind)), _hyphens(kind)),)


def database_name_checks(engine: Engine, sources: tuple[str, ...] = ()) -> tuple[Check, ...]:
    """DatabaseName against the words that the engine keeps for itself; `sources` are parameters that bring data."""

    def reserved(values: Values) -> str | None:
        name = values["DatabaseName"]
        # Data bring their databases: RDS is given no name, and clients may use `postgres`, which is always there.
        if any(values[source] for source in sources):
            return None
        return f"{name!r} is reserved in {engine.title}" if name.lower() in engine.reserved_databases else None

    return (Check(("DatabaseName", *sources), reserved),)


def user_checks(engine: Engine) -> tuple[Check, ...]:
    """MasterUsername against the words that the engine keeps for itself."""
    return (Check(("MasterUsername",), lambda values: _reserved(engine, values)),)


def own_name(kind: str) -> str:
    """The parameter that names the database: ClusterName or InstanceName."""
    return f"{kind.capitalize()}Name"


def default_suffix(kind: str) -> str:
    """What follows `<EnvironmentName>-` in the identifier of a database that is not given a name."""
    return {"cluster": "auroracluster", "instance": "database"}[kind]


def _hyphens(kind: str) -> Callable[[Values], str | None]:
    own = own_name(kind)

    def problem(values: Values) -> str | None:
        name = values["EnvironmentName"]
        if values[own] or not ("--" in name or name.endswith("-")):
            return None
        return (
            f"{name}-{default_suffix(kind)} is not a valid {kind} identifier, which has single hyphens only: set {own}"
        )

    return problem


def _reserved(engine: Engine, values: Values) -> str | None:
    name = values["MasterUsername"]
    reserved = name in engine.reserved_users or name.startswith(engine.reserved_prefixes)
    return f"{name!r} is reserved in {engine.title}" if reserved else None
