"""Engine versions and parameters as RDS itself offers them in one region: fresher than the facts of the program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from aurora_cfn.facts import read_facts

OPERATIONS = (
    "DescribeDBEngineVersions",
    "DescribeDBMajorEngineVersions",
    "DescribeEngineDefaultClusterParameters",
    "DescribeEngineDefaultParameters",
)
"""The API calls whose answers are stored."""
Capacity: TypeAlias = tuple[float, float] | None
"""The lowest and highest ACU of a version, None where it is not for serverless."""


@dataclass(frozen=True, slots=True)
class FamilyParameters:
    """What can be set in the parameter groups of a family: names, each with whether it waits for a reboot."""

    cluster: Mapping[str, bool]
    instance: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class EngineOffer:
    """What RDS offers of one engine.

    Versions with their capacities, the last day of each major's support, and the parameters of each family.
    """

    engine: str
    capacities: Mapping[str, Capacity]
    support_ends: Mapping[str, date]
    families: Mapping[str, FamilyParameters] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offered:
    """What RDS offers in a region, by engine; `as_of` is None before the first refresh."""

    as_of: date | None = None
    region: str = ""
    engines: Mapping[str, EngineOffer] = field(default_factory=dict)

    def version(self, engine: str, text: str) -> tuple[bool, Capacity]:
        """Whether the version was offered, and its capacities."""
        offer = self.engines.get(engine)
        return (False, None) if offer is None else (text in offer.capacities, offer.capacities.get(text))

    def support_end(self, engine: str, major: str) -> date | None:
        """The last day of standard support of a major version as RDS writes it, such as 17 or 8.0."""
        offer = self.engines.get(engine)
        return None if offer is None else offer.support_ends.get(major)

    def parameters(self, family: str) -> FamilyParameters | None:
        """The parameters of a family such as `aurora-postgresql17`; None before the first refresh."""
        return next((offer.families[family] for offer in self.engines.values() if family in offer.families), None)


NOTHING_OFFERED = Offered()


def offered_text(offers: Sequence[EngineOffer], *, region: str, today: date) -> str:
    """What RDS answered, as JSON with its day and its source."""
    engines = {
        offer.engine: {
            "versions": offer.capacities,
            "support_ends": {name: day.isoformat() for name, day in offer.support_ends.items()},
            "families": {
                name: {"cluster": _by_type(row.cluster), "instance": _by_type(row.instance)}
                for name, row in offer.families.items()
            },
        }
        for offer in offers
    }
    source = f"Amazon RDS in {region}: {', '.join(OPERATIONS)}"
    content = {"as_of": today.isoformat(), "sources": [source], "region": region}
    return json.dumps(content | {"engines": engines}, indent=1) + "\n"


# The versions of a region are some 100 KiB of JSON, and read for each stack of a run.
@lru_cache(maxsize=4)
def read_offered(path: str) -> Offered:
    """What the file holds; NOTHING_OFFERED for a missing or damaged file, so that the shipped facts count."""
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        return Offered(
            as_of=date.fromisoformat(content["as_of"]),
            region=str(content["region"]),
            engines={name: _offer(name, row) for name, row in content["engines"].items()},
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return NOTHING_OFFERED


def _offer(engine: str, row: Any) -> EngineOffer:
    capacities = {
        name: None if pair is None else (float(pair[0]), float(pair[1])) for name, pair in row["versions"].items()
    }
    ends = {name: date.fromisoformat(day) for name, day in row["support_ends"].items()}
    # A file of an earlier version has no families.
    families = {
        name: FamilyParameters(_by_name(kinds["cluster"]), _by_name(kinds["instance"]))
        for name, kinds in row.get("families", {}).items()
    }
    return EngineOffer(engine, capacities, ends, families)


def _by_type(parameters: Mapping[str, bool]) -> dict[str, list[str]]:
    return {
        "static": sorted(name for name, static in parameters.items() if static),
        "dynamic": sorted(name for name, static in parameters.items() if not static),
    }


def _by_name(types: Mapping[str, Sequence[str]]) -> dict[str, bool]:
    return {name: kind == "static" for kind in ("dynamic", "static") for name in types[kind]}


def facts_day(path: Path) -> date:
    """The day of the newest facts about engine versions: those that RDS gave, or those that came with the program."""
    shipped = date.fromisoformat(read_facts("engines")["as_of"])
    return max(shipped, read_offered(str(path)).as_of or shipped)
