"""What Amazon RDS refuses of a request to create or modify a database, with its error codes and sentences.

Sources: Amazon RDS API Reference (limits of each parameter, read 2026-11); the sentences are those that users of
CloudFormation and other tools report from their deployments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from aurora_cfn.facts.reserved import is_reserved_database, reserved_prefixes, reserved_users

Refusal: TypeAlias = tuple[str, str]
"""An error code and its message."""
Wanted: TypeAlias = Mapping[str, str]
"""The parameters of a request as text, nested ones under names such as `A.B`; absent where they are not given."""

IDENTIFIER = re.compile(r"[A-Za-z](?:-?[A-Za-z0-9])*")
IDENTIFIER_RULE = (
    "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
    "and must not end with a hyphen or contain two consecutive hyphens."
)
LONGEST_IDENTIFIER = 63
DATABASE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_DATABASE_NAME = {"postgres": 63, "mysql": 64}
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, {"postgres": 128, "mysql": 41}
LONGEST_AURORA_PASSWORD = 41  # whichever its engine
SMALLEST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}
"""GiB by storage type, for MySQL, MariaDB and PostgreSQL."""
LARGEST_CAPACITY = 256.0
ENGINES = frozenset({"aurora-postgresql", "aurora-mysql", "postgres", "mysql", "mariadb"})
OTHER_ENGINES = ("oracle-", "sqlserver-", "custom-", "db2-", "neptune", "docdb")
CLUSTER, INSTANCE = "DBClusterIdentifier", "DBInstanceIdentifier"


def of_new(wanted: Wanted, identifier: str) -> Refusal | None:
    """Why a new cluster or instance is refused, or None; `identifier` is the name of its own parameter."""
    member = identifier == INSTANCE and bool(wanted.get(CLUSTER))
    return next(_of_new(wanted, identifier, member=member), None)


def _of_new(wanted: Wanted, identifier: str, *, member: bool) -> Iterator[Refusal]:
    engine = wanted.get("Engine", "")
    if engine not in ENGINES and not engine.startswith(OTHER_ENGINES):
        yield "InvalidParameterValue", "Invalid DB engine"
    yield from _bad_identifier(identifier, wanted.get(identifier, ""))
    yield from _bad_capacity(wanted)
    if identifier == INSTANCE and engine.startswith("aurora") and not member:
        text = f"Engine {engine} requires that the DB instance belongs to a DB cluster: give DBClusterIdentifier."
        yield "InvalidParameterCombination", text
    if not member:
        yield from _bad_master(wanted, engine)
        yield from _bad_database(wanted.get("DatabaseName") or wanted.get("DBName") or "", engine)
    if identifier == INSTANCE and engine in ("postgres", "mysql", "mariadb"):
        yield from _bad_storage(wanted, engine, 0)


def of_change(wanted: Wanted, record: Mapping[str, Any]) -> Refusal | None:
    """Why a change of an existing cluster or instance is refused, or None; `record` is what it is now."""
    return next(_of_change(wanted, record), None)


def _of_change(wanted: Wanted, record: Mapping[str, Any]) -> Iterator[Refusal]:
    engine = str(record.get("Engine", ""))
    for name in ("NewDBClusterIdentifier", "NewDBInstanceIdentifier"):
        if wanted.get(name):
            yield from _bad_identifier(name, wanted[name])
    yield from _bad_capacity(wanted)
    yield from _bad_password(wanted.get("MasterUserPassword", ""), engine)
    version, now = wanted.get("EngineVersion", ""), str(record.get("EngineVersion", ""))
    if version and now and version != now:
        yield from _bad_upgrade(engine, now, version, wanted.get("AllowMajorVersionUpgrade", "") == "true")
    if wanted.get("AllocatedStorage") and engine in ("postgres", "mysql", "mariadb"):
        yield from _bad_storage(wanted, engine, int(record.get("AllocatedStorage") or 0))


def family(engine: str) -> str:
    """`postgres` or `mysql`; empty for engines of other kinds."""
    return "postgres" if "postgres" in engine else "mysql" if engine in ("aurora-mysql", "mysql", "mariadb") else ""


def _bad_identifier(parameter: str, name: str) -> Iterator[Refusal]:
    if len(name) > LONGEST_IDENTIFIER or not IDENTIFIER.fullmatch(name):
        yield "InvalidParameterValue", f"The parameter {parameter} is not a valid identifier. {IDENTIFIER_RULE}"


def _bad_capacity(wanted: Wanted) -> Iterator[Refusal]:
    lowest, highest = (
        _number(wanted.get(f"ServerlessV2ScalingConfiguration.{name}Capacity")) for name in ("Min", "Max")
    )
    for word, value, least in (("minimum", lowest, 0.0), ("maximum", highest, 1.0)):
        if value is None:
            continue
        what = f"Serverless v2 {word} capacity {value} isn't valid. The {word} capacity must be"
        if value < least:
            yield "InvalidParameterValue", f"{what} at least {least}."
        if value > LARGEST_CAPACITY:
            yield "InvalidParameterValue", f"{what} at most {LARGEST_CAPACITY}."
        if value * 2 != int(value * 2):
            yield "InvalidParameterValue", f"{what} a multiple of 0.5."
    if lowest is not None and highest is not None and lowest > highest:
        text = (
            f"Serverless v2 minimum capacity {lowest} isn't valid. It must not exceed the maximum capacity {highest}."
        )
        yield "InvalidParameterValue", text
    pause = _number(wanted.get("ServerlessV2ScalingConfiguration.SecondsUntilAutoPause"))
    if pause is not None and not 300 <= pause <= 86_400:
        yield "InvalidParameterValue", "SecondsUntilAutoPause must be between 300 and 86400."
    if pause is not None and lowest:
        yield "InvalidParameterCombination", "SecondsUntilAutoPause can only be specified when minimum capacity is 0."


def _bad_master(wanted: Wanted, engine: str) -> Iterator[Refusal]:
    user = wanted.get("MasterUsername", "")
    # Users that an engine has already are refused too: the local server could not create them.
    if user.lower() in reserved_users(engine, avoided=True) or user.lower().startswith(reserved_prefixes(engine)):
        yield (
            "InvalidParameterValue",
            f"MasterUsername {user} cannot be used as it is a reserved word used by the engine",
        )
    if user and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user):
        yield "InvalidParameterValue", f"The parameter MasterUsername {user} is not valid: it begins with a letter."
    yield from _bad_password(wanted.get("MasterUserPassword", ""), engine)


def _bad_password(password: str, engine: str) -> Iterator[Refusal]:
    what = "The parameter MasterUserPassword is not a valid password"
    if password and len(password) < SHORTEST_PASSWORD:
        yield "InvalidParameterValue", f"{what} because it is shorter than {SHORTEST_PASSWORD} characters."
    longest = LONGEST_AURORA_PASSWORD if engine.startswith("aurora") else LONGEST_PASSWORD.get(family(engine), 128)
    if len(password) > longest:
        yield "InvalidParameterValue", f"{what} because it is longer than {longest} characters."
    if re.search(r'[/@" ]|[^ -~]', password):
        yield (
            "InvalidParameterValue",
            (f"{what}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."),
        )


def _bad_database(name: str, engine: str) -> Iterator[Refusal]:
    kind = family(engine)
    if not name or not kind:
        return
    if not DATABASE_NAME.fullmatch(name):
        yield "InvalidParameterValue", "DatabaseName must begin with a letter and contain only alphanumeric characters."
    if len(name) > LONGEST_DATABASE_NAME[kind]:
        yield "InvalidParameterValue", f"DatabaseName must have at most {LONGEST_DATABASE_NAME[kind]} characters."
    if is_reserved_database(engine, name):
        yield "InvalidParameterValue", f"DatabaseName {name} cannot be used. It is a reserved word for this engine"


def _bad_storage(wanted: Wanted, engine: str, now: int) -> Iterator[Refusal]:
    kind = wanted.get("StorageType") or ("io1" if wanted.get("Iops") else "gp2")
    size = int(_number(wanted.get("AllocatedStorage")) or 0)
    # A restore takes the size of its source.
    restored = wanted.get("DBSnapshotIdentifier") or wanted.get("SourceDBInstanceIdentifier")
    if size < max(now, SMALLEST_STORAGE.get(kind, 20)) and not (restored and not size):
        yield (
            "InvalidParameterCombination",
            (f"Invalid storage size for engine name {engine} and storage type {kind}: {size}"),
        )


def _bad_upgrade(engine: str, now: str, wanted: str, allowed: bool) -> Iterator[Refusal]:
    if wanted.isdigit() and now.startswith(f"{wanted}."):
        return  # a major version alone stands for any of its minor versions
    old, new = _parts(now), _parts(wanted)
    if new < old:
        yield "InvalidParameterCombination", f"Cannot upgrade {engine} from {now} to {wanted}"
    elif family(engine) == "postgres" and new[:1] > old[:1] and not allowed:
        yield (
            "InvalidParameterCombination",
            ("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."),
        )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _number(text: str | None) -> float | None:
    try:
        return None if text is None or text == "" else float(text)
    except ValueError:
        return None
