"""The port EngineVersions on botocore: what RDS offers in a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.facts.offered import Capacity, EngineOffer, FamilyParameters

STANDARD = "open-source-rds-standard-support"
"""Name of standard support in SupportedEngineLifecycles; the other one is Extended Support."""


@dataclass(frozen=True, slots=True)
class AwsEngineVersions:
    """The port EngineVersions."""

    session: Session

    def offer(self, engine: str) -> EngineOffer:
        rds = self.session.rds
        rows = every_row(rds, "describe_db_engine_versions", "DBEngineVersions", dict, Engine=engine)
        with translated("DescribeDBEngineVersions"):
            capacities = {row["EngineVersion"]: _capacity(row) for row in rows}
        majors = every_row(rds, "describe_db_major_engine_versions", "DBMajorEngineVersions", _ends, Engine=engine)
        ends = {name: day for rows_of_major in majors for name, day in rows_of_major}
        # Parameters belong to families, which many versions share.
        families = sorted({row["DBParameterGroupFamily"] for row in rows if row.get("DBParameterGroupFamily")})
        return EngineOffer(engine, capacities, ends, {name: _parameters(rds, name) for name in families})


def _parameters(rds: Any, family: str) -> FamilyParameters:
    cluster = _modifiable(rds, "describe_engine_default_cluster_parameters", family)
    return FamilyParameters(cluster, _modifiable(rds, "describe_engine_default_parameters", family))


def _modifiable(rds: Any, method: str, family: str) -> dict[str, bool]:
    """The modifiable parameters of the family; True if a parameter is static (applied with a reboot)."""
    with translated(rds.meta.method_to_api_mapping[method]):
        pages = rds.get_paginator(method).paginate(DBParameterGroupFamily=family)
        rows = [row for page in pages for row in page.get("EngineDefaults", {}).get("Parameters", ())]
        return {row["ParameterName"]: row.get("ApplyType") == "static" for row in rows if row.get("IsModifiable")}


def _capacity(row: Mapping[str, Any]) -> Capacity:
    found = row.get("ServerlessV2FeaturesSupport", {})
    # Versions without Aurora Serverless v2 have neither.
    return (found["MinCapacity"], found["MaxCapacity"]) if {"MinCapacity", "MaxCapacity"} <= found.keys() else None


def _ends(row: Mapping[str, Any]) -> list[tuple[str, date]]:
    rows = row.get("SupportedEngineLifecycles", ())
    return [
        (row["MajorEngineVersion"], life["LifecycleSupportEndDate"].astimezone(UTC).date())
        for life in rows
        if life.get("LifecycleSupportName") == STANDARD and life.get("LifecycleSupportEndDate")
    ]
