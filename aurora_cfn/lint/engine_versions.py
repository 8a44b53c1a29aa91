"""Engine versions that exist, from the schemas of cfn-lint, and those that are newer than them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import cfnlint

from aurora_cfn.lint.found import Found
from aurora_cfn.lint.refusals import is_literal
from aurora_cfn.lint.variant import Variant

Kind: TypeAlias = Literal["aws_rds_dbcluster", "aws_rds_dbinstance"]
KINDS: Final[dict[str, Kind]] = {
    "AWS::RDS::DBCluster": "aws_rds_dbcluster",
    "AWS::RDS::DBInstance": "aws_rds_dbinstance",
    "AWS::RDS::GlobalCluster": "aws_rds_dbcluster",
}
_SCHEMAS: Final = Path(cfnlint.__file__).parent / "data/schemas/extensions"
# Aurora and RDS publish about four minor versions of a major in a year, and cfn-lint's list is some months old.
_MINORS_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Written:
    """The EngineVersion of a resource: `text` for the engine, in place (`literal`) or through a function."""

    found: Found
    kind: Kind
    engine: str
    text: str
    literal: bool


def written_versions(variant: Variant) -> Iterator[Written]:
    """Every known EngineVersion, but for those that RDS itself has offered: they exist."""
    for resource in variant.resources(*KINDS):
        found, engine = resource.get("EngineVersion"), (resource.get("Engine").text or "").lower()
        text = found.text or ""
        offered, _ = variant.offered.version(engine, text)
        if text and not offered and "{{resolve:" not in text:
            yield Written(found, KINDS[resource.type], engine, text, is_literal(resource, found))


@cache
def known_versions(kind: Kind, engine: str) -> frozenset[str]:
    """Versions of an engine, withdrawn ones too; empty for an engine that cfn-lint does not know."""
    for row in _rows(kind, "engine_version"):
        if row["if"]["properties"]["Engine"].get("const") == engine:
            return frozenset(row["then"]["properties"]["EngineVersion"]["enum"])
    return frozenset()


@cache
def withdrawn_versions(kind: Kind, engine: str) -> frozenset[str]:
    """Versions that RDS no longer offers for a new database. A major version alone is always offered."""
    for row in _rows(kind, "engine_version_deprecated"):
        if row["if"]["properties"]["Engine"].get("const") == engine:
            listed = row["if"]["properties"]["EngineVersion"]["enum"]
            return frozenset(text for text in listed if not is_major(engine, text))
    return frozenset()


def is_major(engine: str, text: str) -> bool:
    """Whether a version names a major version alone, such as 16, 8.0 of MySQL, or 10.11 of MariaDB."""
    # RDS takes such a version and chooses the minor (RDS User Guide, Versions of MariaDB, MySQL and PostgreSQL).
    form = r"\d{2}\.\d{1,2}" if engine == "mariadb" else r"\d{2}|[58]\.\d"
    return re.fullmatch(form, text) is not None


def is_listed_major(kind: Kind, engine: str, text: str) -> bool:
    """Whether a major version alone is one of a listed minor, as 8.0 of RDS for MySQL: RDS chooses the minor."""
    numbers = _numbers(text)
    return is_major(engine, text) and any(
        _numbers(row)[: len(numbers)] == numbers for row in known_versions(kind, engine)
    )


def may_be_newer(kind: Kind, engine: str, text: str) -> bool:
    """Whether an unlisted version is a listed major alone, up to four minors newer than the newest, or a next major."""
    numbers = _numbers(text)
    # Versions of SQL Server and Db2 end in letters: of those nothing is compared.
    known = [row for row in map(_numbers, known_versions(kind, engine)) if row]
    if not numbers or not known:
        return True
    if is_listed_major(kind, engine, text):
        return True
    majors = [row for row in known if row[:1] == numbers[:1]]
    if not majors:
        return numbers[0] == max(row[0] for row in known) + 1
    # Of 17.12 the first number names the series of minors; of Aurora MySQL's 3.10.7 the first two do.
    size = 1 if len(numbers) == 2 else 2
    newest = max(row for row in majors if len(row) > 1)
    # Newer are 17.12 after 17.11, 3.14.0 after 3.13.0, and 3.10.7 after 3.10.6.
    same = [row for row in majors if row[:size] == numbers[:size] and len(row) > size]
    if size == 2 and same:
        return max(row[2] for row in same) < numbers[2] <= max(row[2] for row in same) + _MINORS_AHEAD
    return newest[1] < numbers[1] <= newest[1] + _MINORS_AHEAD


def _numbers(text: str) -> tuple[int, ...]:
    """A version to be compared: 8.0.mysql_aurora.3.13.0 is (3, 13, 0); nothing for another form."""
    plain = text.rpartition("mysql_aurora.")[2]
    return tuple(int(part) for part in plain.split(".")) if re.fullmatch(r"\d+(\.\d+)*", plain) else ()


@cache
def _rows(kind: Kind, name: str) -> list[dict[str, Any]]:
    content: dict[str, Any] = json.loads((_SCHEMAS / kind / f"{name}.json").read_text(encoding="utf-8"))
    return list(content["allOf"])
