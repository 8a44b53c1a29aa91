"""What Amazon RDS refuses of a request to create or modify a database, with its error codes and sentences.

Sources: Amazon RDS API Reference (limits of each parameter, read 2026-11); the sentences are those that users of
CloudFormation and other tools report from their deployments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from aurora_cfn.facts.reserved_words import is_reserved_database, reserved_prefixes, reserved_users
from aurora_cfn.model.rds_database import IDENTIFIER, LONGEST_IDENTIFIER

Wanted: TypeAlias = Mapping[str, str]
"""The parameters of a request as text, nested ones under names such as `A.B`; absent where they are not given."""

VALUE, COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
IDENTIFIER_RULE = (
    "Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
    "and must not end with a hyphen or contain two consecutive hyphens."
)
DATABASE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST_DATABASE_NAME = {"postgres": 63, "mysql": 64}
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, {"postgres": 128, "mysql": 41}
LONGEST_AURORA_PASSWORD = 41  # whichever its engine
SMALLEST_STORAGE = {"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}
"""GiB by storage type, for MySQL, MariaDB and PostgreSQL."""
LARGEST_CAPACITY = 256.0  # ACU of Aurora Serverless v2 since 2024
ENGINES = frozenset({"aurora-postgresql", "aurora-mysql", "postgres", "mysql", "mariadb"})
OTHER_ENGINES = ("oracle-", "sqlserver-", "custom-", "db2-", "neptune", "docdb")
CLUSTER, INSTANCE = "DBClusterIdentifier", "DBInstanceIdentifier"
WITH_STORAGE = ("postgres", "mysql", "mariadb")


class RefusedError(Exception):
    """RDS refuses a request, with the code, the message and the HTTP status of its answer."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        """The message is in the words of RDS."""
        super().__init__(message)
        self.code, self.status = code, status


def _refuse_if(wrong: bool, message: str, code: str = VALUE) -> None:
    if wrong:
        raise RefusedError(code, message)


def check_new(wanted: Wanted, identifier: str) -> None:
    """Raise RefusedError for a wrong new cluster or instance; `identifier` is the name of its own parameter."""
    engine, is_instance = wanted.get("Engine", ""), identifier == INSTANCE
    is_member = is_instance and bool(wanted.get(CLUSTER))
    _refuse_if(engine not in ENGINES and not engine.startswith(OTHER_ENGINES), "Invalid DB engine")
    _check_identifier(identifier, wanted.get(identifier, ""))
    _check_capacity(wanted)
    alone = f"Engine {engine} requires that the DB instance belongs to a DB cluster: give DBClusterIdentifier."
    _refuse_if(is_instance and engine.startswith("aurora") and not is_member, alone, COMBINATION)
    if not is_member:
        _check_master(wanted, engine)
        _check_database(wanted.get("DatabaseName") or wanted.get("DBName") or "", engine)
    if is_instance and engine in WITH_STORAGE:
        _check_storage(wanted, engine, 0)


def check_change(wanted: Wanted, record: Mapping[str, Any]) -> None:
    """Raise RefusedError for a wrong change of a cluster or instance; `record` is what it is now."""
    engine = str(record.get("Engine", ""))
    for name in ("NewDBClusterIdentifier", "NewDBInstanceIdentifier"):
        if wanted.get(name):
            _check_identifier(name, wanted[name])
    _check_capacity(wanted)
    _check_password(wanted.get("MasterUserPassword", ""), engine)
    version, now = wanted.get("EngineVersion", ""), str(record.get("EngineVersion", ""))
    if version and now and version != now:
        _check_upgrade(engine, now, version, wanted.get("AllowMajorVersionUpgrade", "") == "true")
    if wanted.get("AllocatedStorage") and engine in WITH_STORAGE:
        _check_storage(wanted, engine, int(record.get("AllocatedStorage") or 0))


def family(engine: str) -> str:
    """`postgres` or `mysql`; empty for engines of other kinds."""
    return "postgres" if "postgres" in engine else "mysql" if engine in ("aurora-mysql", "mysql", "mariadb") else ""


def _check_identifier(parameter: str, name: str) -> None:
    wrong = len(name) > LONGEST_IDENTIFIER or not IDENTIFIER.fullmatch(name)
    _refuse_if(wrong, f"The parameter {parameter} is not a valid identifier. {IDENTIFIER_RULE}")


def _check_capacity(wanted: Wanted) -> None:
    scaling = "ServerlessV2ScalingConfiguration"
    lowest, highest = (_number(wanted.get(f"{scaling}.{name}Capacity")) for name in ("Min", "Max"))
    for word, value, least in (("minimum", lowest, 0.0), ("maximum", highest, 1.0)):
        if value is not None:
            what = f"Serverless v2 {word} capacity {value} isn't valid. The {word} capacity must be"
            _refuse_if(value < least, f"{what} at least {least}.")
            _refuse_if(value > LARGEST_CAPACITY, f"{what} at most {LARGEST_CAPACITY}.")
            _refuse_if(value * 2 != int(value * 2), f"{what} a multiple of 0.5.")
    _refuse_if(
        lowest is not None and highest is not None and lowest > highest,
        f"Serverless v2 minimum capacity {lowest} isn't valid. It must not exceed the maximum capacity {highest}.",
    )
    pause = _number(wanted.get(f"{scaling}.SecondsUntilAutoPause"))
    if pause is not None:
        _refuse_if(not 300 <= pause <= 86_400, "SecondsUntilAutoPause must be between 300 and 86400.")
        only = "SecondsUntilAutoPause can only be specified when minimum capacity is 0."
        _refuse_if(bool(lowest), only, COMBINATION)


def _check_master(wanted: Wanted, engine: str) -> None:
    user = wanted.get("MasterUsername", "")
    # Users that an engine has already are refused too: the local server could not create them.
    reserved = user.lower() in reserved_users(engine, avoided=True) or user.lower().startswith(
        reserved_prefixes(engine)
    )
    _refuse_if(reserved, f"MasterUsername {user} cannot be used as it is a reserved word used by the engine")
    wrong = bool(user) and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", user)
    _refuse_if(wrong, f"The parameter MasterUsername {user} is not valid: it begins with a letter.")
    _check_password(wanted.get("MasterUserPassword", ""), engine)


def _check_password(password: str, engine: str) -> None:
    what = "The parameter MasterUserPassword is not a valid password"
    longest = LONGEST_AURORA_PASSWORD if engine.startswith("aurora") else LONGEST_PASSWORD.get(family(engine), 128)
    too_short = bool(password) and len(password) < SHORTEST_PASSWORD
    _refuse_if(too_short, f"{what} because it is shorter than {SHORTEST_PASSWORD} characters.")
    _refuse_if(len(password) > longest, f"{what} because it is longer than {longest} characters.")
    other = bool(re.search(r'[/@" ]|[^ -~]', password))
    _refuse_if(other, f"{what}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.")


def _check_database(name: str, engine: str) -> None:
    kind = family(engine)
    if not name or not kind:
        return
    wrong, longest = not DATABASE_NAME.fullmatch(name), LONGEST_DATABASE_NAME[kind]
    _refuse_if(wrong, "DatabaseName must begin with a letter and contain only alphanumeric characters.")
    _refuse_if(len(name) > longest, f"DatabaseName must have at most {longest} characters.")
    reserved = f"DatabaseName {name} cannot be used. It is a reserved word for this engine"
    _refuse_if(is_reserved_database(engine, name), reserved)


def _check_storage(wanted: Wanted, engine: str, now: int) -> None:
    kind = wanted.get("StorageType") or ("io1" if wanted.get("Iops") else "gp2")
    size = int(_number(wanted.get("AllocatedStorage")) or 0)
    # A restore takes the size of its source.
    restored = wanted.get("DBSnapshotIdentifier") or wanted.get("SourceDBInstanceIdentifier")
    wrong = size < max(now, SMALLEST_STORAGE.get(kind, 20)) and not (restored and not size)
    _refuse_if(wrong, f"Invalid storage size for engine name {engine} and storage type {kind}: {size}", COMBINATION)


def _check_upgrade(engine: str, now: str, wanted: str, allowed: bool) -> None:
    if now.startswith(f"{wanted}."):
        return  # a major version alone stands for any of its minor versions
    old, new = _parts(now), _parts(wanted)
    _refuse_if(new < old, f"Cannot upgrade {engine} from {now} to {wanted}", COMBINATION)
    # PostgreSQL's major version is one number, that of MySQL and MariaDB two.
    size = {"postgres": 1, "mysql": 2}.get(family(engine), 0)
    major = new[:size] > old[:size]
    flag = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
    _refuse_if(major and not allowed, flag, COMBINATION)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _number(text: str | None) -> float | None:
    try:
        return None if text is None or text == "" else float(text)
    except ValueError:
        return None
