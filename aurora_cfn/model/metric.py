"""Metrics of CloudWatch and their points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from aurora_cfn.model.rds_database import EventSource

Statistic: TypeAlias = Literal["Average", "Minimum", "Maximum", "Sum"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One statistic of a metric in AWS/RDS, of a cluster or an instance."""

    name: str
    kind: EventSource
    identifier: str
    statistic: Statistic = "Average"


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a period that begins at that moment, in UTC."""

    at: datetime
    value: float
