"""Engine versions: how they are written, what they can do, and until when they are supported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, TypeAlias

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered

Feature: TypeAlias = Literal["serverless-v2", "scale-to-zero", "data-api", "256-acu", "io-optimized"]
NOTICE: Final = timedelta(days=90)
"""How long before the end of a version's support the warning starts."""
_POSTGRESQL: Final = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(-limitless)?\Z")
_MYSQL: Final = re.compile(r"\d+\.\d+\.mysql_aurora\.(\d+(?:\.\d+)*)\Z")
_MYSQL_MAJORS: Final = {"5.7": (2,), "8.0": (3,), "8.4": (8,)}
"""MySQL's major version to the one that Aurora MySQL counts, in which its versions are compared."""


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """A version as compared: PostgreSQL 16.3 is (16, 3), Aurora MySQL 8.0.mysql_aurora.3.08.0 is (3, 8, 0)."""

    engine: str
    text: str
    numbers: tuple[int, ...]

    @property
    def major(self) -> str:
        """The major version in the engine's own counting."""
        return str(self.numbers[0])

    @property
    def is_pinned(self) -> bool:
        """Whether a minor version is named, not a major alone."""
        return len(self.numbers) > 1

    @property
    def is_limitless(self) -> bool:
        """Whether it is a version of Aurora PostgreSQL Limitless Database."""
        return self.text.endswith("-limitless")

    @property
    def short(self) -> str:
        """The version without MySQL's prefix, as people say it."""
        return self.text.rpartition("mysql_aurora.")[2]


def read_version(engine: str, text: str) -> EngineVersion | None:
    """A text as a version of an Aurora engine; None when it is not one."""
    if engine == "aurora-postgresql":
        found = _POSTGRESQL.match(text)
        numbers = tuple(int(part) for part in found.groups()[:3] if part) if found else ()
    elif engine == "aurora-mysql":
        named = _MYSQL.match(text)
        numbers = tuple(int(part) for part in named[1].split(".")) if named else _MYSQL_MAJORS.get(text, ())
    else:
        return None
    return EngineVersion(engine, text, numbers) if numbers else None


def supports(version: EngineVersion, feature: Feature, offered: Offered = NOTHING_OFFERED) -> bool | None:
    """Whether a version has the feature; None for a bare major and for what the facts do not say.

    What RDS offered itself counts before the facts that came with the program.
    """
    asked = _offered(version, feature, offered)
    if asked is not None:
        return asked
    gate = read_facts("gates")["gates"][feature].get(version.engine)
    if gate is None:
        return None
    first = {row.numbers[0]: row.numbers for row in _known(version.engine, gate["first"])}
    major = version.numbers[0]
    if major in first:
        return version.numbers >= first[major] if version.is_pinned else None
    later: bool | None = gate["later_majors"]
    return False if major < min(first) else later


def _offered(version: EngineVersion, feature: Feature, offered: Offered) -> bool | None:
    there, capacity = offered.version(version.engine, version.text)
    if not there or feature in {"data-api", "io-optimized"}:
        return None
    if capacity is None:
        return False
    return {"serverless-v2": True, "scale-to-zero": capacity[0] == 0, "256-acu": capacity[1] >= 256}[feature]


def first_with(engine: str, feature: Feature) -> str:
    """The first versions with a feature in words, such as `13.15, 14.12, 15.7 or 16.3`."""
    rows: list[str] = read_facts("gates")["gates"][feature][engine]["first"]
    return f"{', '.join(rows[:-1])} or {rows[-1]}" if len(rows) > 1 else rows[0]


def family(version: EngineVersion) -> str | None:
    """The parameter group family of a version, None when the facts do not know its major."""
    found: str | None = _major(version).get("family")
    return found


def is_lts(version: EngineVersion) -> bool:
    """Whether the version is a long-term support release, which AWS keeps from minor upgrades."""
    return any(f"{version.short}.".startswith(f"{row}.") for row in _major(version).get("lts", []))


def support_ends(version: EngineVersion, offered: Offered = NOTHING_OFFERED) -> date | None:
    """The last day of the major version's standard support."""
    names = {number: name for name, (number,) in _MYSQL_MAJORS.items()} if version.engine == "aurora-mysql" else {}
    asked = offered.support_end(version.engine, names.get(version.numbers[0], version.major))
    return asked or _day(_major(version).get("support_ends"))


def minor_ends(version: EngineVersion) -> date | None:
    """The last day of the minor version, None when the facts do not say."""
    return _day(_engine(version.engine).get("minors_end", {}).get(version.short))


def support_days(offered: Offered = NOTHING_OFFERED) -> frozenset[date]:
    """Every day on which some support ends."""
    shipped = (day for engine in read_facts("engines")["engines"].values() for day in _ends(engine))
    asked = (day for offer in offered.engines.values() for day in offer.support_ends.values())
    return frozenset((*shipped, *asked))


def _ends(engine: dict[str, Any]) -> Iterator[date]:
    texts = (*(row["support_ends"] for row in engine["majors"].values()), *engine["minors_end"].values())
    yield from (date.fromisoformat(text) for text in texts if text)


def _engine(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_facts("engines")["engines"].get(name, {})
    return found


def _major(version: EngineVersion) -> dict[str, Any]:
    found: dict[str, Any] = _engine(version.engine).get("majors", {}).get(version.major, {})
    return found


def _known(engine: str, texts: list[str]) -> Iterator[EngineVersion]:
    for text in texts:
        numbers = tuple(int(part) for part in text.split("."))
        yield EngineVersion(engine, text, numbers)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
