"""What RDS offers, on boto3: every version of an engine, and how long its majors are supported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.facts.offered import Capacity, EngineOffer

STANDARD = "open-source-rds-standard-support"


class AwsEngineVersions:
    """The port EngineVersions."""

    def __init__(self, session: Session) -> None:
        """Take the session; the client is made with the first question."""
        self._session = session

    def offer(self, engine: str) -> EngineOffer:
        """All versions of the engine that can be created, and the ends of standard support. Raises AwsError."""
        rds = self._session.client("rds")
        with translated("DescribeDBEngineVersions"):
            pages = rds.get_paginator("describe_db_engine_versions").paginate(Engine=engine)
            capacities = {row["EngineVersion"]: _capacity(row) for page in pages for row in page["DBEngineVersions"]}
        with translated("DescribeDBMajorEngineVersions"):
            majors = rds.get_paginator("describe_db_major_engine_versions").paginate(Engine=engine)
            ends = {name: day for page in majors for row in page["DBMajorEngineVersions"] for name, day in _ends(row)}
        return EngineOffer(engine, capacities, ends)


def _capacity(row: Mapping[str, Any]) -> Capacity:
    found = row.get("ServerlessV2FeaturesSupport", {})
    return (found["MinCapacity"], found["MaxCapacity"]) if {"MinCapacity", "MaxCapacity"} <= found.keys() else None


def _ends(row: Mapping[str, Any]) -> list[tuple[str, date]]:
    rows = row.get("SupportedEngineLifecycles", ())
    return [
        (row["MajorEngineVersion"], life["LifecycleSupportEndDate"].astimezone(UTC).date())
        for life in rows
        if life.get("LifecycleSupportName") == STANDARD and life.get("LifecycleSupportEndDate")
    ]
