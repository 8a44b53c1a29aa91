"""The port EngineVersions on boto3: what RDS offers in a region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.facts.offered import Capacity, EngineOffer, FamilyParameters

if TYPE_CHECKING:
    from mypy_boto3_rds import RDSClient

STANDARD = "open-source-rds-standard-support"
"""Name of standard support in SupportedEngineLifecycles; the other one is Extended Support."""


@dataclass(frozen=True, slots=True)
class AwsEngineVersions:
    """The port EngineVersions."""

    session: Session

    def offer(self, engine: str) -> EngineOffer:
        rds = self.session.client("rds")
        rows = every_row(rds, "describe_db_engine_versions", "DBEngineVersions", dict, Engine=engine)
        with translated("DescribeDBEngineVersions"):
            capacities = {row["EngineVersion"]: _capacity(row) for row in rows}
        majors = every_row(rds, "describe_db_major_engine_versions", "DBMajorEngineVersions", _ends, Engine=engine)
        ends = {name: day for rows_of_major in majors for name, day in rows_of_major}
        # Parameters belong to families, which many versions share.
        families = sorted({row["DBParameterGroupFamily"] for row in rows if row.get("DBParameterGroupFamily")})
        return EngineOffer(engine, capacities, ends, {name: _parameters(rds, name) for name in families})


def _parameters(rds: RDSClient, family: str) -> FamilyParameters:
    with translated("DescribeEngineDefaultClusterParameters"):
        pages = rds.get_paginator("describe_engine_default_cluster_parameters").paginate(DBParameterGroupFamily=family)
        cluster = _types(row for page in pages for row in page.get("EngineDefaults", {}).get("Parameters", ()))
    with translated("DescribeEngineDefaultParameters"):
        defaults = rds.get_paginator("describe_engine_default_parameters").paginate(DBParameterGroupFamily=family)
        instance = _types(row for page in defaults for row in page.get("EngineDefaults", {}).get("Parameters", ()))
    return FamilyParameters(cluster, instance)


def _types(rows: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """The modifiable parameters; True if a parameter is static (applied with a reboot)."""
    return {row["ParameterName"]: row.get("ApplyType") == "static" for row in rows if row.get("IsModifiable")}


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
