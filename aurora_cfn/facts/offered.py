"""Engine versions as RDS itself offered them in one region: fresher than the facts that came with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from aurora_cfn.facts.reading import read_facts

Capacity: TypeAlias = tuple[float, float] | None
"""The lowest and highest ACU of a version, None where it is not for serverless."""


@dataclass(frozen=True, slots=True)
class EngineOffer:
    """What RDS offers of one engine: versions with their capacities, and the last day of each major's support."""

    engine: str
    capacities: Mapping[str, Capacity]
    support_ends: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Offered:
    """What was offered on a day in a region, by engine; no day means that nobody asked."""

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


NOTHING_OFFERED = Offered()


def offered_text(offers: Sequence[EngineOffer], *, region: str, today: date) -> str:
    """What RDS answered, as JSON with its day and its source."""
    engines = {
        offer.engine: {
            "versions": offer.capacities,
            "support_ends": {name: day.isoformat() for name, day in offer.support_ends.items()},
        }
        for offer in offers
    }
    source = f"Amazon RDS in {region}: DescribeDBEngineVersions, DescribeDBMajorEngineVersions"
    content = {"as_of": today.isoformat(), "sources": [source], "region": region}
    return json.dumps(content | {"engines": engines}, indent=1) + "\n"


@lru_cache(maxsize=4)
def read_offered(path: str) -> Offered:
    """What the file holds; nothing at all when there is none or it is damaged, so that the shipped facts count."""
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
    return EngineOffer(engine, capacities, {n: date.fromisoformat(day) for n, day in row["support_ends"].items()})


def facts_day(path: Path) -> date:
    """The day of the newest facts about engine versions: those that RDS gave, or those that came with the program."""
    shipped = date.fromisoformat(read_facts("engines")["as_of"])
    return max(shipped, read_offered(str(path)).as_of or shipped)
