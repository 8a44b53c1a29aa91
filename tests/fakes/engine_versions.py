"""RDS's offer in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_cfn.errors import AwsError
from aurora_cfn.facts.offered import EngineOffer


@dataclass(slots=True)
class FakeEngineVersions:
    """The port EngineVersions; an engine that was not put there is refused."""

    offers: dict[str, EngineOffer] = field(default_factory=dict)

    def offer(self, engine: str) -> EngineOffer:
        if engine not in self.offers:
            raise AwsError(f"DescribeDBEngineVersions: no {engine}", operation="DescribeDBEngineVersions", code="X")
        return self.offers[engine]
