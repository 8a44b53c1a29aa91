"""Metrics of CloudWatch and of Performance Insights, and their points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from aurora_cfn.model.rds_database import EventSource

Statistic: TypeAlias = Literal["Average", "Minimum", "Maximum", "Sum"]
Grouping: TypeAlias = Literal["total", "wait", "statement"]
"""What active sessions are grouped by: not at all, by wait event, by statement without its values."""


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


@dataclass(frozen=True, slots=True)
class LoadPart:
    """Average active sessions over time: all of an instance, or those of a wait event or a statement (`name`)."""

    by: Grouping
    name: str
    points: tuple[Point, ...]
